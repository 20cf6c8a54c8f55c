"""Puts the steps of a statement into short numbered questions: the plan that a model writes before it (LearNAT's sub-questions, from gold).

A step is said as what it adds to an earlier one; a subquery is named by the step that answers it. Names and values stand as the statement has them,
so that a plan already links the question to the schema.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from joinery_trainer.decompose.grow import steps_of
from joinery_trainer.sql.clauses import conjuncts_of, parse, sources_of

#: Characters that end an answer or its fence, and what stands for them in a plan.
_UNSAFE = str.maketrans({";": ",", "`": "'", "\n": " "})
#: How the parser writes a denied comparison, which nobody does.
_DENIED = re.compile(r"\bNOT (\S+) (IN|LIKE|BETWEEN) ")


@dataclass(frozen=True)
class _Parts:
    """What a statement says, clause by clause, as texts."""

    #: What is asked for; equal for the steps of one SELECT.
    head: str
    where: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    having: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    limit: tuple[str, ...] = ()
    offset: tuple[str, ...] = ()

    def added_to(self, base: _Parts) -> list[str] | None:
        """Return what is said beyond ``base``; None when ``base`` says something else."""
        if self.head != base.head:
            return None
        said: list[str] = []
        for name, words in _WORDS.items():
            mine, theirs = getattr(self, name), getattr(base, name)
            if mine[: len(theirs)] != theirs:
                return None
            if len(mine) > len(theirs):
                said.append(f"{words} {(' and ' if name in ('where', 'having') else ', ').join(mine[len(theirs) :])}")
        return said


_WORDS = {
    "where": "only where",
    "group": "for each",
    "having": "only groups with",
    "order": "sorted by",
    "limit": "the first",
    "offset": "passing over the first",
}


@dataclass
class _Plan:
    """Lines so far, and what each of them answers."""

    lines: list[str] = field(default_factory=list)
    parts: list[_Parts] = field(default_factory=list)
    #: Statements by their text, and the number of the line that answers each.
    answers: dict[str, int] = field(default_factory=dict)


def plan_of(sql: str, *, short: bool = False) -> str:
    """Return the plan, one numbered question a line; '' for a statement that does not parse. ``short`` gives each SELECT one line."""
    steps = [step.sql for step in steps_of(sql)]
    plan = _Plan()
    for step in _last_of_each(steps) if short else steps:
        _add_line(plan, step)
    return "\n".join(f"{number}. {line}?" for number, line in enumerate(plan.lines, start=1)).strip()


def _last_of_each(steps: Sequence[str]) -> list[str]:
    """Return the steps that no later one goes on from."""
    parts = [_parts_of(_parsed(step), None) for step in steps]
    return [step for at, step in enumerate(steps) if not any(later.added_to(parts[at]) is not None for later in parts[at + 1 :])]


def _parsed(step: str) -> exp.Expression:
    statement = parse(step)
    if statement is None:
        raise AssertionError("a step is written by the parser that reads it")
    return statement


def _add_line(plan: _Plan, step: str) -> None:
    # Queries inside that no line answers yet are answered first.
    parts = _parts_of(_parsed(step), plan)
    line = parts.head
    extra = parts.added_to(_Parts(parts.head)) or []
    for number in range(len(plan.parts), 0, -1):
        added = parts.added_to(plan.parts[number - 1])
        if added:
            line, extra = ("Of these" if number == len(plan.parts) else f"Of answer {number}"), added
            break
    plan.lines.append(", ".join([line, *extra]).translate(_UNSAFE))
    plan.parts.append(parts)
    plan.answers[step] = len(plan.lines)


def _parts_of(statement: exp.Expression, plan: _Plan | None) -> _Parts:
    if isinstance(statement, exp.SetOperation):
        return _Parts(
            _set_head(statement, plan), order=_order(statement, statement, plan), limit=_count(statement, "limit"), offset=_count(statement, "offset")
        )
    select = statement
    grouped = select.args.get("group")
    conditions = {name: select.args.get(name) for name in ("where", "having")}
    where, having = (tuple(_text(part, select, plan) for part in conjuncts_of(node.this)) if node is not None else () for node in conditions.values())
    group = tuple(_text(column, select, plan) for column in grouped.expressions) if grouped is not None else ()
    return _Parts(_select_head(select, plan), where, group, having, _order(select, select, plan), _count(select, "limit"), _count(select, "offset"))


def _select_head(select: exp.Expression, plan: _Plan | None) -> str:
    items = [_text(item, select, plan) for item in select.expressions]
    tables = ", ".join(_source_text(source, plan) for source in sources_of(select))
    if items == ["COUNT(*)"]:
        return f"How many {tables}"
    which = "Which different" if select.args.get("distinct") else "Which"
    return f"{which} {', '.join(items)} of {tables}" if tables else f"{which} {', '.join(items)}"


def _set_head(operation: exp.SetOperation, plan: _Plan | None) -> str:
    left, right = (_named(side, plan) for side in (operation.this, operation.expression))
    if isinstance(operation, exp.Intersect):
        return f"Which are in both {left} and {right}"
    if isinstance(operation, exp.Except):
        return f"Which of {left} are not in {right}"
    return f"All of {left} and {right}" + ("" if operation.args.get("distinct") else ", repeats kept")


def _named(query: exp.Expression, plan: _Plan | None) -> str:
    """Return which line answers a query, after adding one where none does; without a plan the query itself."""
    inner = query.this if isinstance(query, exp.Subquery) else query
    text = inner.sql(dialect="sqlite")
    if plan is None:
        return f"({text})"
    if text not in plan.answers:
        _add_line(plan, text)
    return f"answer {plan.answers[text]}"


def _source_text(source: exp.Expression, plan: _Plan | None) -> str:
    return source.name if isinstance(source, exp.Table) else _named(source, plan)


def _order(query: exp.Expression, names: exp.Expression, plan: _Plan | None) -> tuple[str, ...]:
    order = query.args.get("order")
    terms = order.expressions if order is not None else []
    return tuple(_text(term.this, names, plan) + (" descending" if term.args.get("desc") else "") for term in terms)


def _count(query: exp.Expression, clause: str) -> tuple[str, ...]:
    node = query.args.get(clause)
    return () if node is None else (node.expression.sql(dialect="sqlite"),)


def _text(node: exp.Expression, query: exp.Expression, plan: _Plan | None) -> str:
    """Return a part of a query with table names for aliases, none where there is one table only, and answers for the queries in it."""
    sources = sources_of(query) if isinstance(query, exp.Select) else []
    names = {source.alias_or_name.lower(): source.name for source in sources if isinstance(source, exp.Table)}
    holder = exp.Paren(this=node.copy())
    for inner in list(holder.find_all(exp.Select, exp.SetOperation)):
        if _is_within_query(inner, holder):
            continue
        whole = inner.parent if isinstance(inner.parent, exp.Subquery) else inner
        whole.replace(exp.Var(this=_named(inner, plan)))
    for column in list(holder.find_all(exp.Column)):
        if column.table:
            table = names.get(column.table.lower(), column.table)
            column.set("table", exp.to_identifier(table) if len(sources) != 1 else None)
    return _DENIED.sub(r"\1 NOT \2 ", holder.this.sql(dialect="sqlite"))


def _is_within_query(inner: exp.Expression, top: exp.Expression) -> bool:
    parent = inner.parent
    while parent is not None and parent is not top:
        if isinstance(parent, exp.Select | exp.SetOperation):
            return True
        parent = parent.parent
    return False
