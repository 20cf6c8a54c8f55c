"""Synthesised pairs run, differ, ask for something, and reach over several tables."""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from pathlib import Path

import apsw
import pytest

from joinery_trainer.data.pairs import Pair
from joinery_trainer.sql.clauses import canonical
from joinery_trainer.sql.sandbox import run_select
from joinery_trainer.synth.generate import Request, Synthesis, synthesise
from joinery_trainer.synth.phrases import column_phrase, plural, singular, words_of
from joinery_trainer.synth.registers import keywords, order, question, with_typos
from joinery_trainer.synth.registry import Draft
from joinery_trainer.synth.schema import Join, read_schema
from joinery_trainer.synth.triviality import trivial_reason

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
SAMPLES = Path(os.environ.get("JOINERY_DATA", "../../shared/data")) / "sample_dbs"

SCHEMA = """
CREATE TABLE country (country_id INTEGER PRIMARY KEY, name TEXT, continent TEXT);
CREATE TABLE customer (customer_id INTEGER PRIMARY KEY, first_name TEXT, city TEXT, joined TEXT, credit REAL, country_id INTEGER REFERENCES country);
CREATE TABLE product (product_id INTEGER PRIMARY KEY, title TEXT, color TEXT, price REAL, stock INTEGER);
CREATE TABLE "order" (order_id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer, ordered_on TEXT, status TEXT);
CREATE TABLE line (
  order_id INTEGER REFERENCES "order", line_no INTEGER, product_id INTEGER REFERENCES product, quantity INTEGER, PRIMARY KEY (order_id, line_no)
);
CREATE TABLE hollow (hollow_id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer);
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shop") / "shop.sqlite"
    chance = random.Random(4)
    connection = apsw.Connection(str(path))
    connection.execute(SCHEMA)

    def fill(table: str, rows: list[tuple[object, ...]]) -> None:
        with connection:
            connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)

    def day() -> str:
        return f"{chance.randint(2019, 2024)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"

    fill(
        "country",
        [(at, name, chance.choice(["Europe", "Asia", "America"])) for at, name in enumerate(["France", "Spain", "Japan", "Chile", "India"])],
    )
    cities = ["Lyon", "Nice", "Madrid", "Osaka", "Kyoto", "Delhi"]
    names = [f"{chance.choice('ABCDEFG')}nna{at}" for at in range(60)]
    customers = [
        (at, name, chance.choice(cities), day(), chance.choice([None, chance.randint(1, 900)]), chance.randrange(5)) for at, name in enumerate(names)
    ]
    fill("customer", customers)
    fill(
        "product",
        [(at, f"Chair {at}", chance.choice(["red", "blue", "green"]), chance.randint(5, 90) + 0.5, chance.randint(0, 50)) for at in range(40)],
    )
    fill('"order"', [(at, chance.randrange(50), day(), chance.choice(["open", "shipped", "paid"])) for at in range(200)])
    fill("line", [(at // 3, at % 3, chance.randrange(38), chance.randint(1, 9)) for at in range(500)])
    connection.close()
    return path


@pytest.fixture(scope="module")
def made(shop: Path) -> Synthesis:
    return synthesise(shop, Request(pairs=400))


def test_the_schema_has_kinds_and_joins(shop: Path) -> None:
    schema = read_schema(shop)
    kinds = {column.name: column.kind for table in schema.tables for column in table.columns}
    assert kinds["customer_id"] == kinds["line_no"] == "key"
    assert (kinds["joined"], kinds["credit"], kinds["city"]) == ("date", "number", "text")
    assert "hollow" not in {table.name for table in schema.tables}
    assert [join.condition() for join in schema.joins if join.child == "order"] == ['"order".customer_id = customer.customer_id']


def test_it_gives_what_was_asked_for(made: Synthesis) -> None:
    assert len(made.pairs) == 400
    assert made.skeletons >= 60
    assert made.multi_table >= 0.3
    assert len(made.empty) <= 0.05 * 400 + 1
    assert {pair.level for pair in made.pairs} == {"easy", "medium", "hard", "extra"}


def test_every_statement_runs_and_none_is_a_twin(made: Synthesis, shop: Path) -> None:
    outcomes = [run_select(shop, pair.sql) for pair in made.pairs]
    assert all(outcome.ran for outcome in outcomes)
    assert all(outcome.rows or pair.id in made.empty for outcome, pair in zip(outcomes, made.pairs, strict=True))
    assert len({canonical(pair.sql) for pair in made.pairs}) == len(made.pairs)
    assert max(Counter(canonical(pair.sql, mask_literals=True) for pair in made.pairs).values()) <= 3


def test_questions_keep_every_value_of_their_statement(made: Synthesis) -> None:
    for pair in made.pairs:
        for part in pair.sql.split("'")[1::2]:
            value = part.strip("%")
            year, month = value[:4], re.match(r"\d{4}-(\d\d)$", value)
            as_date = re.match(r"\d{4}-(?:01-01|\d\d)$", value) and year in pair.question
            assert value in pair.question or part in ("%Y", "%m", "%Y-%m") or as_date, pair
            assert not month or MONTHS[int(month[1]) - 1] in pair.question, pair


def test_the_same_seed_gives_the_same_pairs(shop: Path) -> None:
    def texts(seed: int) -> list[tuple[str, str]]:
        return [(pair.question, pair.sql) for pair in synthesise(shop, Request(pairs=40, seed=seed)).pairs]

    assert texts(7) == texts(7) != texts(8)


def test_relations_that_no_key_declares_are_used(shop: Path) -> None:
    relation = Join("product", ("stock",), "country", ("country_id",))
    pairs: list[Pair] = synthesise(shop, Request(pairs=150), [relation]).pairs
    assert any("product.stock = country.country_id" in pair.sql for pair in pairs)


def test_an_empty_database_gives_nothing(tmp_path: Path) -> None:
    path = tmp_path / "empty.sqlite"
    connection = apsw.Connection(str(path))
    connection.execute("CREATE TABLE t (a)")
    connection.close()
    assert synthesise(path, Request(pairs=10)).pairs == []


@pytest.mark.skipif(not SAMPLES.exists(), reason="without the data set in JOINERY_DATA")
@pytest.mark.parametrize("name", ["chinook", "northwind"])
def test_sample_databases(name: str) -> None:
    made = synthesise(SAMPLES / f"{name}.sqlite", Request(pairs=150))
    assert (len(made.pairs), made.skeletons >= 60, made.multi_table >= 0.3) == (150, True, True)


BAD = [
    "SELECT SUM(customer_id) FROM customer",
    "SELECT AVG(order_id) FROM \"order\"",
    "SELECT MAX(product_id) FROM product",
    "SELECT MIN(country_id) FROM country",
    "SELECT SUM(city) FROM customer",
    "SELECT AVG(joined) FROM customer",
    "SELECT customer_id + 1 FROM customer",
    "SELECT price * product_id FROM product",
    "SELECT first_name FROM customer WHERE customer_id > 5",
    "SELECT first_name FROM customer WHERE customer_id BETWEEN 1 AND 5",
    "SELECT first_name FROM customer WHERE customer_id != 5",
    "SELECT first_name FROM customer WHERE city = credit",
    "SELECT first_name FROM customer WHERE joined > credit",
    "SELECT first_name FROM customer WHERE city = city",
    "SELECT title FROM product ORDER BY product_id",
    "SELECT title FROM product ORDER BY product_id DESC LIMIT 3",
    "SELECT * FROM product",
    "SELECT customer.city FROM customer JOIN product",
    "SELECT customer.city FROM customer, product",
    "SELECT customer.city FROM customer JOIN product ON customer.credit = product.price",
    "SELECT c.city FROM customer AS c JOIN product AS p ON c.customer_id = p.product_id",
    "SELECT c.city FROM customer AS c JOIN line AS l ON c.customer_id = l.order_id",
    "SELECT COUNT(*) FROM country JOIN line ON country.country_id = line.product_id",
    "SELECT city FROM customer WHERE credit > (SELECT AVG(customer_id) FROM customer)",
    "garbage (",
]  # fmt: skip
GOOD = [
    "SELECT SUM(credit) FROM customer",
    "SELECT AVG(price) FROM product",
    "SELECT MAX(joined) FROM customer",
    "SELECT COUNT(customer_id) FROM customer",
    "SELECT COUNT(DISTINCT customer_id) FROM \"order\"",
    "SELECT price * stock FROM product",
    "SELECT first_name FROM customer WHERE customer_id = 5",
    "SELECT first_name FROM customer WHERE customer_id IN (1, 2)",
    "SELECT first_name FROM customer WHERE city != 'Lyon'",
    "SELECT first_name FROM customer WHERE joined > '2020-01-01'",
    "SELECT title FROM product ORDER BY price",
    "SELECT title FROM product ORDER BY title DESC LIMIT 3",
    "SELECT * FROM product WHERE price > 5",
    "SELECT * FROM product ORDER BY price LIMIT 1",
    "SELECT c.city FROM customer AS c JOIN country AS k ON c.country_id = k.country_id",
    "SELECT c.city FROM country AS k JOIN customer AS c ON k.country_id = c.country_id",
    "SELECT customer.city FROM customer JOIN \"order\" ON \"order\".customer_id = customer.customer_id GROUP BY customer.customer_id",
    "SELECT title FROM product WHERE product_id NOT IN (SELECT product_id FROM line)",
    "SELECT title FROM product WHERE price > (SELECT AVG(price) FROM product)",
    "SELECT color, COUNT(*) FROM product GROUP BY color HAVING COUNT(*) > 2",
    "SELECT color FROM product WHERE price > 5 INTERSECT SELECT color FROM product WHERE stock < 9",
    "SELECT AVG(count) FROM (SELECT COUNT(*) AS count FROM line GROUP BY order_id)",
    "SELECT 100.0 * SUM(CASE WHEN price > 5 THEN 1 ELSE 0 END) / COUNT(*) FROM product",
    "SELECT STRFTIME('%Y', joined), COUNT(*) FROM customer GROUP BY STRFTIME('%Y', joined)",
    "SELECT city FROM customer WHERE credit > 1 AND credit < 5",
]  # fmt: skip


@pytest.mark.parametrize("sql", BAD)
def test_trivial_statements_are_refused(shop: Path, sql: str) -> None:
    assert trivial_reason(sql, read_schema(shop))


@pytest.mark.parametrize("sql", GOOD)
def test_good_statements_are_kept(shop: Path, sql: str) -> None:
    assert trivial_reason(sql, read_schema(shop)) == ""


@pytest.mark.parametrize(
    ("name", "words", "one", "many"),
    [
        ("order_details", ["order", "details"], "order detail", "order details"),
        ("SalesOrderHeader", ["sales", "order", "header"], "sales order header", "sales order headers"),
        ("CATEGORIES", ["categories"], "category", "categories"),
        ("Address", ["address"], "address", "addresses"),
        ("boxes", ["boxes"], "box", "boxes"),
        ("species", ["species"], "species", "species"),
        ("HTTPLog", ["http", "log"], "http log", "http logs"),
    ],
)
def test_names_as_words(name: str, words: list[str], one: str, many: str) -> None:
    assert (words_of(name), singular(name), plural(name)) == (words, one, many)


def test_a_column_drops_the_name_of_its_table() -> None:
    assert [column_phrase(column, "customers") for column in ("customer_name", "CustomerID", "city", "customer")] == [
        "name",
        "id",
        "city",
        "customer",
    ]


def test_registers() -> None:
    draft = Draft("SELECT 1", 'the names of all singers whose country is "the Netherlands"')
    counted = Draft("SELECT 1", "singers whose age is above 30", counted=True)
    chance = random.Random(1)
    assert question(draft, chance) == 'What are the names of all singers whose country is "the Netherlands"?'
    assert keywords(draft) == 'names singers country is "the Netherlands"'
    assert order(draft, chance).endswith('"the Netherlands".')
    assert "30" in question(counted, chance)
    typed = [with_typos('the names of all singers whose country is "the Netherlands"', chance) for _ in range(50)]
    assert all(text.endswith('"the Netherlands"') for text in typed)
    assert len(set(typed)) > 20


def test_the_last_row_shown_is_better_than_the_next(made: Synthesis, shop: Path) -> None:
    limited = [match for pair in made.pairs if (match := re.match(r"SELECT (?!DISTINCT)(.* ORDER BY (.*) (?:ASC|DESC) LIMIT) (\d+)$", pair.sql))]
    assert len(limited) > 20
    for match in limited:
        rest, by, count = match.groups()
        rows = run_select(shop, f"SELECT {by}, {rest} {int(count) + 1}").rows
        assert len(rows) <= int(count) or rows[-1][0] != rows[-2][0], match[0]


def test_difficulties_come_in_the_shares_that_were_asked_for(shop: Path) -> None:
    made = synthesise(shop, Request(pairs=200, levels=(("easy", 0.5), ("hard", 0.5))))
    shares = Counter(pair.level for pair in made.pairs)
    assert set(shares) == {"easy", "hard"}
    assert abs(shares["easy"] - 100) <= 30
