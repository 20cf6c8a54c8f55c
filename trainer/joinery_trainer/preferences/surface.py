"""
Statements in the style in which the product writes, so that nothing but its meaning tells a wrong statement from the right one: a model that could
tell them by a space or by `<>` would learn just that.
"""

from __future__ import annotations

from sqlglot import exp
from sqlglot.dialects.sqlite import SQLite

from joinery_trainer.sql.clauses import parse


class _Style(SQLite.Generator):
    def neq_sql(self, expression: exp.NEQ) -> str:
        return self.binary(expression, "!=")

    def not_sql(self, expression: exp.Not) -> str:
        inner = expression.this
        if not isinstance(inner, exp.In | exp.Like | exp.Between | exp.Is):
            return super().not_sql(expression)
        left = self.sql(inner, "this")
        rest = self.sql(inner).removeprefix(left)
        return f"{left} IS NOT{rest.removeprefix(' IS')}" if isinstance(inner, exp.Is) else f"{left} NOT{rest}"


def surface(statement: exp.Expression) -> str:
    """Return the text of a statement."""
    return _Style(dialect="sqlite").generate(statement)


def in_style(sql: str) -> exp.Expression | None:
    """Return the syntax tree of a statement whose text can be written again exactly; None where it cannot."""
    statement = parse(sql)
    return statement if statement is not None and surface(statement) == sql else None
