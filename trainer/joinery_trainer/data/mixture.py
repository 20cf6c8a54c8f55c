"""
A part of several public sets that teaches more than one of them alone: BIRD's schemas and ways of asking, Spider-Syn's words that are not the
schema's, and Spider's own, questions over several tables first. Databases are drawn in turn.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from joinery_trainer.data.in_turn import in_turn
from joinery_trainer.data.pairs import Pair
from joinery_trainer.sql.clauses import table_count

#: Shares 0..1 of the sets; what is not there leaves its share to the others.
_BY_SET = {"bird": 0.5, "spider-syn": 0.25, "spider": 0.25}
#: Shares 0..1 of the pairs taken over one table, two, three and more.
_BY_TABLES = (0.25, 0.42, 0.33)


def mixture(pairs: Sequence[Pair], wanted: int, seed: int) -> list[Pair]:
    """Return about ``wanted`` of the pairs, fewer where a set has too few over so many tables. The same seed gives the same pairs."""
    by_set = {name: [pair for pair in pairs if pair.source.split(":")[0] == name] for name in _BY_SET}
    whole = sum(share for name, share in _BY_SET.items() if by_set[name])
    chance = random.Random(seed)
    taken: list[Pair] = []
    for name, share in _BY_SET.items():
        pools: list[list[Pair]] = [[] for _ in _BY_TABLES]
        for pair in by_set[name]:
            pools[min(max(table_count(pair.sql), 1), len(pools)) - 1].append(pair)
        for pool, part in zip(pools, _BY_TABLES, strict=True):
            taken += in_turn(pool, round(wanted * share / whole * part) if pool else 0, chance)
    return sorted(taken, key=lambda pair: (pair.db, pair.id))
