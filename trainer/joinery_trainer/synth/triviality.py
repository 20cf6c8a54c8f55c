"""Refuses statements that run but that nobody would ask for (A2 of SyntaxSQLNet's and CodeS's augmentation, sharpened). Pure text: nothing is run."""

from __future__ import annotations

from sqlglot import exp

from joinery_trainer.sql.clauses import parse
from joinery_trainer.synth.schema import Column, Schema

_ARITHMETIC = (exp.Sum, exp.Avg, exp.Add, exp.Sub, exp.Mul, exp.Div)
_ORDERING = (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between)


def trivial_reason(sql: str, schema: Schema) -> str:
    """Return why a statement is not worth asking for; '' when it is."""
    statement = parse(sql)
    if statement is None:
        return "does not parse"
    columns = _Columns(schema, statement)
    for node in statement.walk():
        reason = _reason_of(node, columns)
        if reason:
            return reason
    return _join_reason(statement, schema) or _whole_table_reason(statement)


class _Columns:
    """Looks columns up by name, through the aliases of the statement."""

    def __init__(self, schema: Schema, statement: exp.Expression) -> None:
        self._tables = {table.name.lower(): table for table in schema.tables}
        self._aliases = {node.alias.lower(): node.name.lower() for node in statement.find_all(exp.Table) if node.alias}
        self._used = {node.name.lower() for node in statement.find_all(exp.Table)}

    def of(self, node: exp.Expression | None) -> Column | None:
        """Return the column that a node names, None for anything else."""
        if not isinstance(node, exp.Column):
            return None
        owner = self._aliases.get(node.table.lower(), node.table.lower())
        names = [owner] if owner else sorted(self._used)
        for name in names:
            table = self._tables.get(name)
            found = next((column for column in table.columns if column.name.lower() == node.name.lower()), None) if table else None
            if found:
                return found
        return None


def _reason_of(node: exp.Expression, columns: _Columns) -> str:
    if isinstance(node, _ARITHMETIC):
        sides = [columns.of(node.this), columns.of(node.args.get("expression"))]
        if any(side is not None and side.kind == "key" for side in sides):
            return "arithmetic on a key"
        if any(side is not None and side.kind in ("text", "date") for side in sides) and isinstance(node, exp.Sum | exp.Avg):
            return "arithmetic on text"
    if isinstance(node, exp.Max | exp.Min) and _kind(columns.of(node.this)) == "key":
        return "extreme of a key"
    if isinstance(node, _ORDERING) and _kind(columns.of(node.this)) == "key":
        return "keys have no order"
    if isinstance(node, exp.NEQ) and _kind(columns.of(node.this)) == "key":
        return "unequal to a key"
    if isinstance(node, exp.EQ | exp.NEQ | exp.GT | exp.GTE | exp.LT | exp.LTE) and not isinstance(node.parent, exp.Join):
        left, right = columns.of(node.this), columns.of(node.expression)
        if left is not None and right is not None and left.kind != right.kind:
            return "unrelated kinds are compared"
        if left is not None and left == right and node.this.sql() == node.expression.sql():
            return "a column is compared with itself"
    if isinstance(node, exp.Ordered) and _kind(columns.of(node.this)) == "key":
        return "ordered by a key"
    return ""


def _kind(column: Column | None) -> str:
    return column.kind if column is not None else ""


def _join_reason(statement: exp.Expression, schema: Schema) -> str:
    for select in statement.find_all(exp.Select):
        for join in select.args.get("joins") or []:
            if join.args.get("on") is None:
                return "a join without a condition"
            if not any(_is_key(equality, select, schema) for equality in join.args["on"].find_all(exp.EQ)):
                return "a join along no key"
    return ""


def _is_key(equality: exp.EQ, select: exp.Select, schema: Schema) -> bool:
    aliases = {node.alias.lower(): node.name.lower() for node in select.find_all(exp.Table) if node.alias}
    sides: list[tuple[str, str]] = []
    for side in (equality.this, equality.expression):
        if not isinstance(side, exp.Column):
            return False
        sides.append((aliases.get(side.table.lower(), side.table.lower()), side.name.lower()))
    for join in schema.joins:
        for child, parent in zip(join.child_columns, join.parent_columns, strict=True):
            ends = [(join.child.lower(), child.lower()), (join.parent.lower(), parent.lower())]
            if sides == ends or sides == ends[::-1]:
                return True
    return False


def _whole_table_reason(statement: exp.Expression) -> str:
    only_star = isinstance(statement, exp.Select) and len(statement.expressions) == 1 and isinstance(statement.expressions[0], exp.Star)
    plain = not any(statement.args.get(clause) for clause in ("where", "group", "order", "limit", "joins", "having"))
    return "the whole table" if only_star and plain else ""
