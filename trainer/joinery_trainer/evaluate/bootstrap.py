"""
How much better one run is than another on the same questions: the difference of their accuracies with a paired bootstrap interval (Efron 1979,
https://doi.org/10.1214/aos/1176344552). Questions are drawn, not answers: both runs are right or wrong on the same draw.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Gain:
    """Accuracies 0..1 before and after, and the interval of their difference."""

    questions: int
    before: float
    after: float
    low: float
    high: float

    @property
    def gain(self) -> float:
        """After less before."""
        return self.after - self.before

    @property
    def is_certain(self) -> bool:
        """True when the whole interval lies above zero: the condition for accepting an adapter."""
        return self.low > 0


def paired_gain(before: Sequence[bool], after: Sequence[bool], *, draws: int = 10_000, confidence: float = 0.95, seed: int = 1) -> Gain:
    """Return the gain from ``before`` to ``after``, question by question in the same order.

    Raises ValueError when the lengths differ or nothing is given. With before = (False, False) and after = (True, True) the gain is 1 and so is
    each draw: the interval is (1, 1).
    """
    if len(before) != len(after) or not before:
        raise ValueError("both runs need the same questions, at least one")
    differences = [int(right) - int(left) for left, right in zip(before, after, strict=True)]
    chance = random.Random(seed)
    count = len(differences)
    sums = sorted(sum(chance.choices(differences, k=count)) for _ in range(draws))
    tail = (1 - confidence) / 2
    low, high = (sums[min(draws - 1, max(0, int(share * draws)))] / count for share in (tail, 1 - tail))
    return Gain(count, sum(before) / count, sum(after) / count, low, high)
