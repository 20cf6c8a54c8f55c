"""
Statements that are nearly right, made from a right one: each differs in one thing that small models get wrong. They are syntax trees, not judged:
whether one of them runs, and whether its rows differ, is for the caller to find out.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from sqlglot import exp

from joinery_trainer.sql.clauses import sources_of
from joinery_trainer.synth.schema import Column, Schema, Table, quoted

#: Replacements of one node that are tried at most.
_PER_NODE = 2

Change = Callable[[exp.Expression], Iterable[exp.Expression]]
Mutation = Callable[[exp.Expression, Schema, random.Random], Iterator[exp.Expression]]

_AGGREGATES: dict[type[exp.Expression], tuple[type[exp.Expression], ...]] = {
    exp.Max: (exp.Min,),
    exp.Min: (exp.Max,),
    exp.Avg: (exp.Sum, exp.Max),
    exp.Sum: (exp.Avg, exp.Count),
}
_OPERATORS: dict[type[exp.Expression], tuple[type[exp.Expression], ...]] = {
    exp.GT: (exp.GTE, exp.LT),
    exp.GTE: (exp.GT, exp.LTE),
    exp.LT: (exp.LTE, exp.GT),
    exp.LTE: (exp.LT, exp.GTE),
    exp.EQ: (exp.NEQ,),
    exp.NEQ: (exp.EQ,),
    exp.Like: (exp.EQ,),
    exp.Or: (exp.And,),
    exp.And: (exp.Or,),
}
_SETS: dict[type[exp.Expression], tuple[type[exp.Expression], ...]] = {
    exp.Union: (exp.Intersect,),
    exp.Intersect: (exp.Union, exp.Except),
    exp.Except: (exp.Intersect,),
}


def _changed(statement: exp.Expression, kinds: tuple[type[exp.Expression], ...], change: Change) -> Iterator[exp.Expression]:
    """Yield one copy of the statement for each replacement of each node of these kinds."""
    for index, node in enumerate(statement.find_all(*kinds)):
        for replacement in change(node):
            copy = statement.copy()
            target = list(copy.find_all(*kinds))[index]
            if target is copy:
                yield replacement
            else:
                target.replace(replacement)
                yield copy


def _edited(statement: exp.Expression, kind: type[exp.Expression], edit: Callable[[exp.Expression], bool]) -> Iterator[exp.Expression]:
    """Yield one copy of the statement for each node of this kind that ``edit`` changed in place."""
    for index in range(len(list(statement.find_all(kind)))):
        copy = statement.copy()
        if edit(list(copy.find_all(kind))[index]):
            yield copy


def _table_of(column: exp.Column, schema: Schema) -> Table | None:
    """Return the table of a column as far as scope and schema tell."""
    select = column.find_ancestor(exp.Select)
    known = {table.name.lower(): table for table in schema.tables}
    while isinstance(select, exp.Select):
        for source in sources_of(select):
            table = known.get(source.name.lower()) if isinstance(source, exp.Table) else None
            if table is None:
                continue
            if column.table:
                if column.table.lower() == source.alias_or_name.lower():
                    return table
            elif any(one.name.lower() == column.name.lower() for one in table.columns):
                return table
        select = select.find_ancestor(exp.Select)
    return None


def _others(column: exp.Column, schema: Schema, chance: random.Random) -> list[Column]:
    """Return other columns of the same table, those of the same kind first: the nearer, the harder to tell."""
    table = _table_of(column, schema)
    own = next((one for one in table.columns if one.name.lower() == column.name.lower()), None) if table is not None else None
    if table is None or own is None:
        return []
    others = [one for one in table.columns if one is not own]
    chance.shuffle(others)
    return sorted(others, key=lambda one: one.kind != own.kind)[:_PER_NODE]


def _named(name: str, table: str) -> exp.Column:
    identifier = exp.to_identifier(name, quoted=quoted(name) != name)
    return exp.Column(this=identifier, table=exp.to_identifier(table, quoted=quoted(table) != table) if table else None)


def wrong_column(statement: exp.Expression, schema: Schema, chance: random.Random) -> Iterator[exp.Expression]:
    """Another column of the right table, in any clause; in ON it is a wrong key."""

    def change(node: exp.Expression) -> Iterator[exp.Expression]:
        if isinstance(node, exp.Column) and not isinstance(node.this, exp.Star):
            for other in _others(node, schema, chance):
                yield _named(other.name, node.table)

    return _changed(statement, (exp.Column,), change)


def wrong_aggregate(statement: exp.Expression, schema: Schema, chance: random.Random) -> Iterator[exp.Expression]:
    """MIN for MAX, SUM for AVG, counting with or without repetitions."""

    def change(node: exp.Expression) -> Iterator[exp.Expression]:
        for kind in _AGGREGATES.get(type(node), ()):
            yield kind(this=node.this.copy())
        if isinstance(node, exp.Count) and isinstance(node.this, exp.Distinct):
            yield exp.Count(this=node.this.expressions[0].copy())
        elif isinstance(node, exp.Count) and isinstance(node.this, exp.Column):
            yield exp.Count(this=exp.Distinct(expressions=[node.this.copy()]))

    return _changed(statement, (*_AGGREGATES, exp.Count), change)


def wrong_operator(statement: exp.Expression, schema: Schema, chance: random.Random) -> Iterator[exp.Expression]:
    """Another comparison, AND for OR, IN for NOT IN; joins keep theirs."""

    def change(node: exp.Expression) -> Iterator[exp.Expression]:
        if node.find_ancestor(exp.Join, exp.Where, exp.Having) is None or isinstance(node.find_ancestor(exp.Join, exp.Where, exp.Having), exp.Join):
            return
        for kind in _OPERATORS.get(type(node), ()):
            yield kind(this=node.this.copy(), expression=node.expression.copy())
        if isinstance(node, exp.Not) and isinstance(node.this, exp.In | exp.Like | exp.Between):
            yield node.this.copy()
        elif isinstance(node, exp.In) and not isinstance(node.parent, exp.Not):
            yield exp.Not(this=node.copy())

    return _changed(statement, (*_OPERATORS, exp.Not, exp.In), change)


def dropped_condition(statement: exp.Expression, schema: Schema, chance: random.Random) -> Iterator[exp.Expression]:
    """One condition less."""

    def shorter(node: exp.Expression) -> Iterator[exp.Expression]:
        if not isinstance(node.find_ancestor(exp.Join, exp.Where, exp.Having), exp.Join):
            yield node.this.copy()
            yield node.expression.copy()

    def without(clause: str) -> Callable[[exp.Expression], bool]:
        def edit(select: exp.Expression) -> bool:
            held = select.args.get(clause)
            if held is None or isinstance(held.this, exp.And):
                return False
            select.set(clause, None)
            return True

        return edit

    return chain(
        _changed(statement, (exp.And, exp.Or), shorter),
        _edited(statement, exp.Select, without("where")),
        _edited(statement, exp.Select, without("having")),
    )


def dropped_join(statement: exp.Expression, schema: Schema, chance: random.Random) -> Iterator[exp.Expression]:
    """A joined table less, where no other part names it: the rows then lack what the join filtered or multiplied."""
    for index, join in enumerate(statement.find_all(exp.Join)):
        table = join.this.alias_or_name.lower()
        named = [column for column in statement.find_all(exp.Column) if column.table.lower() == table and column.find_ancestor(exp.Join) is not join]
        if named or not isinstance(join.this, exp.Table):
            continue
        copy = statement.copy()
        list(copy.find_all(exp.Join))[index].pop()
        yield copy


def added_join(statement: exp.Expression, schema: Schema, chance: random.Random) -> Iterator[exp.Expression]:
    """A table too many, along a key: rows vanish or multiply. Only where all columns already name their table."""

    def edit(select: exp.Expression) -> bool:
        tables = [source.name for source in sources_of(select) if isinstance(source, exp.Table)] if isinstance(select, exp.Select) else []
        bare = any(not column.table for column in select.find_all(exp.Column))
        options = [(join, join.other(table)) for table in tables for join in schema.joins_of(table) if join.other(table) not in tables]
        if bare or not options or not isinstance(select, exp.Select):
            return False
        join, other = chance.choice(options)
        select.append("joins", exp.Join(this=exp.to_table(quoted(other), dialect="sqlite"), on=exp.maybe_parse(join.condition(), dialect="sqlite")))
        return True

    return _edited(statement, exp.Select, edit)


def wrong_table(statement: exp.Expression, schema: Schema, chance: random.Random) -> Iterator[exp.Expression]:
    """Another table that has all the columns which the SELECT names, where it reads one table."""

    def edit(select: exp.Expression) -> bool:
        sources = sources_of(select) if isinstance(select, exp.Select) else []
        if len(sources) != 1 or not isinstance(sources[0], exp.Table) or any(column.table for column in select.find_all(exp.Column)):
            return False
        wanted = {column.name.lower() for column in select.find_all(exp.Column) if not isinstance(column.this, exp.Star)}
        own = sources[0].name.lower()
        options = [table.name for table in schema.tables if table.name.lower() != own and wanted <= {column.name.lower() for column in table.columns}]
        if not options:
            return False
        sources[0].set("this", exp.to_identifier(name := chance.choice(options), quoted=quoted(name) != name))
        return True

    return _edited(statement, exp.Select, edit)


def wrong_order(statement: exp.Expression, schema: Schema, chance: random.Random) -> Iterator[exp.Expression]:
    """The other direction, no order, or no limit."""

    def turned(term: exp.Expression) -> bool:
        down = not term.args.get("desc")
        term.set("desc", down)
        term.set("nulls_first", not down)  # as SQLite does without being told
        return True

    def without(clause: str) -> Callable[[exp.Expression], bool]:
        def edit(query: exp.Expression) -> bool:
            if query.args.get(clause) is None:
                return False
            query.set(clause, None)
            return True

        return edit

    return chain(_edited(statement, exp.Ordered, turned), *(_edited(statement, exp.Select, without(name)) for name in ("order", "limit", "group")))


def wrong_distinct(statement: exp.Expression, schema: Schema, chance: random.Random) -> Iterator[exp.Expression]:
    """DISTINCT where there was none, and the other way round."""

    def edit(select: exp.Expression) -> bool:
        select.set("distinct", None if select.args.get("distinct") else exp.Distinct())
        return True

    return _edited(statement, exp.Select, edit)


def wrong_set(statement: exp.Expression, schema: Schema, chance: random.Random) -> Iterator[exp.Expression]:
    """Another set operation, or one side of it alone."""

    def change(node: exp.Expression) -> Iterator[exp.Expression]:
        for kind in _SETS[type(node)]:
            yield kind(**{name: value.copy() if isinstance(value, exp.Expression) else value for name, value in node.args.items()})
        yield node.this.copy()

    return _changed(statement, tuple(_SETS), change)


def wrong_list(statement: exp.Expression, schema: Schema, chance: random.Random) -> Iterator[exp.Expression]:
    """A selected item less, two in the other order, or one too many."""

    def edit(how: str) -> Callable[[exp.Expression], bool]:
        def do(select: exp.Expression) -> bool:
            items = list(select.expressions)
            if how == "more":
                columns = [item for item in items if isinstance(item, exp.Column) and not isinstance(item.this, exp.Star)]
                others = _others(columns[-1], schema, chance) if columns else []
                items.extend(_named(one.name, columns[-1].table) for one in others[:1])
            elif len(items) > 1:
                items = items[:-1] if how == "less" else [*items[1:], items[0]]
            changed = len(items) != len(select.expressions) or items[0] is not select.expressions[0]
            select.set("expressions", items)
            return changed

        return do

    return chain(*(_edited(statement, exp.Select, edit(how)) for how in ("more", "less", "turned")))


def wrong_value(statement: exp.Expression, schema: Schema, chance: random.Random) -> Iterator[exp.Expression]:
    """Another text that the compared column holds."""

    def change(node: exp.Expression) -> Iterator[exp.Expression]:
        column, literal = node.this, node.expression
        if not isinstance(column, exp.Column) or not isinstance(literal, exp.Literal) or not literal.is_string:
            return
        table = _table_of(column, schema)
        own = next((one for one in table.columns if one.name.lower() == column.name.lower()), None) if table is not None else None
        texts = [value for value in own.values if isinstance(value, str) and value != literal.this] if own is not None else []
        if texts:
            yield exp.EQ(this=column.copy(), expression=exp.Literal.string(chance.choice(texts)))

    return _changed(statement, (exp.EQ,), change)


#: By the name under which a preference tells its source.
MUTATIONS: dict[str, Mutation] = {
    "column": wrong_column,
    "aggregate": wrong_aggregate,
    "operator": wrong_operator,
    "dropped condition": dropped_condition,
    "dropped join": dropped_join,
    "added join": added_join,
    "table": wrong_table,
    "order": wrong_order,
    "distinct": wrong_distinct,
    "set": wrong_set,
    "list": wrong_list,
    "value": wrong_value,
}


def mutated(statement: exp.Expression, schema: Schema, chance: random.Random) -> Iterator[tuple[str, exp.Expression]]:
    """Yield ``(name, statement)``, taking the mutations in turn, in an order drawn at random; no two statements are the same text."""
    names = list(MUTATIONS)
    chance.shuffle(names)
    seen = {statement.sql(dialect="sqlite")}
    waiting: list[tuple[str, list[exp.Expression]]] = []
    for name in names:
        made = list(MUTATIONS[name](statement, schema, chance))
        chance.shuffle(made)
        waiting.append((name, made))
    while any(made for _, made in waiting):
        for name, made in waiting:
            if made and (text := (candidate := made.pop()).sql(dialect="sqlite")) not in seen:
                seen.add(text)
                yield name, candidate
