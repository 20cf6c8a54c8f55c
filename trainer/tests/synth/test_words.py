"""What stands for a row, which columns belong together, and how rows, dates and values are said."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from joinery_trainer.synth.kinship import adds_up, comparable_dates, comparable_numbers, price_and_quantity, self_relations
from joinery_trainer.synth.labels import answer_of, label_of
from joinery_trainer.synth.maker import Condition, Maker, NoFit
from joinery_trainer.synth.maker import Path as Joined
from joinery_trainer.synth.phrases import a, column_phrase, plural_column, value_phrase, value_sql
from joinery_trainer.synth.registers import keywords, say
from joinery_trainer.synth.registry import Draft
from joinery_trainer.synth.schema import Column, Join, Kind, Schema, Table
from joinery_trainer.synth.times import happened, per_unit, period, rows_in
from joinery_trainer.synth.wording import Rows, how_many, rows_along, rows_of, which

VALUES = ("a", "b", "c")


def table(name: str, *columns: str, rows: int = 9) -> Table:
    """Columns as ``name kind [variety]``: ``title text 1.0``."""
    made = []
    for column in columns:
        called, kind, *variety = column.split(" ")
        share = float(variety[0]) if variety else 1.0
        made.append(Column(name, called, kind_of(kind), VALUES, 0.0, share == 1.0, share))
    return Table(name, tuple(made), rows)


def kind_of(word: str) -> Kind:
    assert word in ("key", "number", "date", "text", "other")
    return word  # type: ignore[return-value]


LABELS = [
    (("id key", "customerName text", "city text 0.3"), ["customerName"]),
    (("id key", "CompanyName text 0.95", "ContactName text"), ["CompanyName"]),
    (("id key", "lastName text 0.9", "firstName text", "jobTitle text 0.3"), ["firstName", "lastName"]),
    (("id key", "contactLastName text", "contactFirstName text", "customerName text"), ["customerName"]),
    (("au_id key", "au_lname text", "au_fname text", "phone text"), ["au_fname", "au_lname"]),
    (("id key", "title text", "notes text"), ["title"]),
    (("id key", "description text", "price number"), ["description"]),
    (("id key", "name text 0.4", "city text 0.2"), []),
    (("id key", "city text", "phone text"), []),
    (("id key", "user_name text", "city text 0.2"), []),
    (("name key", "size number"), []),
]


@pytest.mark.parametrize(("columns", "label"), LABELS)
def test_label_of(columns: tuple[str, ...], label: list[str]) -> None:
    assert [column.name for column in label_of(table("customers", *columns))] == label


def test_a_key_answers_only_when_it_is_named() -> None:
    order = answer_of(table("orders", "order_id key", "ordered date 0.5"))
    assert order is not None
    assert (order.named, order.sql(), order.words(many=True)) == (True, "orders.order_id", "order ids")
    person = answer_of(table("staff", "id key", "first_name text", "last_name text"))
    assert person is not None
    assert (person.named, person.person, person.sql("staff_2")) == (False, True, "staff_2.first_name, staff_2.last_name")
    assert answer_of(table("lines", "order_id key 0.2", "product_id key 0.2")) is None


KIN = [
    (("quantity number", "price number"), [("quantity", "price")], []),
    (("quantityOrdered number", "priceEach number", "lineNumber number"), [("quantityOrdered", "priceEach")], []),
    (("UnitPrice number", "Quantity number", "Discount number"), [("Quantity", "UnitPrice")], []),
    (("buyPrice number", "MSRP number"), [], [("buyPrice", "MSRP")]),
    (("UnitsInStock number", "ReorderLevel number"), [], [("UnitsInStock", "ReorderLevel")]),
    (("tax_rate number", "quantity number"), [], []),
    (("weight number", "year number"), [], []),
    (("unit_price text", "quantity number"), [], []),
]


@pytest.mark.parametrize(("columns", "products", "compared"), KIN)
def test_numbers_that_belong_together(columns: tuple[str, ...], products: list[tuple[str, str]], compared: list[tuple[str, str]]) -> None:
    made = table("things", *columns)
    assert [(one.name, other.name) for one, other in price_and_quantity(made)] == products
    assert [(one.name, other.name) for one, other in comparable_numbers(made)] == compared


def test_dates_come_in_their_order() -> None:
    made = table("orders", "shippedDate date", "birthDate date", "requiredDate date", "orderDate date")
    assert [(one.name, other.name) for one, other in comparable_dates(made)] == [
        ("requiredDate", "shippedDate"),
        ("orderDate", "shippedDate"),
        ("orderDate", "requiredDate"),
    ]


@pytest.mark.parametrize(("name", "adds"), [("amount", True), ("quantity", True), ("unitPrice", False), ("job_lvl", False), ("year", False)])
def test_adds_up(name: str, adds: bool) -> None:
    assert adds_up(table("t", f"{name} number").columns[0]) is adds


def test_self_relations_need_room_for_a_copy() -> None:
    staff = table("staff", "id key", "boss key 0.5")
    boss = Join("staff", ("boss",), "staff", ("id",))
    assert self_relations(Schema(Path("x"), (staff,), (boss,))) == [boss]
    assert self_relations(Schema(Path("x"), (staff, table("Staff_2", "id key")), (boss,))) == []


@pytest.mark.parametrize(
    ("phrase", "many"),
    [
        ("name", "names"),
        ("quantity in stock", "quantities in stock"),
        ("quantity ordered", "quantities ordered"),
        ("price each", "prices each"),
        ("city", "cities"),
        ("status", "status"),
    ],
)
def test_plural_column(phrase: str, many: str) -> None:
    assert plural_column(phrase) == many


@pytest.mark.parametrize(
    ("noun", "said"),
    [
        ("order", "an order"),
        ("price", "a price"),
        ("units in stock", "units in stock"),
        ("status", "a status"),
        ("bus", "a bus"),
        ("unit price", "a unit price"),
        ("album that starts", "an album that starts"),
    ],
)
def test_articles(noun: str, said: str) -> None:
    assert a(noun) == said


def test_values_and_dates_keep_what_matters() -> None:
    assert [value_phrase(value) for value in (21000.0, 114200.5, 30.4, 7, "x")] == ["21000", "114200.5", "30.4", "7", '"x"']
    assert [value_sql(value) for value in (21000.0, 114200.5, "O'Neil")] == ["21000", "114200.5", "'O''Neil'"]
    assert [column_phrase(column, "orders") for column in ("orderDate", "order_id", "shippedDate")] == ["order date", "id", "shipped date"]


EVENTS = [
    ("orders", "orderDate", "placed"),
    ("orders", "shippedDate", "shipped"),
    ("payments", "paymentDate", "made"),
    ("staff", "hire_date", "hired"),
]


@pytest.mark.parametrize(("name", "column", "done"), [*EVENTS, ("orders", "requiredDate", ""), ("films", "last_update", "")])
def test_what_happened(name: str, column: str, done: str) -> None:
    made = table(name, f"{column} date")
    assert happened(made.columns[0], made) == done


def dated(name: str, *columns: str) -> Table:
    days = ("2003-04-07", "2004-03-01 10:00:00")
    return Table(name, tuple(Column(name, column, "date", days, 0.0, False, 0.5) for column in columns), 9)


def test_periods_say_what_they_ask_for() -> None:
    made = dated("orders", "orderDate", "shippedDate")
    maker = Maker(Schema(Path("x"), (made,), ()), random.Random(3))
    seen = {(when.sql, when.words) for when in (period(maker, made.columns[0], "orderDate") for _ in range(80))}
    assert ("STRFTIME('%Y-%m', orderDate) = '2004-03'", "in March 2004") in seen
    assert ("STRFTIME('%Y', orderDate) = '2003'", "in 2003") in seen
    assert ("orderDate >= '2004-01-01'", "in 2004 or later") in seen
    assert ("orderDate < '2003-01-01'", "before 2003") in seen
    assert len(seen) == 8
    said = {rows_in(maker, made, made.columns[1], "in 2003").words for _ in range(30)}
    assert said == {"orders with a shipped date in 2003", "orders shipped in 2003", "orders that were shipped in 2003"}
    assert [per_unit(column, made, "month") for column in made.columns] == ["per month", "per month of the shipped date"]


def staff_maker(seed: int = 1) -> tuple[Maker, Table, Table, Join]:
    customer = table("customers", "customer_id key", "name text", "country text 0.3", "credit number 0.8")
    order = table("orders", "order_id key", "customer_id key 0.4", "status text 0.2")
    join = Join("orders", ("customer_id",), "customers", ("customer_id",))
    return Maker(Schema(Path("x"), (customer, order), (join,)), random.Random(seed)), customer, order, join


def said_rows(words: str, column: int) -> set[tuple[str, str]]:
    maker, customer, _, _ = staff_maker()
    condition = Condition("x", words, customer.columns[column])
    return {(rows.relative, rows.predicate) for rows in (rows_of(maker, customer, condition) for _ in range(60))}


def test_conditions_are_said_in_several_ways() -> None:
    assert said_rows('country is "France"', 2) == {
        ('from "France"', 'are from "France"'),
        ('whose country is "France"', 'are in "France"'),
        ('where the country is "France"', 'are in "France"'),
        ('in "France"', 'are in "France"'),
    }
    assert {("with a credit above 5", "have a credit above 5"), ("that have a credit over 5", "have a credit over 5")} <= said_rows(
        "credit is greater than 5", 3
    )
    assert ("without a credit", "have no credit") in said_rows("credit is missing", 3)
    assert ("with a credit between 1 and 5", "have a credit between 1 and 5") in said_rows("credit is between 1 and 5", 3)


def test_rows_along_joins_are_tied_both_ways() -> None:
    maker, customer, order, join = staff_maker()
    status = Condition("x", 'status is "open"', order.columns[2])
    down = {rows_along(maker, Joined((customer, order), (join,)), status).predicate for _ in range(80)}
    assert {'have orders with the status "open"', 'have an order with the status "open"', 'have an order that has the status "open"'} <= down
    name = Condition("x", 'name is "Ann"', customer.columns[1])
    up = {rows_along(maker, Joined((order, customer), (join,)), name).words for _ in range(80)}
    assert {'orders of the customer "Ann"', 'orders that belong to the customer "Ann"'} <= up


def test_which_names_keys_and_never_needs_to_name_labels() -> None:
    _, customer, order, _ = staff_maker()
    rows = Rows("customers", "in France", "are in France")
    label, key = answer_of(customer), answer_of(order)
    assert label is not None
    assert key is not None
    asks = which("SELECT 1", rows, label).asks
    assert {"Which customers are in France?", "Show all customers in France.", "What are the names of customers in France?"} <= set(asks)
    assert all("order ids" in ask for ask in which("SELECT 1", rows, key).asks)
    assert "How many customers are in France?" in how_many("SELECT 1", rows).asks


def test_values_lose_their_quotes_only_when_they_stand_out() -> None:
    draft = Draft("SELECT 1", "", asks=('Which customers are in "New York" or "york" or "A1"?',))
    said = {say(draft, random.Random(seed)) for seed in range(40)}
    assert 'Which customers are in New York or "york" or A1?' in said
    assert draft.asks[0] in said


def test_keywords_keep_the_names_of_columns() -> None:
    assert keywords(Draft("", "the total revenue (quantity times price each) of the orders")) == "total revenue (quantity times price each) orders"


def test_nothing_that_a_schema_lacks_is_drawn() -> None:
    maker = Maker(Schema(Path("x"), (), ()), random.Random(1))
    for draw in (maker.labelled, maker.labelled_family, maker.family, maker.table):
        with pytest.raises(NoFit):
            draw()


@pytest.mark.parametrize(
    ("column", "owner", "said"),
    [
        ("pub_name", "publishers", "name"),
        ("au_lname", "authors", "last name"),
        ("ord_date", "sales", "order date"),
        ("qty", "sales", "quantity"),
        ("in_stock", "inventory", "in stock"),
        ("cust_city", "customer", "city"),
    ],
)
def test_abbreviations_are_spelled_out(column: str, owner: str, said: str) -> None:
    assert column_phrase(column, owner) == said


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        ("What are the cities of cities with C?", "What are cities with C?"),
        ("What is the title of each title?", "What is each title?"),
        ("Show the total total of invoices.", "Show the total of invoices."),
        ("Show the names of cities.", "Show the names of cities."),
    ],
)
def test_nothing_is_said_twice(ask: str, said: str) -> None:
    texts = {say(Draft("", "", asks=(ask,)), random.Random(seed)) for seed in range(20)}
    assert said in texts
