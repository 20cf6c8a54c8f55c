"""Templates on dates: rows of a year or a month, figures per year and month, days between two dates, one date against another."""

from __future__ import annotations

from joinery_trainer.synth.kinship import comparable_dates
from joinery_trainer.synth.labels import answer_of
from joinery_trainer.synth.maker import Maker, NoFit
from joinery_trainer.synth.phrases import plural, singular
from joinery_trainer.synth.registry import Draft, template
from joinery_trainer.synth.schema import Column, Table, quoted
from joinery_trainer.synth.templates import aggregate, said
from joinery_trainer.synth.times import happened, per_unit, period, rows_in, unit
from joinery_trainer.synth.wording import Rows, figure, how_many, the_one, which


def _dated(maker: Maker, *, rows: int = 4, shown: bool = False) -> tuple[Table, Column]:
    fits = [table for table in maker.schema.tables if table.rows >= rows and table.of_kind("date") and (not shown or answer_of(table))]
    table = maker.pick(fits)
    return table, maker.pick([column for column in table.of_kind("date") if len(column.values) > 1])


@template("easy", "count", "where")
def count_in_period(maker: Maker) -> Draft:
    """Count the rows of a year or a month."""
    table, day = _dated(maker)
    when = period(maker, day, quoted(day.name))
    return how_many(f"SELECT COUNT(*) FROM {quoted(table.name)} WHERE {when.sql}", rows_in(maker, table, day, when.words))


@template("medium", "label", "where")
def which_in_period(maker: Maker) -> Draft:
    """Give the rows of a year or a month."""
    table, day = _dated(maker, shown=True)
    when, answer = period(maker, day, quoted(day.name)), maker.answer(table)
    sql = f"SELECT {answer.sql('')} FROM {quoted(table.name)} WHERE {when.sql}"
    return which(sql, rows_in(maker, table, day, when.words), answer)


@template("medium", "aggregate", "where")
def aggregate_in_period(maker: Maker) -> Draft:
    """Give an aggregate of the rows of a year or a month."""
    table, day = _dated(maker)
    number = maker.column(table, "number")
    when = period(maker, day, quoted(day.name))
    sql, words = aggregate(maker, number, quoted(number.name))
    return figure(f"SELECT {sql} FROM {quoted(table.name)} WHERE {when.sql}", f"the {words} of {rows_in(maker, table, day, when.words).words}")


@template("hard", "label", "distinct", "join", "where")
def parents_active_in(maker: Maker) -> Draft:
    """Give the parents with a child of a year or a month."""
    parent, child, join, answer = maker.labelled_family()
    day = maker.column(child, "date")
    when = period(maker, day, day.sql)
    sql = f"SELECT DISTINCT {answer.sql()} FROM {quoted(parent.name)} JOIN {quoted(child.name)} ON {join.condition()} WHERE {when.sql}"
    words = rows_in(maker, child, day, when.words).words
    return which(sql, Rows(plural(parent.name), f"with {words}", f"have {words}"), answer)


@template("medium", "count", "date part", "group", "where")
def count_per_period(maker: Maker) -> Draft:
    """Count rows per year or month."""
    table, day = _dated(maker)
    form, noun = unit(maker)
    span = f"STRFTIME('{form}', {quoted(day.name)})"
    known = f" WHERE {quoted(day.name)} IS NOT NULL" if day.nulls > 0 else ""
    sql = f"SELECT {span}, COUNT(*) FROM {quoted(table.name)}{known} GROUP BY {span}"
    many, per, done = plural(table.name), per_unit(day, table, noun), happened(day, table)
    were = f"were {done}" if done else "are there"
    return figure(sql, f"the number of {many} {per}", f"How many {many} {were} {per}?", f"Count the {many} {per}.", f"{many.capitalize()} {per}.")


@template("hard", "count", "date part", "group", "where")
def months_of_a_year(maker: Maker) -> Draft:
    """Count the rows of each month of one year."""
    table, day = _dated(maker)
    name, year = quoted(day.name), str(maker.pick(day.values))[:4]
    sql = f"SELECT STRFTIME('%m', {name}), COUNT(*) FROM {quoted(table.name)} WHERE STRFTIME('%Y', {name}) = '{year}' GROUP BY STRFTIME('%m', {name})"
    many = rows_in(maker, table, day, "").words.strip()
    return figure(sql, f"the number of {many} in each month of {year}", f"How many {many} are there in each month of {year}?")


