"""Templates on one table: each draws its parts from a `Maker` and returns a statement with a noun phrase for what it gives."""

from __future__ import annotations

from joinery_trainer.synth.kinship import adds_up
from joinery_trainer.synth.maker import Maker, NoFit
from joinery_trainer.synth.phrases import column_phrase, plural, plural_column
from joinery_trainer.synth.registry import Draft, template
from joinery_trainer.synth.schema import Column, Table, quoted

_AGGREGATES = {"AVG": "average", "MAX": "highest", "MIN": "lowest", "SUM": "total"}


def said(column: Column, *, many: bool = False) -> str:
    """Return how a column is said."""
    phrase = column_phrase(column.name, column.table)
    return plural_column(phrase) if many else phrase


def aggregate(maker: Maker, column: Column, name: str) -> tuple[str, str]:
    """Return an aggregate of a number and how it is said."""
    function = maker.chance.choice([name for name in _AGGREGATES if name != "SUM" or adds_up(column)])
    return f"{function}({name})", f"{_AGGREGATES[function]} {said(column)}"


def direction(maker: Maker, column: Column) -> tuple[str, str]:
    """Return DESC or ASC with the superlative for what then comes first."""
    high, low = ("latest", "earliest") if column.kind == "date" else ("highest", "lowest")
    return maker.chance.choice([("DESC", high), ("ASC", low)])


def _order_column(maker: Maker, table: Table) -> Column:
    return maker.pick([column for column in table.of_kind("number", "date") if len(column.values) > 2])


@template("easy", "plain rows")
def list_column(maker: Maker) -> Draft:
    """Give one column of all rows."""
    table = maker.table()
    column = maker.shown(table)
    return Draft(f"SELECT {quoted(column.name)} FROM {quoted(table.name)}", f"the {said(column, many=True)} of all {plural(table.name)}")


@template("easy", "plain rows")
def list_two_columns(maker: Maker) -> Draft:
    """Give two columns of all rows."""
    table = maker.table()
    one = maker.shown(table)
    two = maker.column(table, "text", "number", "date", other_than=[one])
    sql = f"SELECT {quoted(one.name)}, {quoted(two.name)} FROM {quoted(table.name)}"
    return Draft(sql, f"the {said(one)} and {said(two)} of all {plural(table.name)}")


@template("easy", "distinct")
def list_distinct(maker: Maker) -> Draft:
    """Give the different values of a category."""
    table = maker.table("text")
    column = maker.category(table)
    sql = f"SELECT DISTINCT {quoted(column.name)} FROM {quoted(table.name)}"
    return Draft(sql, f"the different {said(column, many=True)} of {plural(table.name)}")


@template("easy", "count")
def count_rows(maker: Maker) -> Draft:
    """Count all rows."""
    table = maker.table()
    return Draft(f"SELECT COUNT(*) FROM {quoted(table.name)}", plural(table.name), counted=True)


@template("easy", "count", "distinct")
def count_distinct(maker: Maker) -> Draft:
    """Count the different values of a category."""
    table = maker.table("text")
    column = maker.category(table)
    sql = f"SELECT COUNT(DISTINCT {quoted(column.name)}) FROM {quoted(table.name)}"
    return Draft(sql, f"different {said(column, many=True)} of {plural(table.name)}", counted=True)


@template("easy", "where")
def filter_rows(maker: Maker) -> Draft:
    """Give a column of some rows."""
    table = maker.table()
    condition = maker.condition(table, alone=True)
    column = maker.shown(table, [condition.column])
    sql = f"SELECT {quoted(column.name)} FROM {quoted(table.name)} WHERE {condition.sql}"
    return Draft(sql, f"the {said(column, many=True)} of {plural(table.name)} whose {condition.words}")


@template("easy", "count", "where")
def count_some(maker: Maker) -> Draft:
    """Count some rows."""
    table = maker.table()
    condition = maker.condition(table, alone=True)
    sql = f"SELECT COUNT(*) FROM {quoted(table.name)} WHERE {condition.sql}"
    return Draft(sql, f"{plural(table.name)} whose {condition.words}", counted=True)


@template("easy", "aggregate")
def aggregate_all(maker: Maker) -> Draft:
    """Give one aggregate of a number."""
    table = maker.table("number", rows=3)
    column = maker.column(table, "number")
    sql, words = aggregate(maker, column, quoted(column.name))
    return Draft(f"SELECT {sql} FROM {quoted(table.name)}", f"the {words} of all {plural(table.name)}")


@template("medium", "aggregate", "where")
def aggregate_some(maker: Maker) -> Draft:
    """Give one aggregate of some rows."""
    table = maker.table("number", rows=3)
    column = maker.column(table, "number")
    condition = maker.condition(table, alone=True, other_than=[column])
    sql, words = aggregate(maker, column, quoted(column.name))
    return Draft(f"SELECT {sql} FROM {quoted(table.name)} WHERE {condition.sql}", f"the {words} of {plural(table.name)} whose {condition.words}")


