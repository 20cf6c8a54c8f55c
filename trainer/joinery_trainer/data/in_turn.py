"""Draws over many databases of which none may crowd out the others."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable

from joinery_trainer.data.pairs import Pair


def in_turn(pairs: Iterable[Pair], wanted: int, chance: random.Random) -> list[Pair]:
    """Draw a pair of each database in turn until there are enough or none is left."""
    left: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        left[pair.db].append(pair)
    for pool in left.values():
        chance.shuffle(pool)
    taken: list[Pair] = []
    while left and len(taken) < wanted:
        names = sorted(left)
        chance.shuffle(names)
        for name in names[: wanted - len(taken)]:
            taken.append(left[name].pop())
            if not left[name]:
                del left[name]
    return taken
