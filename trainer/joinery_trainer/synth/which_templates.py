"""Templates that name no column: *which customers*, *show all products*. The answer is what stands for a row (`labels`)."""

from __future__ import annotations

from dataclasses import replace

from joinery_trainer.synth.maker import Maker, NoFit
from joinery_trainer.synth.phrases import a, plural, singular, value_phrase, value_sql, words_of
from joinery_trainer.synth.registry import Draft, template
from joinery_trainer.synth.schema import Column, Table, quoted
from joinery_trainer.synth.templates import direction, said
from joinery_trainer.synth.wording import Rows, rows_along, rows_of, the_one, which


def _own_words(by: Column, word: str) -> tuple[str, ...]:
    """Return the superlatives of a column that has some of its own: prices make things cheap, birthdays make people young."""
    words = set(words_of(by.name))
    if words & {"price", "cost"}:
        return ("most expensive",) if word == "highest" else ("cheapest",)
    if words & {"birth", "born", "birthday", "birthdate"}:
        return ("youngest",) if word == "latest" else ("oldest",)
    return ()


def _measure(maker: Maker, table: Table) -> Column:
    return maker.pick([column for column in table.of_kind("number", "date") if len(column.values) > 2 and column.nulls < 0.5])


@template("easy", "label", "plain rows")
def every_row(maker: Maker) -> Draft:
    """Give all rows by their names."""
    table, answer = maker.labelled()
    many, names = plural(table.name), answer.words(many=True)
    asks = [f"Show all {many}.", f"List all {many}.", f"What {many} are there?", f"Which {many} do we have?", f"Give me the {names} of all {many}."]
    asks += [f"List the {many}.", f"Show me every {singular(table.name)}."]
    return Draft(f"SELECT {answer.sql('')} FROM {quoted(table.name)}", f"all {many}", asks=tuple(asks))


@template("easy", "label", "where")
def which_rows(maker: Maker) -> Draft:
    """Give the rows that fulfil a condition."""
    table, answer = maker.labelled()
    condition = maker.condition(table, alone=True, other_than=answer.columns)
    return which(f"SELECT {answer.sql('')} FROM {quoted(table.name)} WHERE {condition.sql}", rows_of(maker, table, condition), answer)


@template("medium", "label", "where")
def which_rows_by_two(maker: Maker) -> Draft:
    """Give the rows that fulfil two conditions, or one of two."""
    table, answer = maker.labelled()
    one = maker.condition(table, alone=True, other_than=answer.columns)
    two = maker.condition(table, alone=True, other_than=[*answer.columns, one.column])
    word = maker.chance.choice(["AND", "AND", "OR"])
    sql = f"SELECT {answer.sql('')} FROM {quoted(table.name)} WHERE {one.sql} {word} {two.sql}"
    return which(sql, rows_of(maker, table, one, two, word.lower()), answer)


@template("easy", "label", "where")
def look_up(maker: Maker) -> Draft:
    """Give one property of the row with a name."""
    table, answer = maker.labelled()
    if len(answer.columns) > 1:
        raise NoFit
    wanted = maker.column(table, "text", "number", "date", other_than=answer.columns)
    name = str(maker.pick(answer.columns[0].values))
    phrase = f"the {said(wanted)} of the {singular(table.name)} {value_phrase(name)}"
    short = f"the {said(wanted)} of {value_phrase(name)}"
    sql = f"SELECT {quoted(wanted.name)} FROM {quoted(table.name)} WHERE {quoted(answer.columns[0].name)} = {value_sql(name)}"
    asks = (f"What is {phrase}?", f"What is {short}?", f"Show {short}.", f"Which {said(wanted)} does {value_phrase(name)} have?")
    return Draft(sql, short, asks=asks)


@template("medium", "label", "order")
def which_in_order(maker: Maker) -> Draft:
    """Give all rows in an order."""
    table, answer = maker.labelled("number", rows=3)
    by = _measure(maker, table)
    sort, word = direction(maker, by)
    end = f"with the {word} {said(by)} first"
    many = plural(table.name)
    sql = f"SELECT {answer.sql('')} FROM {quoted(table.name)} ORDER BY {quoted(by.name)} {sort}"
    asks = (
        f"List all {many}, {end.removeprefix('with the ')}.",
        f"Show the {many} {end}.",
        f"Show all {many} sorted by {said(by)}, {word} first.",
        f"Give me all {many} ordered by {said(by)} from {'high to low' if word == 'highest' else 'the ' + word + ' on'}.",
        f"What are the {answer.words(many=True)} of all {many}, sorted by {said(by)}, {word} first?",
    )
    return Draft(sql, f"{many} sorted by {said(by)} {word} first", asks=asks if word != "lowest" else asks[:3])