@template("medium", "aggregate")
def two_aggregates(maker: Maker) -> Draft:
    """Give the range of a number."""
    table = maker.table("number", rows=3)
    column = maker.column(table, "number")
    name = quoted(column.name)
    sql = f"SELECT MIN({name}), MAX({name}) FROM {quoted(table.name)}"
    return Draft(sql, f"the lowest and the highest {said(column)} of all {plural(table.name)}")


@template("medium", "where")
def two_conditions(maker: Maker) -> Draft:
    """Give a column of rows that fulfil two conditions, or one of two."""
    table = maker.table()
    one = maker.condition(table, alone=True)
    two = maker.condition(table, alone=True, other_than=[one.column])
    column = maker.shown(table, [one.column, two.column])
    word = maker.chance.choice(["AND", "OR"])
    sql = f"SELECT {quoted(column.name)} FROM {quoted(table.name)} WHERE {one.sql} {word} {two.sql}"
    return Draft(sql, f"the {said(column, many=True)} of {plural(table.name)} whose {one.words} {word.lower()} whose {two.words}")


@template("medium", "order")
def order_rows(maker: Maker) -> Draft:
    """Give a column in an order."""
    table = maker.table(rows=3)
    by = _order_column(maker, table)
    column = maker.shown(table, [by])
    sort = maker.chance.choice([("DESC", "descending"), ("ASC", "ascending")])
    sql = f"SELECT {quoted(column.name)} FROM {quoted(table.name)} ORDER BY {quoted(by.name)} {sort[0]}"
    return Draft(sql, f"the {said(column, many=True)} of all {plural(table.name)} in {sort[1]} order of {said(by)}")


@template("medium", "top")
def top_rows(maker: Maker) -> Draft:
    """Give the first few rows of an order."""
    table = maker.table(rows=6)
    by = _order_column(maker, table)
    column = maker.shown(table, [by])
    sort, words = direction(maker, by)
    count = maker.number_between(2, 5)
    sql = f"SELECT {quoted(column.name)} FROM {quoted(table.name)} ORDER BY {quoted(by.name)} {sort} LIMIT {count}"
    return Draft(sql, f"the {said(column, many=True)} of the {count} {plural(table.name)} with the {words} {said(by)}")


@template("medium", "top")
def best_row(maker: Maker) -> Draft:
    """Give the row with the highest or lowest number."""
    table = maker.table(rows=3)
    by = _order_column(maker, table)
    column = maker.shown(table, [by])
    sort, words = direction(maker, by)
    sql = f"SELECT {quoted(column.name)} FROM {quoted(table.name)} ORDER BY {quoted(by.name)} {sort} LIMIT 1"
    return Draft(sql, f"the {said(column)} of the {plural(table.name)} with the {words} {said(by)}")


@template("medium", "count", "group")
def count_per_category(maker: Maker) -> Draft:
    """Count rows per category."""
    table = maker.table("text", rows=4)
    category = maker.category(table)
    name = quoted(category.name)
    sql = f"SELECT {name}, COUNT(*) FROM {quoted(table.name)} GROUP BY {name}"
    return Draft(sql, f"each {said(category)} with its number of {plural(table.name)}")


@template("medium", "aggregate", "group")
def aggregate_per_category(maker: Maker) -> Draft:
    """Give an aggregate per category."""
    table = maker.table("text", "number", rows=4)
    category = maker.category(table)
    number = maker.column(table, "number")
    sql, words = aggregate(maker, number, quoted(number.name))
    name = quoted(category.name)
    return Draft(
        f"SELECT {name}, {sql} FROM {quoted(table.name)} GROUP BY {name}", f"each {said(category)} with the {words} of its {plural(table.name)}"
    )


@template("medium", "count", "group", "top")
def most_common(maker: Maker) -> Draft:
    """Give the most or least common category."""
    table = maker.table("text", rows=4)
    category = maker.category(table)
    name = quoted(category.name)
    sort, words = maker.chance.choice([("DESC", "most"), ("ASC", "fewest")])
    sql = f"SELECT {name} FROM {quoted(table.name)} GROUP BY {name} ORDER BY COUNT(*) {sort} LIMIT 1"
    return Draft(sql, f"the {said(category)} with the {words} {plural(table.name)}")


@template("hard", "count", "group", "having", "where")
def big_categories(maker: Maker) -> Draft:
    """Give categories with more rows than a number."""
    table = maker.table("text", rows=6)
    category = maker.category(table)
    name = quoted(category.name)
    least = maker.number_between(1, 4)
    condition = maker.condition(table, alone=True, other_than=[category]) if maker.chance.random() < 0.3 else None
    where = f" WHERE {condition.sql}" if condition else ""
    rest = f" whose {condition.words}" if condition else ""
    sql = f"SELECT {name} FROM {quoted(table.name)}{where} GROUP BY {name} HAVING COUNT(*) > {least}"
    return Draft(sql, f"the {said(category, many=True)} with more than {least} {plural(table.name)}{rest}")


