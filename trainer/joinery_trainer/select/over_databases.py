"""How sure a difference is when questions come from many databases: a paired bootstrap that draws databases, for questions on one are alike."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence

from joinery_trainer.evaluate.bootstrap import Gain, paired_gain

#: With fewer databases than this a draw of databases says nothing; questions are drawn then.
_LEAST_DATABASES = 5


def gain_over_databases(before: Sequence[bool], after: Sequence[bool], databases: Sequence[str], *, draws: int = 2000, seed: int = 1) -> Gain:
    """Return the gain from ``before`` to ``after`` with a 95 % interval for questions on other databases (cluster bootstrap, Davison & Hinkley 1997).

    Raises ValueError when the lengths differ or nothing is given.
    """
    if not len(before) == len(after) == len(databases):
        raise ValueError("both runs and their databases need the same length")
    if len(set(databases)) < _LEAST_DATABASES:
        return paired_gain(before, after, draws=draws, seed=seed)
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for old, new, database in zip(before, after, databases, strict=True):
        sums[database][0] += int(new) - int(old)
        sums[database][1] += 1
    units = list(sums.values())
    chance = random.Random(seed)
    drawn = (chance.choices(units, k=len(units)) for _ in range(draws))
    means = sorted(sum(total for total, _ in draw) / sum(size for _, size in draw) for draw in drawn)
    low, high = means[int(0.025 * draws)], means[min(draws - 1, int(0.975 * draws))]
    count = len(before)
    return Gain(count, sum(before) / count, sum(after) / count, low, high)
