"""Seq2SQL's reward (https://arxiv.org/abs/1709.00103): −2 for what does not run, −1 for wrong rows, +1 for right ones."""

from __future__ import annotations

from joinery_trainer.rewards.judge import Judgement
from joinery_trainer.rewards.profile import Components, RewardProfile


class Seq2SqlReward(RewardProfile):
    """One number for each of three outcomes; an ill-formed completion does not run."""

    __name__ = "seq2sql"

    def weigh(self, judgement: Judgement, gold_sql: str) -> Components:
        """Weigh one judgement."""
        match judgement.finding:
            case "match":
                return Components(result=1)
            case "different":
                return Components(result=-1)
            case _:
                return Components(execution=-2)
