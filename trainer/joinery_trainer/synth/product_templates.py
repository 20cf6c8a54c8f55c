"""Templates on sums of products: what was sold, what is in stock, by number times price; and one number of a row against another of its kind."""

from __future__ import annotations

from dataclasses import dataclass

from joinery_trainer.synth.kinship import comparable_numbers, price_and_quantity
from joinery_trainer.synth.maker import Condition, Maker, NoFit, Path
from joinery_trainer.synth.phrases import column_phrase, plural, singular, words_of
from joinery_trainer.synth.registry import Draft, template
from joinery_trainer.synth.schema import Column, Table, quoted
from joinery_trainer.synth.times import per_unit, unit
from joinery_trainer.synth.wording import Rows, figure, how_many, rows_along, rows_of, which

_SALES = frozenset(
    {"order", "orders", "orderdetails", "orderdetail", "invoice", "invoices", "sale", "sales", "purchase", "receipt", "basket", "cart"}
)


@dataclass(frozen=True)
class Worth:
    """The product of a quantity and a price of one table, and what it is called."""

    table: Table
    quantity: Column
    price: Column
    words: str

    def sql(self, *, qualified: bool) -> str:
        """Return the product."""
        return " * ".join(column.sql if qualified else quoted(column.name) for column in (self.quantity, self.price))


def _worth(maker: Maker, tables: list[Table] | None = None) -> Worth:
    fits = [table for table in (tables or maker.schema.tables) if price_and_quantity(table) and table.rows > 2]
    table = maker.pick(fits)
    pairs = price_and_quantity(table)
    quantity, price = maker.pick(pairs)
    one, other = column_phrase(quantity.name, table.name), column_phrase(price.name, table.name)
    spelled = maker.chance.choice([f"{one} times {other}", f"{other} times {one}", f"{one} multiplied by {other}"])
    if len(pairs) > 1 or not _SALES & set(words_of(table.name)):
        return Worth(table, quantity, price, maker.chance.choice([f"value of the {one} at the {other}", f"value ({spelled})"]))
    name = maker.chance.choice(["revenue", "revenue", "sales amount", "turnover", "sales value"])
    return Worth(table, quantity, price, maker.chance.choice([name, f"{name} ({spelled})"]))


def _upward(maker: Maker, worth: Worth) -> Path:
    return maker.ascent(worth.table, maker.chance.choice([1, 1, 2]))


def _grouped(path: Path) -> str:
    join = path.joins[-1]
    return "GROUP BY " + ", ".join(f"{quoted(join.parent)}.{quoted(column)}" for column in join.parent_columns)


@template("medium", "aggregate", "product")
def total_worth(maker: Maker) -> Draft:
    """Give the sum or mean of the products of all rows."""
    worth = _worth(maker)
    function, word = maker.chance.choice([("SUM", "total"), ("SUM", "total"), ("AVG", "average"), ("MAX", "highest")])
    each = "" if function == "SUM" else f" of {plural(worth.table.name)}"
    sql = f"SELECT {function}({worth.sql(qualified=False)}) FROM {quoted(worth.table.name)}"
    more = (f"How much {worth.words} is there in all?",) if function == "SUM" else ()
    return figure(sql, f"the {word} {worth.words}{each}", *more)


@template("hard", "aggregate", "product", "where", "join", "two joins")
def worth_of_some(maker: Maker) -> Draft:
    """Give the sum of the products of rows that fulfil a condition, or whose parent does."""
    worth = _worth(maker)
    total = f"SELECT SUM({worth.sql(qualified=True)})"
    if maker.chance.random() < 0.3:
        condition = maker.condition(worth.table, alone=False, other_than=[worth.quantity, worth.price])
        words = rows_of(maker, worth.table, condition).words
        return figure(f"{total} FROM {quoted(worth.table.name)} WHERE {condition.sql}", f"the total {worth.words} of {words}")
    path = _upward(maker, worth)
    condition = maker.condition(path.last, alone=False)
    words = rows_along(maker, path, condition).words
    if maker.chance.random() < 0.7:
        words = rows_of(maker, path.last, condition).words
    return figure(f"{total} FROM {path.source()} WHERE {condition.sql}", f"the total {worth.words} of {words}")


@template("hard", "aggregate", "product", "where", "join", "two joins")
def worth_of_one(maker: Maker) -> Draft:
    """Give the sum of the products that hang on one parent, called by its name."""
    worth = _worth(maker)
    path = _upward(maker, worth)
    answer = maker.answer(path.last)
    if answer.named or len(answer.columns) > 1:
        raise NoFit
    value = str(maker.pick(answer.columns[0].values))
    text = "'" + value.replace("'", "''") + "'"
    sql = f"SELECT SUM({worth.sql(qualified=True)}) FROM {path.source()} WHERE {answer.columns[0].sql} = {text}"
    noun = singular(path.last.name)
    return figure(sql, f'the total {worth.words} of the {noun} "{value}"', f'What {worth.words} did the {noun} "{value}" make?')


@template("hard", "aggregate", "product", "group", "join", "two joins", "label")
def worth_per_parent(maker: Maker) -> Draft:
    """Give the sum of the products for each parent, by its name."""
    worth = _worth(maker)
    path = _upward(maker, worth)
    answer = maker.answer(path.last)
    if answer.named:
        raise NoFit
    sql = f"SELECT {answer.sql()}, SUM({worth.sql(qualified=True)}) FROM {path.source()} {_grouped(path)}"
    noun = singular(path.last.name)
    more = (f"List each {noun} with its total {worth.words}.", f"How much {worth.words} did each {noun} make?")
    return figure(sql, f"the total {worth.words} per {noun}", f"Show the total {worth.words} for each {noun}.", *more)


