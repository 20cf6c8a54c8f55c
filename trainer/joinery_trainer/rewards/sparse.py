"""The sparse reward of larger models (Arctic-Text2SQL-R1, https://arxiv.org/abs/2505.20315): 1 for right rows, 0.1 for any, else 0."""

from __future__ import annotations

from joinery_trainer.rewards.judge import Judgement
from joinery_trainer.rewards.profile import Components, RewardProfile


class SparseReward(RewardProfile):
    """Almost all of it for a match."""

    __name__ = "sparse"

    def weigh(self, judgement: Judgement, gold_sql: str) -> Components:
        """Weigh one judgement."""
        match judgement.finding:
            case "match":
                return Components(result=1)
            case "different":
                return Components(execution=0.1)
            case _:
                return Components()
