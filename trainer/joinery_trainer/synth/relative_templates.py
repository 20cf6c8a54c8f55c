"""Templates on rows and what belongs to them, asked by name: those with many, with most, with none, and totals over one join and two."""

from __future__ import annotations

from joinery_trainer.synth.kinship import adds_up
from joinery_trainer.synth.labels import Answer
from joinery_trainer.synth.maker import Maker, NoFit
from joinery_trainer.synth.phrases import a, plural, singular
from joinery_trainer.synth.registry import Draft, template
from joinery_trainer.synth.schema import Column, Join, Table, quoted
from joinery_trainer.synth.templates import said
from joinery_trainer.synth.wording import Rows, figure, how_many, the_one, which


def _source(parent: Table, child: Table, join: Join, kind: str = "JOIN") -> str:
    return f"{quoted(parent.name)} {kind} {quoted(child.name)} ON {join.condition()}"


def _key(join: Join) -> str:
    return ", ".join(f"{quoted(join.parent)}.{quoted(column)}" for column in join.parent_columns)


def _number(maker: Maker, children: str) -> tuple[str, str]:
    """Return a condition on COUNT(*) and what it says of the children."""
    count = maker.number_between(2, 6)
    return maker.chance.choice(
        [
            (f"> {count}", f"more than {count} {children}"),
            (f">= {count}", f"at least {count} {children}"),
            (f"< {count}", f"fewer than {count} {children} but at least one"),
            (f"= {count}", f"exactly {count} {children}"),
        ]
    )


@template("hard", "count", "group", "having", "join", "label")
def which_have_many(maker: Maker) -> Draft:
    """Give the parents with more or fewer than so many children."""
    parent, child, join, answer = maker.labelled_family()
    sql, number = _number(maker, plural(child.name))
    whole = f"SELECT {answer.sql()} FROM {_source(parent, child, join)} GROUP BY {_key(join)} HAVING COUNT(*) {sql}"
    relative = maker.chance.choice([f"with {number}", f"that have {number}"])
    return which(whole, Rows(plural(parent.name), relative, f"have {number}"), answer)


@template("extra", "count", "derived table", "group", "having", "where")
def count_having_many(maker: Maker) -> Draft:
    """Count the parents with more or fewer than so many children."""
    parent, child, join = maker.family()
    sql, number = _number(maker, plural(child.name))
    known = " AND ".join(f"{quoted(column)} IS NOT NULL" for column in join.child_columns)
    keys = ", ".join(quoted(column) for column in join.child_columns)
    inner = f"SELECT {keys} FROM {quoted(child.name)} WHERE {known} GROUP BY {keys} HAVING COUNT(*) {sql}"
    return how_many(f"SELECT COUNT(*) FROM ({inner})", Rows(plural(parent.name), f"with {number}", f"have {number}"))


@template("hard", "count", "group", "join", "label", "top")
def which_has_most(maker: Maker) -> Draft:
    """Give the one parent, or the few, with the most children."""
    parent, child, join, answer = maker.labelled_family()
    children, source = plural(child.name), _source(parent, child, join)
    sort, word = maker.chance.choice([("DESC", "most"), ("DESC", "most"), ("ASC", "fewest")])
    shown = maker.chance.choice(["", "", ", COUNT(*)"])
    also = f", and how many {children}" if shown else ""
    count = maker.chance.choice([1, 1, 3, 5])
    sql = f"SELECT {answer.sql()}{shown} FROM {source} GROUP BY {_key(join)} ORDER BY COUNT(*) {sort} LIMIT {count}"
    least = "" if sort == "DESC" else " but at least one"
    if count == 1:
        return the_one(sql, parent, answer, f"with the {word} {children}{least}{also}", f"has the {word} {children}{least}{also}")
    rows = f"{count} {plural(parent.name)}"
    asks = [f"Which {rows} have the {word} {children}{least}{also}?", f"Show the {rows} with the {word} {children}{least}{also}."]
    asks.append(f"What are the {rows} with the {word} {children}{least}{also}?")
    return Draft(sql, f"{rows} with the {word} {children}{least}{also}", asks=tuple(asks))


@template("hard", "anti join", "label", "where")
def which_have_none(maker: Maker) -> Draft:
    """Give the parents without a child."""
    parent, child, join, answer = maker.labelled_family()
    if len(join.child_columns) > 1:
        raise NoFit
    source, other = quoted(parent.name), quoted(child.name)
    key, own = quoted(join.child_columns[0]), quoted(join.parent_columns[0])
    sql = maker.chance.choice(
        [
            f"SELECT {answer.sql('')} FROM {source} WHERE {own} NOT IN (SELECT {key} FROM {other} WHERE {key} IS NOT NULL)",
            f"SELECT {answer.sql()} FROM {source} WHERE NOT EXISTS (SELECT 1 FROM {other} WHERE {join.condition()})",
        ]
    )
    return which(sql, _without(maker, parent, child), answer)