@template("hard", "aggregate", "product", "group", "join", "two joins")
def worth_per_category(maker: Maker) -> Draft:
    """Give the sum of the products for each category of a parent."""
    worth = _worth(maker)
    path = _upward(maker, worth)
    category = maker.category(path.last)
    sql = f"SELECT {category.sql}, SUM({worth.sql(qualified=True)}) FROM {path.source()} GROUP BY {category.sql}"
    said = column_phrase(category.name, category.table)
    phrase = f"the total {worth.words} per {said} of the {singular(path.last.name)}"
    return figure(sql, phrase, f"Break down the {worth.words} by {singular(path.last.name)} {said}.")


@template("extra", "aggregate", "product", "group", "join", "two joins", "top", "label")
def best_by_worth(maker: Maker) -> Draft:
    """Give the parents with the highest or lowest sum of products."""
    worth = _worth(maker)
    path = _upward(maker, worth)
    answer = maker.answer(path.last)
    if answer.named or path.last.rows < 4:
        raise NoFit
    sort, word = maker.chance.choice([("DESC", "highest"), ("DESC", "highest"), ("ASC", "lowest")])
    count = maker.chance.choice([1, 3, 5, 10])
    count = min(count, path.last.rows - 1)
    total = f"SUM({worth.sql(qualified=True)})"
    sql = f"SELECT {answer.sql()} FROM {path.source()} {_grouped(path)} ORDER BY {total} {sort} LIMIT {count}"
    one, many = singular(path.last.name), plural(path.last.name)
    if count == 1:
        asks = [f"Which {one} has the {word} total {worth.words}?", f"Which {one} made the {word} {worth.words}?"]
        return Draft(sql, f"the {one} with the {word} total {worth.words}", asks=(*asks, f"Show the {one} with the {word} total {worth.words}."))
    asks = [f"Which {count} {many} have the {word} total {worth.words}?", f"What are the {count} {many} with the {word} {worth.words} in total?"]
    return Draft(sql, f"{count} {many} with the {word} total {worth.words}", asks=(*asks, f"Show the {count} {many} with the {word} {worth.words}."))


@template("extra", "aggregate", "product", "group", "join", "date part", "where")
def worth_per_period(maker: Maker) -> Draft:
    """Give the sum of the products per year or month of a parent's date."""
    worth = _worth(maker)
    path = maker.ascent(worth.table, 1)
    day = maker.column(path.last, "date")
    form, noun = unit(maker)
    span = f"STRFTIME('{form}', {day.sql})"
    known = f" WHERE {day.sql} IS NOT NULL" if day.nulls > 0 else ""
    sql = f"SELECT {span}, SUM({worth.sql(qualified=True)}) FROM {path.source()}{known} GROUP BY {span}"
    per = per_unit(day, path.last, noun)
    return figure(sql, f"the total {worth.words} {per}", f"How much {worth.words} was there {per}?")


@template("medium", "product", "label")
def worth_of_rows(maker: Maker) -> Draft:
    """Give the product of each row beside its name."""
    worth = _worth(maker)
    answer = maker.answer(worth.table)
    if answer.named:
        raise NoFit
    sql = f"SELECT {answer.sql('')}, {worth.sql(qualified=False)} FROM {quoted(worth.table.name)}"
    one, many = singular(worth.table.name), plural(worth.table.name)
    return figure(sql, f"the {worth.words} for each {one}", f"List all {many} with the {worth.words}.", f"What is the {worth.words} of each {one}?")


@template("medium", "columns compared", "count", "where")
def count_number_against_number(maker: Maker) -> Draft:
    """Count the rows with one number above or below another of its kind."""
    table, sql, rows, _ = _against(maker)
    return how_many(f"SELECT COUNT(*) FROM {quoted(table.name)} WHERE {sql}", rows)


@template("medium", "columns compared", "label", "where")
def which_number_against_number(maker: Maker) -> Draft:
    """Give the rows with one number above or below another of its kind."""
    table, sql, rows, _ = _against(maker)
    answer = maker.answer(table)
    return which(f"SELECT {answer.sql('')} FROM {quoted(table.name)} WHERE {sql}", rows, answer)


@template("hard", "columns compared", "label", "where")
def which_against_and_condition(maker: Maker) -> Draft:
    """Give the rows with one number against another and a condition besides."""
    table, sql, rows, columns = _against(maker)
    answer = maker.answer(table)
    condition: Condition = maker.condition(table, alone=True, other_than=[*columns, *answer.columns])
    more = Rows(rows.noun, f"{rows.relative} and whose {condition.words}", f"{rows.predicate} and whose {condition.words}")
    if not rows.relative.startswith("whose"):
        raise NoFit
    asks = which(sql, more, answer).asks
    kept = tuple(ask for ask in asks if more.relative in ask)
    return Draft(f"SELECT {answer.sql('')} FROM {quoted(table.name)} WHERE {sql} AND {condition.sql}", more.words, asks=kept)


def _against(maker: Maker) -> tuple[Table, str, Rows, tuple[Column, Column]]:
    table = maker.pick([table for table in maker.schema.tables if comparable_numbers(table)])
    one, other = maker.chance.sample(maker.pick(comparable_numbers(table)), 2)
    said, beside = (column_phrase(column.name, table.name) for column in (one, other))
    sign, words, more = maker.chance.choice(
        [(">", "higher than", "more"), ("<", "lower than", "less"), (">", "above", "more"), ("<", "below", "less")]
    )
    ways = [(f"whose {said} is {words} their {beside}", f"have a {said} {words} their {beside}")] * 2
    ways += [(f"with {more} {said} than {beside}", f"have {more} {said} than {beside}")]
    return table, f"{quoted(one.name)} {sign} {quoted(other.name)}", Rows(plural(table.name), *maker.chance.choice(ways)), (one, other)
