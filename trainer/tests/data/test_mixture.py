from __future__ import annotations

from collections import Counter
from pathlib import Path

from joinery_trainer.data.mixture import mixture
from joinery_trainer.data.pairs import Pair

_BY_TABLES = ("SELECT a FROM t", "SELECT a FROM t JOIN u ON t.id = u.id", "SELECT a FROM t JOIN u ON t.id = u.id JOIN v ON u.id = v.id")


def pairs(source: str, databases: int, each: int) -> list[Pair]:
    """``each`` questions over one table, two and three on each of ``databases``."""
    return [
        Pair(f"{source}-{db}-{tables}-{number}", f"{source}-{db}", Path("x.sqlite"), "?", sql, f"{source}:train")
        for db in range(databases)
        for tables, sql in enumerate(_BY_TABLES)
        for number in range(each)
    ]


def test_sets_and_joins_have_their_shares() -> None:
    taken = mixture([*pairs("bird", 4, 100), *pairs("spider-syn", 4, 100), *pairs("spider", 4, 100)], 400, 1)
    assert Counter(pair.source.split(":")[0] for pair in taken) == {"bird": 200, "spider-syn": 100, "spider": 100}
    assert Counter(_BY_TABLES.index(pair.sql) for pair in taken) == {0: 100, 1: 168, 2: 132}


def test_databases_are_drawn_in_turn() -> None:
    large, small = pairs("spider", 1, 200), pairs("spider-syn", 8, 5)
    taken = mixture([*large, *small], 80, 1)
    each = Counter(pair.db for pair in taken if pair.source == "spider-syn:train")
    assert len(each) == 8
    # Ten, seventeen and thirteen questions over one table, two and three, each by turns over eight databases.
    assert set(each.values()) <= {4, 5, 6}


def test_what_is_missing_leaves_its_share_to_the_others() -> None:
    taken = mixture(pairs("spider", 4, 100), 100, 1)
    assert len(taken) == 100


def test_it_follows_from_the_seed() -> None:
    every = pairs("spider", 4, 100)
    assert mixture(every, 50, 1) == mixture(every, 50, 1)
    assert mixture(every, 50, 1) != mixture(every, 50, 2)


def test_statements_that_cannot_be_read_count_as_one_table() -> None:
    odd = [Pair(f"odd-{number}", "odd", None, "?", "SELECT", "spider:train") for number in range(10)]
    assert len(mixture(odd, 8, 1)) == 2
