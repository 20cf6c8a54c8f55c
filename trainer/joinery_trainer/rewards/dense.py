"""Partial credit for clauses, for models too small to find whole answers often (after FINER-SQL; the constants are those of its released code).

Ill-formed 0, does not run 1, runs ``2 + credit``, rows match 4 (``format 1 + execution 1 + result 2``). The credit is ``e·s + (1 − e)·β·s^γ`` with s
the Jaccard index of both statements' clause atoms: below a half until the statements are nearly the same, so that supersets and constants earn
little, and never as much as a match. It counts only for what ran.
"""

from __future__ import annotations

from joinery_trainer.rewards.judge import Judgement
from joinery_trainer.rewards.profile import Components, RewardProfile
from joinery_trainer.sql.clauses import clause_atoms

_EVEN = 0.30
_BETA = 0.71
_GAMMA = 5.0


class DenseReward(RewardProfile):
    """Format gate, execution, clause credit, match."""

    __name__ = "dense"

    def weigh(self, judgement: Judgement, gold_sql: str) -> Components:
        """Weigh one judgement."""
        match judgement.finding:
            case "ill_formed":
                return Components()
            case "failed":
                return Components(format=1)
            case "different":
                return Components(format=1, execution=1, clauses=clause_credit(judgement.completion.sql, gold_sql))
            case _:
                return Components(format=1, execution=1, result=2)


def clause_credit(predicted_sql: str, gold_sql: str) -> float:
    """Return the credit of one statement against another, 0 to 0.797; 0 when either does not parse."""
    predicted, gold = clause_atoms(predicted_sql), clause_atoms(gold_sql)
    if predicted is None or gold is None:
        return 0.0
    union = (predicted | gold).total()
    similarity = (predicted & gold).total() / union if union else 0.0
    return _EVEN * similarity + (1 - _EVEN) * _BETA * similarity**_GAMMA