@template("medium", "label", "top")
def which_top(maker: Maker) -> Draft:
    """Give the first few rows of an order."""
    table, answer = maker.labelled(rows=6)
    by = _measure(maker, table)
    sort, word = direction(maker, by)
    count = maker.number_between(2, min(10, table.rows - 1))
    many = plural(table.name)
    sql = f"SELECT {answer.sql('')} FROM {quoted(table.name)} ORDER BY {quoted(by.name)} {sort} LIMIT {count}"
    asks = [f"Which {count} {many} have the {word} {said(by)}?", f"Show the {count} {many} with the {word} {said(by)}."]
    asks += [f"List the {count} {many} with the {word} {said(by)}.", f"What are the {count} {many} with the {word} {said(by)}?"]
    asks += [f"Top {count} {many} by {said(by)}."] if word in ("highest", "latest") else [f"Bottom {count} {many} by {said(by)}."]
    asks += [f"{verb} the {count} {own} {many}{end}" for own in _own_words(by, word) for verb, end in (("What are", "?"), ("Show", "."))]
    return Draft(sql, f"{count} {many} with the {word} {said(by)}", asks=tuple(asks))


@template("medium", "label", "top", "where")
def which_best(maker: Maker) -> Draft:
    """Give the row with the highest or lowest number, or with the first or last date."""
    table, answer = maker.labelled(rows=3)
    by = _measure(maker, table)
    sort, word = direction(maker, by)
    known = f" WHERE {quoted(by.name)} IS NOT NULL" if sort == "ASC" and by.nulls > 0 else ""
    sql = f"SELECT {answer.sql('')} FROM {quoted(table.name)}{known} ORDER BY {quoted(by.name)} {sort} LIMIT 1"
    draft = the_one(sql, table, answer, f"with the {word} {said(by)}", f"has the {word} {said(by)}")
    noun = singular(table.name)
    more = [way for own in _own_words(by, word) for way in (f"What is the {own} {noun}?", f"Show the {own} {noun}.", f"Which {noun} is the {own}?")]
    return replace(draft, asks=(*draft.asks, *more))


@template("medium", "label", "where", "join", "distinct")
def which_over_one_join(maker: Maker) -> Draft:
    """Give the rows whose relative fulfils a condition."""
    return _related(maker, 2)


@template("hard", "label", "where", "join", "two joins", "distinct")
def which_over_two_joins(maker: Maker) -> Draft:
    """Give the rows two joins away from the condition."""
    return _related(maker, 3)


@template("extra", "label", "where", "join", "two joins", "distinct")
def which_over_three_joins(maker: Maker) -> Draft:
    """Give the rows three joins away from the condition."""
    return _related(maker, 4)


@template("medium", "label", "join")
def rows_with_their_parent(maker: Maker) -> Draft:
    """Give each child by its name beside its parent's."""
    parent, child, join, name = maker.labelled_family()
    own = maker.answer(child)
    sql = f"SELECT {own.sql()}, {name.sql()} FROM {quoted(child.name)} JOIN {quoted(parent.name)} ON {join.condition()}"
    children, one = plural(child.name), singular(parent.name)
    if own.named:
        return Draft(sql, f"the {own.words()} of each {singular(child.name)} and its {one}")
    asks = (
        f"List all {children} with their {one}.",
        f"Show each {singular(child.name)} and its {one}.",
        f"Which {one} does each {singular(child.name)} have?",
    )
    return Draft(sql, f"{children} with their {one}", asks=asks)


@template("hard", "label", "where", "scalar subquery", "aggregate")
def which_beyond_average(maker: Maker) -> Draft:
    """Give the rows above or below the average of all."""
    table, answer = maker.labelled("number", rows=4)
    number = maker.column(table, "number")
    sign, word = maker.chance.choice([(">", "above"), ("<", "below")])
    name, source = quoted(number.name), quoted(table.name)
    sql = f"SELECT {answer.sql('')} FROM {source} WHERE {name} {sign} (SELECT AVG({name}) FROM {source})"
    more = "more" if sign == ">" else "less"
    forms = [
        (f"with {a(word + '-average ' + said(number))}", f"have {a(word + '-average ' + said(number))}"),
        (f"whose {said(number)} is {word} average", f"are {word} the average {said(number)}"),
        (f"with {more} than the average {said(number)}", f"have {more} than the average {said(number)}"),
    ]
    return which(sql, Rows(plural(table.name), *maker.chance.choice(forms)), answer)


def _related(maker: Maker, length: int) -> Draft:
    table, answer = maker.labelled()
    path = maker.path(length, table)
    condition = maker.condition(path.last, alone=False)
    distinct = "DISTINCT " if path.multiplies else ""
    sql = f"SELECT {distinct}{answer.sql()} FROM {path.source()} WHERE {condition.sql}"
    return which(sql, rows_along(maker, path, condition), answer)
