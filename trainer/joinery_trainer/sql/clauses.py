"""Statements in one canonical form: aliases replaced by what they stand for, sets as sets (SQLNet's set prediction), literals kept or masked.

From it come the clause atoms of partial credit, the skeletons of templates and the keys of duplicates. It does not know a schema: a bare column stays
bare, and two statements that differ by qualifiers alone may count as different.
"""

from __future__ import annotations

import re
from collections import Counter

import sqlglot
from sqlglot import exp

#: Operators whose sides may stand in any order.
_SYMMETRIC = (exp.EQ, exp.NEQ, exp.Add, exp.Mul)
_MIRRORED = {exp.GT: exp.LT, exp.GTE: exp.LTE}
#: A character of the private area, which no statement holds.
_MARK = "\ue000"
_LITERAL = re.compile(r"'(?:[^']|'')*'|(?<![\w.])\d+(?:\.\d+)?")


def parse(sql: str) -> exp.Expression | None:
    """Parse one SQLite statement; None when it does not parse or is not one SELECT-like statement."""
    try:
        statements = [statement for statement in sqlglot.parse(sql, read="sqlite") if statement is not None]
    except (sqlglot.errors.SqlglotError, RecursionError, ValueError):
        return None
    return statements[0] if len(statements) == 1 and isinstance(statements[0], exp.Query) else None


def clause_atoms(sql: str) -> Counter[str] | None:
    """Return the clause operations of a statement, with their scope depth; None when it does not parse.

    ``SELECT T1.name FROM singer AS T1 WHERE T1.age > 20`` gives ``select:singer.name``, ``from:singer``, ``where:singer.age > 20``.
    """
    statement = parse(sql)
    if statement is None:
        return None
    atoms: Counter[str] = Counter()
    for scope in statement.find_all(exp.Select):
        atoms.update(_atoms_of(scope, _depth(scope)))
    for operation in statement.find_all(exp.SetOperation):
        name = type(operation).__name__.lower()
        atoms[f"set:{name}{'' if operation.args.get('distinct') else ' all'}"] += 1
    return atoms


def canonical(sql: str, *, mask_literals: bool = False) -> str | None:
    """Return a text that is equal for statements that differ only in aliases, case, and the order of conjuncts, lists of values or joins."""
    atoms = clause_atoms(sql)
    if atoms is None:
        return None
    texts = (_mask(atom) if mask_literals else atom for atom in atoms.elements())
    return "\n".join(sorted(texts))


def skeleton(sql: str) -> str | None:
    """Return the statement with tables, columns and literals masked: the shape that DAIL-SQL and CodeS call a skeleton."""
    statement = parse(sql)
    if statement is None:
        return None
    masked = statement.copy()
    for node in list(masked.find_all(exp.Alias)):
        if not isinstance(node.parent, exp.From | exp.Join):
            node.replace(node.this)
    for node in list(masked.find_all(exp.Table)):
        if not isinstance(node.this, exp.Identifier):
            continue
        node.replace(exp.table_("t"))
    for node in list(masked.find_all(exp.Column)):
        if not isinstance(node.this, exp.Star):
            node.replace(exp.column("c"))
    for node in list(masked.find_all(exp.Literal)):
        node.replace(exp.Placeholder())
    for node in list(masked.find_all(exp.Join)):
        node.set("on", None)
        node.set("using", None)
    return masked.sql(dialect="sqlite").upper()


def table_count(sql: str) -> int:
    """Return how many sources of rows a statement names, a table joined to itself once; 0 for text that does not parse."""
    form = canonical(sql) or ""
    return len({line.split("from:", 1)[1] for line in form.splitlines() if "from:" in line and "(subquery)" not in line})


def _atoms_of(select: exp.Select, depth: int) -> Counter[str]:
    names = aliases_of(select)
    at = f"{depth}/" if depth else ""
    atoms: Counter[str] = Counter()
    if select.args.get("distinct"):
        atoms[f"{at}distinct"] += 1
    for item in select.expressions:
        atoms[f"{at}select:{render(item.unalias(), names)}"] += 1
    for table in _tables(select):
        atoms[f"{at}from:{table}"] += 1
    for join in select.args.get("joins") or []:
        on = join.args.get("on")
        for condition in conjuncts_of(on) if on is not None else []:
            atoms[f"{at}on:{render(condition, names)}"] += 1
    for clause in ("where", "having"):
        node = select.args.get(clause)
        for condition in conjuncts_of(node.this) if node is not None else []:
            atoms[f"{at}{clause}:{render(condition, names)}"] += 1
    group = select.args.get("group")
    for column in group.expressions if group is not None else []:
        atoms[f"{at}group:{render(column, names)}"] += 1
    order = select.args.get("order")
    for position, term in enumerate(order.expressions if order is not None else []):
        direction = "desc" if term.args.get("desc") else "asc"
        atoms[f"{at}order:{position}:{render(term.this, names)} {direction}"] += 1
    for clause in ("limit", "offset"):
        node = select.args.get(clause)
        if node is not None:
            atoms[f"{at}{clause}:{render(node.expression, names)}"] += 1
    return atoms


