"""Which constructs a statement holds, read off its tree. What conditions are made of is not looked at: LIKE or a year may stand anywhere."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from joinery_trainer.sql.clauses import parse, sources_of
from joinery_trainer.synth.registry import Construct

_NODES: tuple[tuple[type[exp.Expression], Construct], ...] = (
    (exp.Count, "count"),
    (exp.Case, "case"),
    (exp.Distinct, "distinct"),
    (exp.Group, "group"),
    (exp.Having, "having"),
    (exp.Offset, "offset"),
    (exp.SetOperation, "set operation"),
    (exp.Exists, "anti join"),
)


def constructs_of(sql: str) -> frozenset[Construct]:
    """Return the constructs of a statement; none for text that does not parse. ``label`` is a matter of the question and never among them."""
    statement = parse(sql)
    return frozenset(_found(statement)) if statement is not None else frozenset()


def _found(statement: exp.Expression) -> Iterator[Construct]:
    for node in statement.walk():
        yield from (name for kind, name in _NODES if isinstance(node, kind))
        if isinstance(node, exp.Sum | exp.Avg | exp.Max | exp.Min):
            yield "aggregate"
        elif isinstance(node, exp.In) and node.args.get("query") is not None:
            yield "anti join"
        elif isinstance(node, exp.Mul) and {type(node.this), type(node.expression)} == {exp.Column}:
            yield "product"
        elif isinstance(node, exp.Anonymous) and node.name.upper() == "JULIANDAY":
            yield "days between"
        elif isinstance(node, exp.Subquery) and not isinstance(node.parent, exp.In):
            yield "derived table" if isinstance(node.parent, exp.From) else "scalar subquery"
        elif isinstance(node, exp.Predicate) and _between_columns(node):
            yield "columns compared"
        elif isinstance(node, exp.Select):
            yield from _of_select(node)


def _of_select(select: exp.Select) -> Iterator[Construct]:
    joins = select.args.get("joins") or []
    names = [source.name.lower() for source in sources_of(select) if isinstance(source, exp.Table)]
    if joins:
        yield "join"
    if len(joins) > 1:
        yield "two joins"
    if len(set(names)) < len(names):
        yield "self join"
    if any(join.side == "LEFT" for join in joins):
        yield "left join"
    if select.args.get("where") is not None:
        yield "where"
    shown = [*select.expressions, *((select.args.get("group") and select.args["group"].expressions) or [])]
    if any(_is_date_part(node) for item in shown for node in item.find_all(exp.Func)):
        yield "date part"
    order = select.args.get("order")
    if order is not None:
        yield "top" if select.args.get("limit") is not None else "order"
        if joins and not select.args.get("group") and not _shares_table(order, select):
            yield "superlative child"
    clauses = ("joins", "where", "group", "order", "distinct")
    if not any(select.args.get(clause) for clause in clauses) and all(isinstance(item, exp.Column) for item in select.expressions):
        yield "plain rows"


def _is_date_part(node: exp.Expression) -> bool:
    return (isinstance(node, exp.TimeToStr) or node.name.upper() == "STRFTIME") and node.find_ancestor(exp.Case) is None


def _between_columns(node: exp.Expression) -> bool:
    if not isinstance(node.args.get("expression"), exp.Column) or not isinstance(node.this, exp.Column):
        return False
    if isinstance(node, exp.EQ):  # a key of a join, or one of a subquery and what is around it
        return False
    return node.find_ancestor(exp.Where) is not None


def _shares_table(order: exp.Expression, select: exp.Select) -> bool:
    by = {column.table.lower() for column in order.find_all(exp.Column)}
    shown = {column.table.lower() for item in select.expressions for column in item.find_all(exp.Column)}
    return bool(by & shown) or not by
