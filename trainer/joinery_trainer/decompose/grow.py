"""Takes a gold statement apart into steps that grow clause by clause (LearNAT's decomposition, from gold instead of from a teacher).

Subqueries come first, each whole; then the outer SELECT with its tables, one condition after the other, groups, order and limit.
Every step is a statement of its own, every step is a subtree of the gold, and together they are the gold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from joinery_trainer.decompose.tree import Tree, classify, tree_of
from joinery_trainer.sql.clauses import conjuncts_of, parse

_AGGREGATES = (exp.Count, exp.Sum, exp.Avg, exp.Min, exp.Max, exp.GroupConcat)


@dataclass(frozen=True)
class Step:
    """One step, and how much of the gold is covered after it, 0..1."""

    sql: str
    reward: float


def steps_of(gold: str) -> list[Step]:
    """Return the steps in order; the last covers the gold. Empty when the gold does not parse."""
    whole = tree_of(gold)
    statement = parse(gold)
    if whole is None or statement is None:
        return []
    covered = Tree()
    steps: list[Step] = []
    for sql in [*_grow(statement), statement.sql(dialect="sqlite")]:
        step = tree_of(sql)
        if step is None or classify(step, covered, whole) != "progress":
            continue
        covered |= step
        steps.append(Step(sql, covered.similarity(whole)))
    return steps


def _grow(query: exp.Expression) -> Iterator[str]:
    if isinstance(query, exp.Subquery):
        yield from _grow(query.this)
    elif isinstance(query, exp.SetOperation):
        yield from _grow(query.this)
        yield from _grow(query.expression)
        yield query.sql(dialect="sqlite")
    elif isinstance(query, exp.Select):
        for inner in query.find_all(exp.Select, exp.SetOperation):
            if inner is not query and _holder(inner) is query and not _is_correlated(inner, query):
                yield from _grow(inner)
        yield from _grow_select(query)


def _holder(query: exp.Expression) -> exp.Expression | None:
    parent = query.parent
    while parent is not None and not isinstance(parent, exp.Select | exp.SetOperation):
        parent = parent.parent
    return parent


def _is_correlated(inner: exp.Expression, outer: exp.Select) -> bool:
    """Say whether a subquery names a table of the query around it; then it means nothing alone."""
    own = {table.alias_or_name.lower() for table in inner.find_all(exp.Table)}
    around = {table.alias_or_name.lower() for table in outer.find_all(exp.Table)} - own
    return any(column.table.lower() in around for column in inner.find_all(exp.Column) if column.table)


def _grow_select(select: exp.Select) -> Iterator[str]:
    parts = select.copy()
    clauses = {name: parts.args.get(name) for name in ("where", "having", "order", "limit", "offset", "group")}
    for name in clauses:
        parts.set(name, None)
    if clauses["group"] is not None and any(item.find(*_AGGREGATES) for item in parts.expressions):
        # Without its groups a list with an aggregate would mean another thing.
        parts.set("group", clauses["group"])
    yield parts.sql(dialect="sqlite")
    if clauses["where"] is not None:
        yield from _grow_conditions(parts, "where", exp.Where, conjuncts_of(clauses["where"].this))
    if clauses["group"] is not None:
        parts.set("group", clauses["group"])
        yield parts.sql(dialect="sqlite")
    if clauses["having"] is not None:
        yield from _grow_conditions(parts, "having", exp.Having, conjuncts_of(clauses["having"].this))
    if clauses["order"] is not None:
        parts.set("order", clauses["order"])
        yield parts.sql(dialect="sqlite")
    for name in ("limit", "offset"):
        if clauses[name] is not None:
            parts.set(name, clauses[name])
            yield parts.sql(dialect="sqlite")


def _grow_conditions(parts: exp.Select, clause: str, kind: type[exp.Expression], conditions: list[exp.Expression]) -> Iterator[str]:
    for count in range(1, len(conditions) + 1):
        taken = [condition.copy() for condition in conditions[:count]]
        joined = taken[0]
        for condition in taken[1:]:
            joined = exp.And(this=joined, expression=condition)
        parts.set(clause, kind(this=joined))
        yield parts.sql(dialect="sqlite")
