"""Templates over two and more tables. They register themselves beside those on one table (`templates`)."""

from __future__ import annotations

from joinery_trainer.synth.maker import Maker, NoFit, Path
from joinery_trainer.synth.phrases import plural, singular
from joinery_trainer.synth.registry import Draft, template
from joinery_trainer.synth.schema import Join, Table, quoted
from joinery_trainer.synth.templates import aggregate, direction, said


def _distinct(path: Path) -> str:
    return "DISTINCT " if path.multiplies else ""


def _key_of(table: Table, join: Join) -> str:
    columns = join.parent_columns if table.name == join.parent else join.child_columns
    return ", ".join(f"{quoted(table.name)}.{quoted(column)}" for column in columns)


def _family_source(parent: Table, child: Table, join: Join) -> str:
    return f"{quoted(parent.name)} JOIN {quoted(child.name)} ON {join.condition()}"


def _filtered(maker: Maker, length: int) -> Draft:
    path = maker.path(length)
    condition = maker.condition(path.last, alone=False)
    column = maker.shown(path.first, [condition.column])
    sql = f"SELECT {_distinct(path)}{column.sql} FROM {path.source()} WHERE {condition.sql}"
    return Draft(sql, f"the {said(column, many=True)} of {path.words(f' whose {condition.words}')}")


def _counted(maker: Maker, length: int) -> Draft:
    path = maker.path(length)
    condition = maker.condition(path.last, alone=False)
    what = "*"
    if path.multiplies:
        keys = [column for column in path.first.of_kind("key") if column.unique]
        what = f"DISTINCT {maker.pick(keys).sql}"
    sql = f"SELECT COUNT({what}) FROM {path.source()} WHERE {condition.sql}"
    return Draft(sql, path.words(f" whose {condition.words}"), counted=True)


@template("medium", "distinct", "join", "where")
def filter_over_one_join(maker: Maker) -> Draft:
    """Give a column of rows whose relative fulfils a condition."""
    return _filtered(maker, 2)


@template("medium", "count", "distinct", "join", "where")
def count_over_one_join(maker: Maker) -> Draft:
    """Count rows whose relative fulfils a condition."""
    return _counted(maker, 2)


@template("medium", "join")
def child_with_parent(maker: Maker) -> Draft:
    """Give a column of each child and one of its parent."""
    parent, child, join = maker.family()
    one, two = maker.shown(child), maker.shown(parent)
    sql = f"SELECT {one.sql}, {two.sql} FROM {quoted(child.name)} JOIN {quoted(parent.name)} ON {join.condition()}"
    return Draft(sql, f"the {said(one)} of all {plural(child.name)} and the {said(two)} of their {singular(parent.name)}")


@template("hard", "distinct", "join", "two joins", "where")
def filter_over_two_joins(maker: Maker) -> Draft:
    """Give a column of rows two joins away from the condition."""
    return _filtered(maker, 3)


@template("hard", "count", "distinct", "join", "two joins", "where")
def count_over_two_joins(maker: Maker) -> Draft:
    """Count rows two joins away from the condition."""
    return _counted(maker, 3)


@template("extra", "distinct", "join", "two joins", "where")
def filter_over_three_joins(maker: Maker) -> Draft:
    """Give a column of rows three joins away from the condition."""
    return _filtered(maker, 4)


@template("hard", "count", "group", "join")
def children_per_parent(maker: Maker) -> Draft:
    """Count the children of each parent."""
    parent, child, join = maker.family()
    column = maker.shown(parent)
    sql = f"SELECT {column.sql}, COUNT(*) FROM {_family_source(parent, child, join)} GROUP BY {_key_of(parent, join)}"
    return Draft(sql, f"the {said(column)} of each {singular(parent.name)} that has {plural(child.name)} and the number of its {plural(child.name)}")


@template("hard", "count", "group", "join", "top")
def parent_with_most(maker: Maker) -> Draft:
    """Give the parent with the most or fewest children."""
    parent, child, join = maker.family()
    column = maker.shown(parent)
    sort, words = maker.chance.choice([("DESC", "most"), ("ASC", "fewest")])
    source = _family_source(parent, child, join)
    sql = f"SELECT {column.sql} FROM {source} GROUP BY {_key_of(parent, join)} ORDER BY COUNT(*) {sort} LIMIT 1"
    rest = "" if sort == "DESC" else ", but at least one"
    return Draft(sql, f"the {said(column)} of the {singular(parent.name)} with the {words} {plural(child.name)}{rest}")