@template("hard", "aggregate", "scalar subquery", "where")
def above_average(maker: Maker) -> Draft:
    """Give rows above or below the average of all."""
    table = maker.table("number", rows=4)
    number = maker.column(table, "number")
    column = maker.shown(table, [number])
    sign, words = maker.chance.choice([(">", "above"), ("<", "below")])
    name, source = quoted(number.name), quoted(table.name)
    sql = f"SELECT {quoted(column.name)} FROM {source} WHERE {name} {sign} (SELECT AVG({name}) FROM {source})"
    return Draft(sql, f"the {said(column, many=True)} of {plural(table.name)} whose {said(number)} is {words} the average")


@template("hard", "count", "group", "order", "where")
def group_in_order(maker: Maker) -> Draft:
    """Count some rows per category, biggest first."""
    table = maker.table("text", rows=6)
    category = maker.category(table)
    name = quoted(category.name)
    condition = maker.condition(table, alone=True, other_than=[category])
    sql = f"SELECT {name}, COUNT(*) FROM {quoted(table.name)} WHERE {condition.sql} GROUP BY {name} ORDER BY COUNT(*) DESC"
    return Draft(sql, f"each {said(category)} with its number of {plural(table.name)} whose {condition.words}, biggest first")


@template("hard", "offset", "top")
def second_row(maker: Maker) -> Draft:
    """Give the runner-up."""
    table = maker.table("number", rows=4)
    by = maker.pick([column for column in table.of_kind("number") if column.unique])
    column = maker.shown(table, [by])
    sort, words = direction(maker, by)
    sql = f"SELECT {quoted(column.name)} FROM {quoted(table.name)} ORDER BY {quoted(by.name)} {sort} LIMIT 1 OFFSET 1"
    return Draft(sql, f"the {said(column)} of the {plural(table.name)} with the second {words} {said(by)}")


@template("hard", "count", "date part", "group")
def count_per_year(maker: Maker) -> Draft:
    """Count rows per year."""
    table = maker.table("date", rows=4)
    day = maker.column(table, "date")
    year = f"STRFTIME('%Y', {quoted(day.name)})"
    sql = f"SELECT {year}, COUNT(*) FROM {quoted(table.name)} GROUP BY {year}"
    return Draft(sql, f"each year of the {said(day)} with its number of {plural(table.name)}")


@template("extra", "set operation", "where")
def set_operation(maker: Maker) -> Draft:
    """Give categories that two conditions share, or that only one of them meets."""
    table = maker.table("text", rows=6)
    category = maker.category(table)
    one = maker.condition(table, alone=True, other_than=[category])
    two = maker.condition(table, alone=True, other_than=[category, one.column])
    name, source, rows = quoted(category.name), quoted(table.name), plural(table.name)
    operator = maker.chance.choice(["INTERSECT", "EXCEPT", "UNION"])
    sql = f"SELECT {name} FROM {source} WHERE {one.sql} {operator} SELECT {name} FROM {source} WHERE {two.sql}"
    link = {
        "INTERSECT": f"that have both {rows} whose {one.words} and {rows} whose {two.words}",
        "EXCEPT": f"that have {rows} whose {one.words} but none whose {two.words}",
        "UNION": f"of {rows} whose {one.words} together with those of {rows} whose {two.words}",
    }[operator]
    return Draft(sql, f"the {said(category, many=True)} {link}")


@template("extra", "aggregate", "case", "count")
def share_of_rows(maker: Maker) -> Draft:
    """Give the percentage of rows that fulfil a condition."""
    table = maker.table(rows=5)
    condition = maker.condition(table, alone=True)
    sql = f"SELECT 100.0 * SUM(CASE WHEN {condition.sql} THEN 1 ELSE 0 END) / COUNT(*) FROM {quoted(table.name)}"
    return Draft(sql, f"the percentage of {plural(table.name)} whose {condition.words}")


@template("extra", "aggregate", "scalar subquery", "where")
def best_of_each(maker: Maker) -> Draft:
    """Give the row with the highest number of each category."""
    table = maker.table("text", "number", rows=6)
    category = maker.category(table)
    number = maker.column(table, "number")
    column = maker.shown(table, [category, number])
    source = quoted(table.name)
    copy = quoted(f"{table.name}_2")
    if any(other.name.lower() == f"{table.name}_2".lower() for other in maker.schema.tables):
        raise NoFit
    inner = f"SELECT MAX({copy}.{quoted(number.name)}) FROM {source} AS {copy} WHERE {copy}.{quoted(category.name)} = {category.sql}"
    sql = f"SELECT {category.sql}, {column.sql} FROM {source} WHERE {number.sql} = ({inner})"
    return Draft(sql, f"each {said(category)} with the {said(column)} of its {plural(table.name)} with the highest {said(number)}")
