"""Splits by database, never by question: what is measured on a database was not trained on it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from joinery_trainer.data.pairs import Pair


def split_by_database(pairs: Iterable[Pair], held_out: float, seed: int = 1) -> tuple[list[Pair], list[Pair]]:
    """Return training and held-out pairs.

    ``held_out`` is the share 0..1 of databases to keep back; at least one of two or more when it is above 0. A database's side depends on
    its name, the seed and the others only by rank, so that the same set gives the same split on every machine. Raises ValueError outside 0..1.
    """
    if not 0 <= held_out <= 1:
        raise ValueError("held_out is a share between 0 and 1")
    listed = list(pairs)
    names = sorted({pair.db for pair in listed}, key=lambda name: hashlib.sha256(f"{seed}:{name}".encode()).digest())
    count = round(held_out * len(names))
    if held_out > 0 and len(names) > 1:
        count = min(max(count, 1), len(names))
    kept_back = set(names[:count])
    return [pair for pair in listed if pair.db not in kept_back], [pair for pair in listed if pair.db in kept_back]


#: Never in training: they stand for a user's own database (the sample databases and their copies among Spider's training databases).
UNSEEN_DATABASES = frozenset({"chinook_1", "store_1", "sakila_1", "chinook", "northwind", "sakila", "classicmodels", "pubs"})


def without_unseen(pairs: Iterable[Pair], unseen: Sequence[str] | frozenset[str] = UNSEEN_DATABASES) -> list[Pair]:
    """Leave out the databases that no shipped adapter may see, whatever the case of their names."""
    lowered = {name.lower() for name in unseen}
    return [pair for pair in pairs if pair.db.lower() not in lowered]
