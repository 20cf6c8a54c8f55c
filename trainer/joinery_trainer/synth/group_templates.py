"""Templates on groups as a whole: means over groups, groups counted, shares of rows, groups above a total."""

from __future__ import annotations

from joinery_trainer.synth.kinship import adds_up
from joinery_trainer.synth.maker import Condition, Maker, NoFit
from joinery_trainer.synth.phrases import a, plural, singular
from joinery_trainer.synth.registry import Draft, template
from joinery_trainer.synth.schema import Column, Table, quoted
from joinery_trainer.synth.templates import aggregate, said
from joinery_trainer.synth.wording import Rows, figure, how_many, rows_of

#: Tries to draw a condition without a date function, which no grammar takes inside CASE.
_TRIES = 8


def _plain(maker: Maker, table: Table, *, alone: bool, other_than: tuple[Column, ...] = ()) -> Condition:
    for _ in range(_TRIES):
        condition = maker.condition(table, alone=alone, other_than=other_than)
        if "STRFTIME" not in condition.sql:
            return condition
    raise NoFit


def _share(condition: Condition) -> str:
    return f"100.0 * SUM(CASE WHEN {condition.sql} THEN 1 ELSE 0 END) / COUNT(*)"


def _over_groups(maker: Maker) -> tuple[str, str]:
    return maker.chance.choice([("AVG", "average"), ("AVG", "average"), ("MAX", "largest"), ("MIN", "smallest")])


def _named_like_alias(maker: Maker) -> bool:
    names = {table.name.lower() for table in maker.schema.tables} | {c.name.lower() for table in maker.schema.tables for c in table.columns}
    return bool(names & {"count", "num"})


@template("extra", "aggregate", "count", "derived table", "group", "where")
def mean_size_of_categories(maker: Maker) -> Draft:
    """Give the mean, largest or smallest number of rows of a category."""
    table = maker.table("text", rows=4)
    category = maker.category(table)
    if _named_like_alias(maker):
        raise NoFit
    function, word = _over_groups(maker)
    name, many = quoted(category.name), plural(table.name)
    known = f" WHERE {name} IS NOT NULL" if category.nulls > 0 else ""
    sql = f"SELECT {function}(count) FROM (SELECT COUNT(*) AS count FROM {quoted(table.name)}{known} GROUP BY {name})"
    more = [f"On average, how many {many} are there per {said(category)}?"] if function == "AVG" else []
    return figure(sql, f"the {word} number of {many} per {said(category)}", *more)


@template("extra", "aggregate", "count", "derived table", "group", "where")
def mean_number_of_children(maker: Maker) -> Draft:
    """Give the mean, largest or smallest number of children of one parent."""
    parent, child, join = maker.family()
    if _named_like_alias(maker):
        raise NoFit
    function, word = _over_groups(maker)
    keys = ", ".join(quoted(column) for column in join.child_columns)
    known = " AND ".join(f"{quoted(column)} IS NOT NULL" for column in join.child_columns)
    sql = f"SELECT {function}(count) FROM (SELECT COUNT(*) AS count FROM {quoted(child.name)} WHERE {known} GROUP BY {keys})"
    one, many = singular(parent.name), plural(child.name)
    more = [f"On average, how many {many} does {a(one)} with {many} have?"] if function == "AVG" else []
    return figure(sql, f"the {word} number of {many} per {one} that has any", *more)


@template("extra", "aggregate", "derived table", "group", "where")
def mean_total_of_groups(maker: Maker) -> Draft:
    """Give the mean, largest or smallest total of a number over the children of one parent."""
    parent, child, join = maker.family()
    number = maker.pick([column for column in child.of_kind("number") if adds_up(column) and column.values])
    if _named_like_alias(maker):
        raise NoFit
    function, word = _over_groups(maker)
    keys = ", ".join(quoted(column) for column in join.child_columns)
    known = " AND ".join(f"{quoted(column)} IS NOT NULL" for column in join.child_columns)
    inner = f"SELECT SUM({quoted(number.name)}) AS num FROM {quoted(child.name)} WHERE {known} GROUP BY {keys}"
    phrase = f"the {word} total {said(number)} of {plural(child.name)} per {singular(parent.name)}"
    return figure(f"SELECT {function}(num) FROM ({inner})", phrase)


@template("extra", "count", "derived table", "group", "having")
def count_big_categories(maker: Maker) -> Draft:
    """Count the categories with more than so many rows."""
    table = maker.table("text", rows=6)
    category = maker.category(table)
    name, least = quoted(category.name), maker.number_between(1, 5)
    sql = f"SELECT COUNT(*) FROM (SELECT {name} FROM {quoted(table.name)} GROUP BY {name} HAVING COUNT(*) > {least})"
    number = f"more than {least} {plural(table.name)}"
    if category.nulls > 0:
        raise NoFit
    return how_many(sql, Rows(said(category, many=True), f"with {number}", f"have {number}"))