@template("hard", "count", "group", "having", "join")
def parents_with_many(maker: Maker) -> Draft:
    """Give the parents with at least so many children."""
    parent, child, join = maker.family()
    column = maker.shown(parent)
    least = maker.number_between(2, 6)
    sql = f"SELECT {column.sql} FROM {_family_source(parent, child, join)} GROUP BY {_key_of(parent, join)} HAVING COUNT(*) >= {least}"
    return Draft(sql, f"the {said(column, many=True)} of {plural(parent.name)} with at least {least} {plural(child.name)}")


@template("hard", "anti join", "where")
def parents_without(maker: Maker) -> Draft:
    """Give the parents without a child, or without one that fulfils a condition."""
    parent, child, join = maker.family()
    if len(join.child_columns) > 1:
        raise NoFit
    column = maker.shown(parent)
    condition = maker.condition(child, alone=True) if maker.chance.random() < 0.5 else None
    key, own = quoted(join.child_columns[0]), quoted(join.parent_columns[0])
    known = f"{key} IS NOT NULL"
    where = f"{known} AND {condition.sql}" if condition else known
    sql = f"SELECT {quoted(column.name)} FROM {quoted(parent.name)} WHERE {own} NOT IN (SELECT {key} FROM {quoted(child.name)} WHERE {where})"
    rest = f" whose {condition.words}" if condition else ""
    return Draft(sql, f"the {said(column, many=True)} of {plural(parent.name)} without any {plural(child.name)}{rest}")


@template("hard", "anti join", "count", "where")
def count_parents_without(maker: Maker) -> Draft:
    """Count the parents that no child points to."""
    parent, child, join = maker.family()
    source, other = quoted(parent.name), quoted(child.name)
    sql = f"SELECT COUNT(*) FROM {source} WHERE NOT EXISTS (SELECT 1 FROM {other} WHERE {join.condition()})"
    return Draft(sql, f"{plural(parent.name)} without any {plural(child.name)}", counted=True)


@template("hard", "aggregate", "group", "join")
def aggregate_per_parent(maker: Maker) -> Draft:
    """Give an aggregate over the children of each parent."""
    parent, child, join = maker.family()
    column = maker.shown(parent)
    number = maker.column(child, "number")
    sql, words = aggregate(maker, number, number.sql)
    source = _family_source(parent, child, join)
    whole = f"SELECT {column.sql}, {sql} FROM {source} GROUP BY {_key_of(parent, join)}"
    return Draft(whole, f"the {said(column)} of each {singular(parent.name)} and the {words} of its {plural(child.name)}")


@template("hard", "join", "superlative child", "top")
def best_child(maker: Maker) -> Draft:
    """Give the parent of the child with the highest or lowest number."""
    parent, child, join = maker.family()
    column = maker.shown(parent)
    number = maker.column(child, "number")
    sort, words = direction(maker, number)
    sql = f"SELECT {column.sql} FROM {_family_source(parent, child, join)} ORDER BY {number.sql} {sort} LIMIT 1"
    return Draft(sql, f"the {said(column)} of the {singular(parent.name)} that has the {singular(child.name)} with the {words} {said(number)}")


@template("hard", "aggregate", "join", "where")
def aggregate_over_join(maker: Maker) -> Draft:
    """Give an aggregate of the children of parents that fulfil a condition."""
    parent, child, join = maker.family()
    condition = maker.condition(parent, alone=False)
    number = maker.column(child, "number", other_than=[condition.column])
    sql, words = aggregate(maker, number, number.sql)
    source = f"{quoted(child.name)} JOIN {quoted(parent.name)} ON {join.condition()}"
    path = Path((child, parent), (join,))
    return Draft(f"SELECT {sql} FROM {source} WHERE {condition.sql}", f"the {words} of {path.words(f' whose {condition.words}')}")