@template("hard", "aggregate", "date part", "group", "where")
def aggregate_per_period(maker: Maker) -> Draft:
    """Give an aggregate per year or month."""
    table, day = _dated(maker)
    number = maker.column(table, "number")
    form, noun = unit(maker)
    span = f"STRFTIME('{form}', {quoted(day.name)})"
    known = f" WHERE {quoted(day.name)} IS NOT NULL" if day.nulls > 0 else ""
    sql, words = aggregate(maker, number, quoted(number.name))
    per = per_unit(day, table, noun)
    phrase = f"the {words} of {plural(table.name)} {per}"
    return figure(f"SELECT {span}, {sql} FROM {quoted(table.name)}{known} GROUP BY {span}", phrase, f"{words.capitalize()} {per}.")


@template("hard", "count", "date part", "group", "top", "where")
def busiest_period(maker: Maker) -> Draft:
    """Give the year or month with the most or fewest rows."""
    table, day = _dated(maker)
    form, noun = unit(maker)
    span = f"STRFTIME('{form}', {quoted(day.name)})"
    sort, word = maker.chance.choice([("DESC", "most"), ("DESC", "most"), ("ASC", "fewest")])
    known = f" WHERE {quoted(day.name)} IS NOT NULL" if day.nulls > 0 else ""
    sql = f"SELECT {span} FROM {quoted(table.name)}{known} GROUP BY {span} ORDER BY COUNT(*) {sort} LIMIT 1"
    many, done = plural(table.name), happened(day, table)
    asks = [f"In which {noun} were the {word} {many} {done}?"] * 2 if done else [f"Which {noun} has the {word} {many} by {said(day)}?"]
    asks += [f"Which {noun} of the {said(day)} has the {word} {many}?", f"Find the {noun} with the {word} {many} by {said(day)}."]
    return Draft(sql, f"the {noun} of the {said(day)} with the {word} {many}", asks=tuple(asks))


@template("hard", "aggregate", "group", "join", "label")
def last_of_each(maker: Maker) -> Draft:
    """Give the first or last date of each parent's children."""
    parent, child, join, answer = maker.labelled_family()
    day = maker.column(child, "date")
    function, word = maker.chance.choice([("MAX", "latest"), ("MIN", "earliest")])
    key = ", ".join(f"{quoted(parent.name)}.{quoted(column)}" for column in join.parent_columns)
    source = f"{quoted(parent.name)} JOIN {quoted(child.name)} ON {join.condition()}"
    sql = f"SELECT {answer.sql()}, {function}({day.sql}) FROM {source} GROUP BY {key}"
    one, phrase = singular(parent.name), f"the {word} {said(day)} of the {plural(child.name)}"
    return figure(sql, f"{phrase} of each {one}", f"What is {phrase} per {one}?", f"List each {one} with {phrase}.")


@template("medium", "columns compared", "count", "where")
def count_late(maker: Maker) -> Draft:
    """Count the rows with one date after another."""
    table, early, late = _two_dates(maker)
    sql, rows = _against(maker, table, early, late)
    return how_many(f"SELECT COUNT(*) FROM {quoted(table.name)} WHERE {sql}", rows)


@template("medium", "columns compared", "label", "where")
def which_late(maker: Maker) -> Draft:
    """Give the rows with one date after another."""
    table, early, late = _two_dates(maker)
    answer = maker.answer(table)
    sql, rows = _against(maker, table, early, late)
    return which(f"SELECT {answer.sql('')} FROM {quoted(table.name)} WHERE {sql}", rows, answer)


@template("hard", "aggregate", "days between")
def average_days(maker: Maker) -> Draft:
    """Give the mean, longest or shortest time between two dates."""
    table, early, late = _two_dates(maker)
    function, word = maker.chance.choice([("AVG", "average"), ("AVG", "average"), ("MAX", "largest"), ("MIN", "smallest")])
    span = f"the {word} number of days between the {said(early)} and the {said(late)} of {plural(table.name)}"
    sql = f"SELECT {function}({_days(early, late)}) FROM {quoted(table.name)}"
    more = [f"How many days are there on average between the {said(early)} and the {said(late)} of {plural(table.name)}?"]
    more += [f"How many days after the {said(early)} is the {said(late)} of {plural(table.name)} on average?"]
    return figure(sql, span, *(more if function == "AVG" else []))


