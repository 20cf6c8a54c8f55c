"""When two results are the same: the comparator ``strict`` of ``joinery eval``, in Python, so that rewards and figures mean one thing.

Rows are a bag, or a list when the gold's outermost SELECT orders; columns count by position; whole numbers are exact, other numbers agree within
1e-6 (relative above 1); NULL equals NULL and nothing else; text is exact. ``spider_ex`` and ``bird_ex`` are left to ``joinery eval``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import sqlglot
from sqlglot import exp

from joinery_trainer.sql.sandbox import Value

Row = Sequence[Value]

_TOLERANCE = 1e-6
#: Above this many rows with equal non-numeric values only the sorted pairing is tried.
_PAIRING_LIMIT = 400


def same_rows(gold: Sequence[Row], predicted: Sequence[Row], *, ordered: bool) -> bool:
    """Say whether two results are the same. Two empty results are."""
    if len(gold) != len(predicted):
        return False
    if ordered:
        return all(_same_row(left, right) for left, right in zip(gold, predicted, strict=True))
    left, right = _group(gold), _group(predicted)
    return left.keys() == right.keys() and all(_same_group(rows, right[key]) for key, rows in left.items())


def orders_rows(gold_sql: str) -> bool:
    """Say whether the outermost SELECT orders its rows. Text that does not parse is taken as ordering when it says so anywhere."""
    try:
        statement = sqlglot.parse_one(gold_sql, read="sqlite")
    except sqlglot.errors.SqlglotError:
        return "order by" in gold_sql.lower()
    return isinstance(statement, exp.Query) and statement.args.get("order") is not None


def _same_row(left: Row, right: Row) -> bool:
    return len(left) == len(right) and all(_same_value(a, b) for a, b in zip(left, right, strict=True))


def _same_value(left: Value, right: Value) -> bool:
    if isinstance(left, int | float) and isinstance(right, int | float):
        if _is_whole(left) and _is_whole(right):
            return left == right
        return left == right or abs(left - right) <= _TOLERANCE * max(1.0, abs(left), abs(right))
    return type(left) is type(right) and left == right


def _is_whole(value: int | float) -> bool:
    return isinstance(value, int) or value.is_integer()


def _group(rows: Sequence[Row]) -> dict[tuple[object, ...], list[Row]]:
    """Rows by everything that has no tolerance, so that only numbers are left to be paired."""
    groups: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(("n",) if isinstance(value, int | float) else (type(value), value) for value in row)].append(row)
    return groups


def _same_group(left: list[Row], right: list[Row]) -> bool:
    if len(left) != len(right):
        return False
    pairs = zip(sorted(left, key=_numbers), sorted(right, key=_numbers), strict=True)
    if all(_same_row(a, b) for a, b in pairs):
        return True
    return len(left) <= _PAIRING_LIMIT and _pair(left, right)


def _numbers(row: Row) -> tuple[float, ...]:
    return tuple(value for value in row if isinstance(value, int | float))


def _pair(left: list[Row], right: list[Row]) -> bool:
    """Rounding can disturb the sorted order of rows with several numbers; then each row takes the first free partner."""
    free = list(right)
    for row in left:
        at = next((index for index, other in enumerate(free) if _same_row(row, other)), None)
        if at is None:
            return False
        del free[at]
    return True
