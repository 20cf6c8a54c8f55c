"""Columns of one table that belong together: prices and quantities, dates that follow each other, numbers of the same kind, keys to their own table.

Told by names alone where data cannot tell; what no name tells is left alone, for the product of two numbers at random answers nobody's question.
"""

from __future__ import annotations

from itertools import combinations

from joinery_trainer.synth.phrases import words_of
from joinery_trainer.synth.schema import Column, Join, Schema, Table

_PRICES = frozenset(["price", "prices", "cost", "costs", "msrp", "fee", "rate", "tariff", "wage", "fare"])
_QUANTITIES = frozenset(
    ["quantity", "quantities", "qty", "units", "unit", "stock", "hours", "copies", "pieces", "items", "seats", "tickets", "nights"]
)
#: Words by which numbers of one kind are known, one set per kind.
_KINDS: tuple[frozenset[str], ...] = (
    _PRICES,
    _QUANTITIES | {"level", "minimum", "reorder", "capacity"},
    frozenset(["lvl", "level"]),
    frozenset(["salary", "bonus", "budget", "amount", "total", "balance", "credit", "income"]),
    frozenset(["score", "points", "goals", "rating"]),
    frozenset(["length", "width", "height", "depth"]),
    frozenset(["won", "lost", "wins", "losses"]),
)
#: Words that take a column out of its kind: a rate of tax is no price.
_NO_PRICE = frozenset(["tax", "exchange", "interest", "discount", "id", "code"])
_NO_SUM = _PRICES | {
    "level",
    "lvl",
    "year",
    "age",
    "rating",
    "rank",
    "discount",
    "percent",
    "percentage",
    "royalty",
    "lat",
    "lng",
    "line",
    "position",
}
_LATER = ("required", "due", "shipped", "delivered", "delivery", "ship", "end", "finish", "return", "returned", "closed", "completed", "paid")
_EARLIER = ("order", "start", "begin", "created", "rental", "opened", "birth", "hire", "invoice", "entry")


def price_and_quantity(table: Table) -> list[tuple[Column, Column]]:
    """Return pairs of a number of things and what one of them costs."""
    prices = [column for column in table.of_kind("number") if _says(column, _PRICES) and not _says(column, _NO_PRICE)]
    quantities = [column for column in table.of_kind("number") if _says(column, _QUANTITIES) and column not in prices]
    return [(quantity, price) for quantity in quantities for price in prices]


def comparable_numbers(table: Table) -> list[tuple[Column, Column]]:
    """Return pairs of numbers of the same kind, whose comparison says something about a row."""
    pairs = combinations(table.of_kind("number"), 2)
    return [(one, other) for one, other in pairs if any(_is_of(one, kind) and _is_of(other, kind) for kind in _KINDS)]


def comparable_dates(table: Table) -> list[tuple[Column, Column]]:
    """Return pairs of dates, the one that usually comes first in front. A day of birth is compared with nothing."""
    dates = [column for column in table.of_kind("date") if not _says(column, frozenset({"birth", "born", "modified", "updated", "update"}))]
    return [tuple(sorted(pair, key=_place)) for pair in combinations(dates, 2)]  # type: ignore[misc]


def adds_up(column: Column) -> bool:
    """Return whether a sum of the column says something: prices, levels and years are compared, not added."""
    return not _says(column, _NO_SUM)


def self_relations(schema: Schema) -> list[Join]:
    """Return keys from a table to itself whose copy can be named without clashing with another table."""
    names = {table.name.lower() for table in schema.tables}
    return [join for join in schema.joins if join.child == join.parent and len(join.child_columns) == 1 and f"{join.child}_2".lower() not in names]


def _says(column: Column, words: frozenset[str]) -> bool:
    return bool(words & set(words_of(column.name)))


def _is_of(column: Column, kind: frozenset[str]) -> bool:
    price = _says(column, _PRICES)
    return _says(column, kind) and (not price or kind is _PRICES) and not _says(column, _NO_PRICE)


def _place(column: Column) -> tuple[int, str]:
    words = set(words_of(column.name))
    if words & set(_EARLIER):
        return 0, column.name
    return (2 + max(_LATER.index(word) for word in words & set(_LATER)), column.name) if words & set(_LATER) else (1, column.name)