@template("extra", "aggregate", "days between", "group", "join", "label")
def average_days_of_each(maker: Maker) -> Draft:
    """Give the mean time between two dates for each parent."""
    table, early, late = _two_dates(maker)
    path = maker.ascent(table, 1)
    answer, join = maker.answer(path.last), path.joins[0]
    if answer.named:
        raise NoFit
    key = ", ".join(f"{quoted(join.parent)}.{quoted(column)}" for column in join.parent_columns)
    sql = f"SELECT {answer.sql()}, AVG({_days(early, late, qualified=True)}) FROM {path.source()} GROUP BY {key}"
    span = f"the average number of days between {said(early)} and {said(late)}"
    return figure(sql, f"{span} for each {singular(join.parent)}", f"List each {singular(join.parent)} with {span} of its {plural(table.name)}.")


@template("hard", "days between", "where", "count")
def count_by_days(maker: Maker) -> Draft:
    """Count the rows with more or fewer than so many days between two dates."""
    table, early, late = _two_dates(maker)
    where, rows = _by_days(maker, table, early, late)
    return how_many(f"SELECT COUNT(*) FROM {quoted(table.name)} WHERE {where}", rows)


@template("hard", "days between", "where", "label")
def which_by_days(maker: Maker) -> Draft:
    """Give the rows with more or fewer than so many days between two dates."""
    table, early, late = _two_dates(maker)
    answer = maker.answer(table)
    where, rows = _by_days(maker, table, early, late)
    return which(f"SELECT {answer.sql('')} FROM {quoted(table.name)} WHERE {where}", rows, answer)


@template("extra", "days between", "where", "top", "label")
def longest_time(maker: Maker) -> Draft:
    """Give the row with the longest time between two dates."""
    table, early, late = _two_dates(maker)
    answer = maker.answer(table)
    known = f"{quoted(early.name)} IS NOT NULL AND {quoted(late.name)} IS NOT NULL"
    sort, word = maker.chance.choice([("DESC", "most"), ("ASC", "fewest")])
    sql = f"SELECT {answer.sql('')} FROM {quoted(table.name)} WHERE {known} ORDER BY {_days(early, late)} {sort} LIMIT 1"
    between = f"the {word} days between {said(early)} and {said(late)}"
    return the_one(sql, table, answer, f"with {between}", f"has {between}")


def _two_dates(maker: Maker) -> tuple[Table, Column, Column]:
    table = maker.pick([table for table in maker.schema.tables if comparable_dates(table)])
    return table, *maker.pick(comparable_dates(table))


def _against(maker: Maker, table: Table, early: Column, late: Column) -> tuple[str, Rows]:
    sign, word = maker.chance.choice([(">", "after"), (">", "later than"), ("<", "before"), ("<", "earlier than")])
    done = happened(late, table)
    ways = [(f"whose {said(late)} is {word} their {said(early)}", f"have a {said(late)} {word} their {said(early)}")]
    if done and word in ("after", "before"):
        ways += [(f"{done} {word} their {said(early)}", f"were {done} {word} their {said(early)}")] * 2
        ways += [(f"that were {done} {word} the {said(early)}", f"were {done} {word} the {said(early)}")]
    return f"{quoted(late.name)} {sign} {quoted(early.name)}", Rows(plural(table.name), *maker.chance.choice(ways))


def _days(early: Column, late: Column, *, qualified: bool = False) -> str:
    one, other = (column.sql if qualified else quoted(column.name) for column in (late, early))
    return f"JULIANDAY({one}) - JULIANDAY({other})"


def _by_days(maker: Maker, table: Table, early: Column, late: Column) -> tuple[str, Rows]:
    days = maker.pick([3, 5, 7, 10, 14, 20, 25, 30])
    sign, word = maker.chance.choice([(">", "more than"), ("<", "less than"), (">=", "at least")])
    done = happened(late, table)
    span = f"{word} {days} days"
    ways = [(f"with {span} between {said(early)} and {said(late)}", f"have {span} between {said(early)} and {said(late)}")]
    ways += [(f"whose {said(late)} is {span} after the {said(early)}", f"have a {said(late)} {span} after their {said(early)}")]
    if done:
        ways += [(f"{done} {span} after the {said(early)}", f"were {done} {span} after the {said(early)}")] * 2
    return f"{_days(early, late)} {sign} {days}", Rows(plural(table.name), *maker.chance.choice(ways))