@template("hard", "count", "group", "join")
def category_of_parents(maker: Maker) -> Draft:
    """Count the children per category of their parents."""
    parent, child, join = maker.family()
    category = maker.category(parent)
    source = f"{quoted(child.name)} JOIN {quoted(parent.name)} ON {join.condition()}"
    sql = f"SELECT {category.sql}, COUNT(*) FROM {source} GROUP BY {category.sql}"
    return Draft(sql, f"each {said(category)} of {plural(parent.name)} with its number of {plural(child.name)}")


@template("extra", "count", "group", "join", "top", "two joins")
def grandchildren_per_row(maker: Maker) -> Draft:
    """Count what hangs on each row two joins down."""
    path = maker.path(3)
    (near, far), first = path.joins, path.first
    if near.parent != first.name or far.parent != path.tables[1].name:
        raise NoFit
    column = maker.shown(first)
    sort, words = maker.chance.choice([("DESC", "most"), ("ASC", "fewest")])
    group = f"GROUP BY {_key_of(first, near)}"
    if maker.chance.random() < 0.5:
        sql = f"SELECT {column.sql}, COUNT(*) FROM {path.source()} {group}"
        return Draft(
            sql, f"the {said(column)} of each {singular(first.name)} and the number of {plural(path.last.name)} of its {plural(path.tables[1].name)}"
        )
    sql = f"SELECT {column.sql} FROM {path.source()} {group} ORDER BY COUNT(*) {sort} LIMIT 1"
    return Draft(
        sql, f"the {said(column)} of the {singular(first.name)} whose {plural(path.tables[1].name)} have the {words} {plural(path.last.name)} in all"
    )


@template("extra", "distinct", "join", "two joins", "where")
def two_conditions_apart(maker: Maker) -> Draft:
    """Give a column of rows with a condition of their own and one of a relative."""
    path = maker.path(maker.number_between(2, 3))
    own = maker.condition(path.first, alone=False)
    other = maker.condition(path.last, alone=False)
    column = maker.shown(path.first, [own.column])
    sql = f"SELECT {_distinct(path)}{column.sql} FROM {path.source()} WHERE {own.sql} AND {other.sql}"
    return Draft(sql, f"the {said(column, many=True)} of {path.words(f' whose {other.words}')}, only those whose {own.words}")


@template("extra", "aggregate", "count", "derived table", "group", "where")
def average_number_of_children(maker: Maker) -> Draft:
    """Give the mean number of children of the parents that have any."""
    parent, child, join = maker.family()
    if any(table.name.lower() == "count" for table in maker.schema.tables):
        raise NoFit
    keys = ", ".join(quoted(column) for column in join.child_columns)
    known = " AND ".join(f"{quoted(column)} IS NOT NULL" for column in join.child_columns)
    sql = f"SELECT AVG(count) FROM (SELECT COUNT(*) AS count FROM {quoted(child.name)} WHERE {known} GROUP BY {keys})"
    return Draft(sql, f"the average number of {plural(child.name)} of the {plural(parent.name)} that have any")


@template("extra", "join", "set operation", "where")
def parents_with_both(maker: Maker) -> Draft:
    """Give the parents that have children of two kinds, or of one kind but not of the other."""
    parent, child, join = maker.family()
    category = maker.category(child)
    column = maker.shown(parent)
    one, two = maker.chance.sample([str(value) for value in category.values], 2)
    literals = ["'" + value.replace("'", "''") + "'" for value in (one, two)]
    source = _family_source(parent, child, join)
    key = _key_of(parent, join)
    operator, words = maker.chance.choice([("INTERSECT", "and also"), ("EXCEPT", "but none whose")])
    halves = [f"SELECT {key}, {column.sql} FROM {source} WHERE {category.sql} = {text}" for text in literals]
    phrase = f"the {' and '.join([*map(_word, _key_columns(parent, join)), said(column)])} of {plural(parent.name)} that have {plural(child.name)}"
    if operator == "INTERSECT":
        return Draft(f" {operator} ".join(halves), f'{phrase} whose {said(category)} is "{one}" {words} ones whose {said(category)} is "{two}"')
    return Draft(f" {operator} ".join(halves), f'{phrase} whose {said(category)} is "{one}" {words} {said(category)} is "{two}"')


def _key_columns(table: Table, join: Join) -> tuple[str, ...]:
    return join.parent_columns if table.name == join.parent else join.child_columns


def _word(column: str) -> str:
    return singular(column)