def _depth(node: exp.Expression) -> int:
    depth = 0
    parent = node.parent
    while parent is not None:
        depth += isinstance(parent, exp.Subquery | exp.In | exp.Exists | exp.CTE)
        parent = parent.parent
    return depth


def aliases_of(select: exp.Select) -> dict[str, str]:
    """Map each alias in scope, outer scopes included, to the table it names."""
    names: dict[str, str] = {}
    scope: exp.Expression | None = select
    while scope is not None:
        if isinstance(scope, exp.Select):
            for source in sources_of(scope):
                if isinstance(source, exp.Table) and source.alias:
                    names.setdefault(source.alias.lower(), source.name.lower())
        scope = scope.parent
    return names


def sources_of(select: exp.Select) -> list[exp.Expression]:
    """Return what FROM and the joins name, in order."""
    first = select.args.get("from_") or select.args.get("from")
    joins = select.args.get("joins") or []
    return [*([first.this] if first is not None else []), *(join.this for join in joins)]


def _tables(select: exp.Select) -> list[str]:
    return [source.name.lower() if isinstance(source, exp.Table) else "(subquery)" for source in sources_of(select)]


def conjuncts_of(condition: exp.Expression) -> list[exp.Expression]:
    """Return the parts of an AND; the condition itself when it is none."""
    return list(condition.flatten()) if isinstance(condition, exp.And) else [condition]


def render(node: exp.Expression, names: dict[str, str]) -> str:
    """Return the node's text with tables for aliases and with sides and lists in one order; keywords and names in lower case."""
    whole = node.copy()
    for part in reversed(list(whole.walk(bfs=True))):  # children before parents
        changed = _normalise(part, names)
        if part is whole:
            whole = changed
        elif changed is not part:
            part.replace(changed)
    return _lower_case(whole)


def _normalise(node: exp.Expression, names: dict[str, str]) -> exp.Expression:
    if isinstance(node, exp.Select | exp.SetOperation):
        return exp.Var(this="query")  # its own atoms are counted at its depth
    if isinstance(node, exp.Paren):
        return node.this
    if isinstance(node, exp.Column):
        table = names.get(node.table.lower(), node.table.lower()) if node.table else None
        return exp.column(node.this if isinstance(node.this, exp.Star) else node.name.lower(), table)
    for kind, mirror in _MIRRORED.items():
        if type(node) is kind:
            return mirror(this=node.expression, expression=node.this)
    if isinstance(node, _SYMMETRIC) and node.expression.sql() < node.this.sql():
        return type(node)(this=node.expression, expression=node.this)
    if isinstance(node, exp.In) and node.expressions:
        node.set("expressions", sorted(node.expressions, key=lambda part: part.sql()))
    if isinstance(node, exp.Or | exp.And) and not isinstance(node.parent, type(node)):
        parts = sorted(node.flatten(), key=lambda part: part.sql())
        return _chain(type(node), parts)
    return node


def _chain(kind: type[exp.Connector], parts: list[exp.Expression]) -> exp.Expression:
    first, *others = parts
    for other in others:
        first = kind(this=first, expression=other)
    return first


def _lower_case(node: exp.Expression) -> str:
    """Lower case for everything but text literals, whose case matters in SQLite."""
    literals = [part for part in node.find_all(exp.Literal) if part.is_string]
    marks = {f"{_MARK}{at}{_MARK}": literal.this for at, literal in enumerate(literals)}
    for mark, literal in zip(marks, literals, strict=True):
        literal.set("this", mark)
    lowered = node.sql(dialect="sqlite").lower()
    for mark, text in marks.items():
        lowered = lowered.replace(mark, text.replace("'", "''"))
    return lowered


def _mask(text: str) -> str:
    """Literals of a canonical text as question marks."""
    return _LITERAL.sub("?", text)