@template("extra", "aggregate", "case", "count")
def share_of_condition(maker: Maker) -> Draft:
    """Give the percentage of rows that fulfil a condition."""
    table = maker.table(rows=5)
    condition = _plain(maker, table, alone=True)
    rows = rows_of(maker, table, condition)
    words = maker.chance.choice(["percentage", "percentage", "share in percent"])
    sql = f"SELECT {_share(condition)} FROM {quoted(table.name)}"
    return figure(sql, f"the {words} of {rows.words}", f"What percentage of {rows.noun} {rows.predicate}?")


@template("extra", "aggregate", "case", "count", "join")
def share_by_parent(maker: Maker) -> Draft:
    """Give the percentage of children whose parent fulfils a condition."""
    parent, child, join = maker.family()
    condition = _plain(maker, parent, alone=False)
    words = rows_of(maker, parent, condition).words
    sql = f"SELECT {_share(condition)} FROM {quoted(child.name)} JOIN {quoted(parent.name)} ON {join.condition()}"
    return figure(
        sql, f"the percentage of {plural(child.name)} that belong to {words}", f"What percentage of {plural(child.name)} belong to {words}?"
    )


@template("extra", "aggregate", "case", "count", "group")
def share_per_category(maker: Maker) -> Draft:
    """Give the percentage of rows that fulfil a condition, per category."""
    table = maker.table("text", rows=6)
    category = maker.category(table)
    condition = _plain(maker, table, alone=True, other_than=(category,))
    name, rows = quoted(category.name), rows_of(maker, table, condition)
    sql = f"SELECT {name}, {_share(condition)} FROM {quoted(table.name)} GROUP BY {name}"
    ask = f"For each {said(category)}, what percentage of {rows.noun} {rows.predicate}?"
    return figure(sql, f"the percentage of {rows.words} per {said(category)}", ask)


@template("hard", "aggregate", "group", "having")
def categories_above_total(maker: Maker) -> Draft:
    """Give the categories whose total or mean is above a limit."""
    table = maker.table("text", "number", rows=6)
    category, number = maker.category(table), maker.column(table, "number")
    ways = [("AVG", "average"), ("MAX", "highest"), *([("SUM", "total")] if adds_up(number) else [])]
    function, word = maker.chance.choice(ways)
    numbers = sorted(value for value in number.values if isinstance(value, int | float))
    limit = f"{maker.round(numbers[len(numbers) // 2]):.12g}"
    name = quoted(category.name)
    sql = f"SELECT {name} FROM {quoted(table.name)} GROUP BY {name} HAVING {function}({quoted(number.name)}) > {limit}"
    above = f"{a(word + ' ' + said(number))} of {plural(table.name)} above {limit}"
    names = said(category, many=True)
    asks = (f"Which {names} have {above}?", f"List the {names} with {above}.", f"What are the {names} with {above}?")
    return Draft(sql, f"{names} with {above}", asks=asks)


@template("hard", "aggregate", "group", "order")
def categories_in_order(maker: Maker) -> Draft:
    """Give an aggregate per category, in its order."""
    table = maker.table("text", "number", rows=4)
    category, number = maker.category(table), maker.column(table, "number")
    sql, words = aggregate(maker, number, quoted(number.name))
    name = quoted(category.name)
    whole = f"SELECT {name}, {sql} FROM {quoted(table.name)} GROUP BY {name} ORDER BY {sql} DESC"
    phrase = f"the {words} of {plural(table.name)} per {said(category)}, highest first"
    return figure(whole, phrase, f"Show each {said(category)} with the {words} of its {plural(table.name)}, highest first.")


@template("hard", "aggregate", "group", "top")
def category_with_highest(maker: Maker) -> Draft:
    """Give the category with the highest or lowest aggregate."""
    table = maker.table("text", "number", rows=4)
    category, number = maker.category(table), maker.column(table, "number")
    function, word = maker.chance.choice([("SUM", "total"), ("AVG", "average")] if adds_up(number) else [("AVG", "average")])
    sort, most = maker.chance.choice([("DESC", "highest"), ("ASC", "lowest")])
    name, total = quoted(category.name), f"{function}({quoted(number.name)})"
    sql = f"SELECT {name} FROM {quoted(table.name)} GROUP BY {name} ORDER BY {total} {sort} LIMIT 1"
    end = f"the {most} {word} {said(number)} of {plural(table.name)}"
    asks = (f"Which {said(category)} has {end}?", f"Find the {said(category)} with {end}.", f"What is the {said(category)} with {end}?")
    return Draft(sql, f"the {said(category)} with {end}", asks=asks)


@template("medium", "count", "group", "order")
def categories_by_size(maker: Maker) -> Draft:
    """Count rows per category as people ask for it."""
    table = maker.table("text", rows=4)
    category = maker.category(table)
    name, many = quoted(category.name), plural(table.name)
    order, end = maker.chance.choice([("", ""), (" ORDER BY COUNT(*) DESC", ", most first")])
    sql = f"SELECT {name}, COUNT(*) FROM {quoted(table.name)} GROUP BY {name}{order}"
    more = (f"How many {many} are there per {said(category)}{end}?", f"How many {many} does each {said(category)} have{end}?")
    return figure(sql, f"the number of {many} per {said(category)}{end}", *more, f"Count the {many} by {said(category)}{end}.")
