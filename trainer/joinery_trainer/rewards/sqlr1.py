"""SQL-R1's reward (https://arxiv.org/abs/2504.08600, section on reward design) with the holes of its released code closed.

=========  ==================  =======================================  =========
part       well formed         not well formed                          otherwise
=========  ==================  =======================================  =========
format     +1                  −1
execution  +2 when it ran      0                                        −2
result     +3 when rows match  0 (also when it did not run)             −3
length     on a match: ``0.5 · min(1, tokens / most) + tokens(sql) / tokens(answer)``, else 0
=========  ==================  =======================================  =========

Lengths are tokens, not characters. For bare statements there is no thinking to reward: the first half of the length term is left out there, otherwise
padding would pay.
"""

from __future__ import annotations

from joinery_trainer.rewards.judge import Judgement
from joinery_trainer.rewards.profile import Components, RewardProfile

#: Thinking and answer together, in tokens, at which the length term is full for a model of half a billion parameters; the paper has 2,048 for 7B.
MOST_TOKENS = 512


class SqlR1Reward(RewardProfile):
    """Totals: match 7.5 at most, wrong rows 0, does not run −1, ill-formed −1."""

    __name__ = "sqlr1"

    def weigh(self, judgement: Judgement, gold_sql: str) -> Components:
        """Weigh one judgement."""
        match judgement.finding:
            case "ill_formed":
                return Components(format=-1)
            case "failed":
                return Components(format=1, execution=-2)
            case "different":
                return Components(format=1, execution=2, result=-3)
            case _:
                return Components(format=1, execution=2, result=3, length=self._length(judgement))

    def _length(self, judgement: Judgement) -> float:
        read = judgement.completion
        answer = max(self._count(read.answer), 1)
        share = min(self._count(read.sql) / answer, 1.0)
        if self._target != "think":
            return share
        return 0.5 * min(1.0, (self._count(read.think) + answer) / MOST_TOKENS) + share