@template("hard", "join", "label", "left join", "where")
def which_joined_to_none(maker: Maker) -> Draft:
    """Give the parents that an outer join leaves without a child."""
    parent, child, join, answer = maker.labelled_family()
    missing = f"{quoted(child.name)}.{quoted(join.child_columns[0])} IS NULL"
    sql = f"SELECT {answer.sql()} FROM {_source(parent, child, join, 'LEFT JOIN')} WHERE {missing}"
    return which(sql, _without(maker, parent, child), answer)


@template("hard", "count", "join", "left join", "where")
def count_joined_to_none(maker: Maker) -> Draft:
    """Count the parents that an outer join leaves without a child."""
    parent, child, join = maker.family()
    missing = f"{quoted(child.name)}.{quoted(join.child_columns[0])} IS NULL"
    sql = f"SELECT COUNT(*) FROM {_source(parent, child, join, 'LEFT JOIN')} WHERE {missing}"
    return how_many(sql, _without(maker, parent, child))


@template("extra", "count", "group", "join", "label", "left join", "order")
def children_with_zeros(maker: Maker) -> Draft:
    """Count the children of each parent, those with none included."""
    parent, child, join, answer = maker.labelled_family()
    counted = f"COUNT({quoted(child.name)}.{quoted(join.child_columns[0])})"
    order, end = maker.chance.choice([("", ""), (f" ORDER BY {counted} DESC", ", most first")])
    sql = f"SELECT {answer.sql()}, {counted} FROM {_source(parent, child, join, 'LEFT JOIN')} GROUP BY {_key(join)}{order}"
    one, many, children = singular(parent.name), plural(parent.name), plural(child.name)
    zero = f"including {many} without any"
    asks = (f"How many {children} does each {one} have, {zero}{end}?", f"Show all {many} with their number of {children}, {zero}{end}.")
    return Draft(sql, f"number of {children} per {one} {zero}{end}", asks=asks)


@template("hard", "count", "group", "join", "label", "order")
def children_of_each(maker: Maker) -> Draft:
    """Count the children of each parent by its name."""
    parent, child, join, answer = maker.labelled_family()
    order, end = maker.chance.choice([("", ""), (" ORDER BY COUNT(*) DESC", ", most first")])
    sql = f"SELECT {answer.sql()}, COUNT(*) FROM {_source(parent, child, join)} GROUP BY {_key(join)}{order}"
    one, children = singular(parent.name), plural(child.name)
    asks = (
        f"How many {children} does each {one} have{end}?",
        f"Show the number of {children} per {one}{end}.",
        f"Count the {children} of each {one}{end}.",
    )
    return Draft(sql, f"the number of {children} per {one}{end}", asks=tuple(asks))


def _function(number: Column, maker: Maker) -> tuple[str, str]:
    rest = [("AVG", "average"), ("MAX", "highest")]
    return maker.chance.choice([("SUM", "total"), ("SUM", "total"), *rest] if adds_up(number) else rest)


def _named(maker: Maker, parent: Table, answer: Answer) -> tuple[str, str]:
    if len(answer.columns) > 1:
        raise NoFit
    value = str(maker.pick(answer.columns[0].values))
    text = "'" + value.replace("'", "''") + "'"
    word = f"the {singular(parent.name)} " if maker.chance.random() < 0.5 else ""
    return f"{answer.columns[0].sql} = {text}", f'{word}"{value}"'


@template("medium", "count", "join", "where")
def children_of_one(maker: Maker) -> Draft:
    """Count the children of a parent with a name."""
    parent, child, join, answer = maker.labelled_family()
    condition, name = _named(maker, parent, answer)
    source = f"{quoted(child.name)} JOIN {quoted(parent.name)} ON {join.condition()}"
    asks = (
        f"How many {plural(child.name)} does {name} have?",
        f"How many {plural(child.name)} of {name} are there?",
        f"Count the {plural(child.name)} of {name}.",
    )
    return Draft(f"SELECT COUNT(*) FROM {source} WHERE {condition}", f"{plural(child.name)} of {name}", counted=True, asks=asks)


