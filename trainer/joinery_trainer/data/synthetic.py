"""
Made pairs over many databases, as an addition to a public set whose questions join too little: what a template asks counts for how many tables it
joins, and databases are drawn in turn, so that neither a large schema nor an easy template crowds out the others.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from math import ceil
from pathlib import Path

from joinery_trainer.data.in_turn import in_turn
from joinery_trainer.data.pairs import Pair
from joinery_trainer.sql.clauses import table_count
from joinery_trainer.synth.generate import Request, synthesise

#: Pairs made of a database for one that is taken: those that join three tables are few among them.
_SPARE = 7
#: Shares 0..1 of the pairs taken over one table, two, three and more.
_BY_TABLES = (0.2, 0.35, 0.45)
#: Joins stand among the harder templates.
_LEVELS = (("easy", 0.1), ("medium", 0.3), ("hard", 0.35), ("extra", 0.25))


def synthetic_pairs(databases: Iterable[Path], wanted: int, seed: int) -> list[Pair]:
    """Return up to ``wanted`` pairs with rows to find, fewer where no schema gives more of a kind. The same seed gives the same pairs."""
    files = sorted(set(databases))
    if not files or wanted <= 0:
        return []
    each = ceil(_SPARE * wanted / len(files))
    pools: list[list[Pair]] = [[] for _ in _BY_TABLES]
    for number, file in enumerate(files):
        made = synthesise(file, Request(each, seed * 1_000 + number, levels=_LEVELS))
        for pair in made.pairs:
            if pair.id not in made.empty:
                pools[min(table_count(pair.sql), len(pools)) - 1].append(replace(pair, id=f"synthetic-{pair.id}"))
    chance = random.Random(seed)
    taken = [pair for pool, share in zip(pools, _BY_TABLES, strict=True) for pair in in_turn(pool, round(share * wanted), chance)]
    return sorted(taken, key=lambda pair: (pair.db, pair.id))