@template("medium", "aggregate", "join", "where")
def total_of_one(maker: Maker) -> Draft:
    """Give an aggregate over the children of a parent with a name."""
    parent, child, join, answer = maker.labelled_family()
    condition, name = _named(maker, parent, answer)
    number = maker.column(child, "number")
    function, word = _function(number, maker)
    source = f"{quoted(child.name)} JOIN {quoted(parent.name)} ON {join.condition()}"
    return figure(
        f"SELECT {function}({number.sql}) FROM {source} WHERE {condition}", f"the {word} {said(number)} of the {plural(child.name)} of {name}"
    )


@template("hard", "aggregate", "group", "join", "label", "order")
def total_of_each(maker: Maker) -> Draft:
    """Give an aggregate over the children of each parent by its name."""
    parent, child, join, answer = maker.labelled_family()
    number = maker.column(child, "number")
    function, word = _function(number, maker)
    total = f"{function}({number.sql})"
    order, end = maker.chance.choice([("", ""), (f" ORDER BY {total} DESC", ", highest first")])
    sql = f"SELECT {answer.sql()}, {total} FROM {_source(parent, child, join)} GROUP BY {_key(join)}{order}"
    phrase = f"the {word} {said(number)} of the {plural(child.name)}"
    return figure(sql, f"{phrase} per {singular(parent.name)}{end}", f"List each {singular(parent.name)} with {phrase}{end}.")


@template("hard", "aggregate", "group", "having", "join", "label")
def which_exceed_total(maker: Maker) -> Draft:
    """Give the parents whose children's total or mean is above a limit."""
    parent, child, join, answer = maker.labelled_family()
    number = maker.column(child, "number")
    function, word = maker.chance.choice([("SUM", "total"), ("AVG", "average")] if adds_up(number) else [("AVG", "average")])
    numbers = sorted(value for value in number.values if isinstance(value, int | float))
    limit = maker.round(numbers[len(numbers) // 2] * (maker.number_between(2, 5) if function == "SUM" else 1))
    said_limit = f"{limit:.12g}"
    sql = f"SELECT {answer.sql()} FROM {_source(parent, child, join)} GROUP BY {_key(join)} HAVING {function}({number.sql}) > {said_limit}"
    above = f"{a(word + ' ' + said(number))} of {plural(child.name)} above {said_limit}"
    return which(sql, Rows(plural(parent.name), f"with {above}", f"have {above}"), answer)


@template("extra", "aggregate", "count", "group", "join", "label", "top")
def top_by_total(maker: Maker) -> Draft:
    """Give the parents with the highest total of their children."""
    return _top(maker, 1)


@template("extra", "aggregate", "count", "group", "join", "label", "top", "two joins")
def top_over_two_joins(maker: Maker) -> Draft:
    """Give the rows with the highest total two joins down."""
    return _top(maker, 2)


def _top(maker: Maker, joins: int) -> Draft:
    bottom = maker.pick([table for table in maker.schema.tables if table.rows > 4])
    path = maker.ascent(bottom, joins)
    answer = maker.answer(path.last)
    if answer.named or path.last.rows < 4:
        raise NoFit
    sums = [column for column in bottom.of_kind("number") if adds_up(column)]
    if sums and maker.chance.random() < 0.7:
        number = maker.pick(sums)
        measure, words = f"SUM({number.sql})", f"highest total {said(number)} of {plural(bottom.name)}"
    else:
        measure, words = "COUNT(*)", f"most {plural(bottom.name)}"
    count = min(maker.chance.choice([1, 3, 5, 10]), path.last.rows - 1)
    sql = f"SELECT {answer.sql()} FROM {path.source()} GROUP BY {_key(path.joins[-1])} ORDER BY {measure} DESC LIMIT {count}"
    if count == 1:
        return the_one(sql, path.last, answer, f"with the {words}", f"has the {words}")
    rows = f"{count} {plural(path.last.name)}"
    asks = (f"Which {rows} have the {words}?", f"Show the top {rows} by {words.split(' ', 1)[1]}.", f"Who are the {rows} with the {words}?")
    return Draft(sql, f"{rows} with the {words}", asks=asks if answer.person else asks[:2])


def _without(maker: Maker, parent: Table, child: Table) -> Rows:
    one, many = singular(child.name), plural(child.name)
    ways = [
        (f"without any {many}", f"have no {many}"),
        (f"without {many}", f"do not have any {many}"),
        (f"that have no {many}", f"have no {many}"),
        (f"that have never had {a(one)}", f"have never had {a(one)}"),
        (f"with no {many}", f"never had any {many}"),
    ]
    return Rows(plural(parent.name), *maker.chance.choice(ways))
