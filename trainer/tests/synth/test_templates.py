"""Every template fits a schema that has all they ask for and holds what it says; what is kept back leaves no construct untrained."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import apsw
import pytest
from sqlglot import exp

from joinery_trainer.data.build import Sources, build_pairs
from joinery_trainer.sql.clauses import parse
from joinery_trainer.sql.sandbox import run_select
from joinery_trainer.synth.constructs import constructs_of
from joinery_trainer.synth.held_back import split_templates
from joinery_trainer.synth.library import CONSTRUCTS, TEMPLATES
from joinery_trainer.synth.maker import Maker, NoFit
from joinery_trainer.synth.registry import Draft, Template
from joinery_trainer.synth.schema import read_schema
from joinery_trainer.synth.triviality import trivial_reason

SCHEMA = """
CREATE TABLE region (region_id INTEGER PRIMARY KEY, name TEXT, zone TEXT);
CREATE TABLE employee (
  employee_id INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT, hire_date TEXT, salary INTEGER, manager_id INTEGER REFERENCES employee
);
CREATE TABLE customer (
  customer_id INTEGER PRIMARY KEY, customer_name TEXT, city TEXT, credit REAL, region_id INTEGER REFERENCES region,
  employee_id INTEGER REFERENCES employee
);
CREATE TABLE product (
  product_id INTEGER PRIMARY KEY, title TEXT, color TEXT, buy_price REAL, list_price REAL, quantity_in_stock INTEGER, weight INTEGER
);
CREATE TABLE orders (
  order_id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer, order_date TEXT, required_date TEXT, shipped_date TEXT, status TEXT,
  freight REAL
);
CREATE TABLE order_item (
  order_id INTEGER REFERENCES orders, product_id INTEGER REFERENCES product, quantity INTEGER, unit_price REAL, PRIMARY KEY (order_id, product_id)
);
"""
ALL = [template for level in TEMPLATES.values() for template in level]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("office") / "office.sqlite"
    chance = random.Random(5)
    connection = apsw.Connection(str(path))
    connection.execute(SCHEMA)

    def fill(name: str, rows: list[tuple[object, ...]]) -> None:
        with connection:
            connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)

    def day(year: int) -> str:
        return f"{year}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"

    fill("region", [(at, name, "warm" if at % 2 else "cold") for at, name in enumerate(["North", "South", "East", "West", "Middle"])])
    fill("employee", [(at, f"Ann{at}", f"Lee{at}", day(2010 + at % 5), 1_000 + 37 * at, at // 3 if at else None) for at in range(20)])
    cities = ["Lyon", "Nice", "Madrid", "Osaka", None]
    fill("customer", [(at, f"Shop {at}", chance.choice(cities), chance.choice([None, at * 9]), at % 5, at % 18) for at in range(50)])
    fill("product", [(at, f"Chair {at}", chance.choice(["red", "blue"]), 5 + at, 9 + at % 7, chance.randint(0, 90), 100 + at) for at in range(40)])
    orders = []
    for at in range(150):
        days = (day(2020 + at % 3), day(2021 + at % 2), day(2022) if at % 9 else None)
        orders.append((at, chance.randrange(45), *days, chance.choice("ab"), at / 2))
    fill("orders", orders)
    fill("order_item", [(at // 3, at % 38, chance.randint(1, 9), chance.randint(5, 60)) for at in range(400)])
    connection.close()
    return path


def drafts(path: Path, tries: int) -> Iterator[tuple[str, Draft]]:
    maker = Maker(read_schema(path), random.Random(2))
    for template in ALL:
        for _ in range(tries):
            try:
                yield template.__name__, template(maker)
            except NoFit:
                continue


def test_every_template_runs_and_says_its_constructs(office: Path) -> None:
    schema = read_schema(office)
    for name, draft in drafts(office, tries=12):
        assert run_select(office, draft.sql).ran, (name, draft.sql)
        assert trivial_reason(draft.sql, schema) == "", (name, draft.sql)
        assert constructs_of(draft.sql) <= CONSTRUCTS[name], (name, draft.sql)


@pytest.mark.parametrize("template", ALL, ids=lambda template: template.__name__)
def test_every_template_fits_and_has_the_constructs_that_it_says(office: Path, template: Template) -> None:
    maker, missing = Maker(read_schema(office), random.Random(1)), set(CONSTRUCTS[template.__name__]) - {"label"}
    for _ in range(400):
        if not missing:
            break
        with suppress(NoFit):
            missing -= constructs_of(template(maker).sql)
    assert not missing


def test_no_key_is_shown_that_the_question_does_not_name(office: Path) -> None:
    schema = read_schema(office)
    keys = {column.name: column.name.replace("_", " ") for table in schema.tables for column in table.of_kind("key")}
    for name, draft in drafts(office, tries=15):
        statement = parse(draft.sql)
        assert isinstance(statement, exp.Query)
        select = statement.find(exp.Select)
        assert select is not None
        shown = [item.name for item in select.expressions if isinstance(item, exp.Column) and item.name in keys]
        for ask in draft.asks or (draft.phrase,):
            assert all(keys[column] in ask for column in shown), (name, ask, draft.sql)


def test_questions_are_whole_and_clean(office: Path) -> None:
    for name, draft in drafts(office, tries=15):
        for ask in draft.asks:
            assert ask[-1] in "?.", (name, ask)
            assert ask == " ".join(ask.split()), (name, ask)
            assert not any(bad in ask for bad in (" the the ", " a a ", "None", "{", "}", " ?", " .")), (name, ask)


def test_a_poor_schema_is_no_fit_and_no_error(tmp_path: Path) -> None:
    path = tmp_path / "poor.sqlite"
    connection = apsw.Connection(str(path))
    connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT); INSERT INTO t VALUES (1, 'x'), (2, 'y')")
    connection.close()
    assert all(run_select(path, draft.sql).ran for _, draft in drafts(path, tries=3))


@pytest.mark.parametrize("seed", range(1, 13))
def test_constructs_of_what_is_kept_back_are_trained_on(seed: int) -> None:
    used, back = split_templates(0.2, seed)
    assert not used & back
    assert used | back == set(CONSTRUCTS)
    trained = Counter(construct for name in used for construct in CONSTRUCTS[name])
    kept = Counter(construct for name in back for construct in CONSTRUCTS[name])
    assert all(trained[construct] >= count for construct, count in kept.items())
    for known in TEMPLATES.values():
        assert sum(template.__name__ in back for template in known) == round(0.2 * len(known))


def test_templates_are_kept_back_by_seed() -> None:
    assert split_templates(0.2, 3) == split_templates(0.2, 3) != split_templates(0.2, 4)
    assert split_templates(0.0)[1] == frozenset()


def test_built_pairs_measure_known_constructs_in_unknown_templates(office: Path) -> None:
    built = build_pairs(Sources((office,), pairs=300, held_out=60))
    trained = {construct for pair in built.training for construct in constructs_of(pair.sql)}
    assert len(built.held_out) >= 40
    assert all(constructs_of(pair.sql) <= trained for pair in built.held_out)
    assert not {pair.source for pair in built.training} & {pair.source for pair in built.held_out}


@pytest.mark.parametrize(
    ("sql", "constructs"),
    [
        ("SELECT a FROM t", ["plain rows"]),
        ("SELECT DISTINCT a FROM t WHERE b = 1", ["distinct", "where"]),
        ("SELECT a FROM t ORDER BY b", ["order"]),
        ("SELECT a FROM t ORDER BY b LIMIT 1 OFFSET 1", ["offset", "top"]),
        ("SELECT t.a FROM t JOIN u ON u.t = t.id ORDER BY u.b DESC LIMIT 1", ["join", "superlative child", "top"]),
        ("SELECT t.a FROM t JOIN u ON u.t = t.id GROUP BY t.id ORDER BY COUNT(*) DESC LIMIT 1", ["count", "group", "join", "top"]),
        ("SELECT t.a FROM t LEFT JOIN u ON u.t = t.id WHERE u.t IS NULL", ["join", "left join", "where"]),
        ("SELECT a FROM t WHERE id NOT IN (SELECT t FROM u)", ["anti join", "plain rows", "where"]),
        ("SELECT e.a, f.a FROM e JOIN e AS f ON e.m = f.id", ["join", "self join"]),
        ("SELECT SUM(a * b) FROM t", ["aggregate", "product"]),
        ("SELECT COUNT(*) FROM t WHERE a > b", ["columns compared", "count", "where"]),
        ("SELECT COUNT(*) FROM t WHERE a > 1 AND STRFTIME('%Y', d) = '2004'", ["count", "where"]),
        ("SELECT STRFTIME('%Y', d), COUNT(*) FROM t GROUP BY STRFTIME('%Y', d)", ["count", "date part", "group"]),
        ("SELECT AVG(JULIANDAY(a) - JULIANDAY(b)) FROM t", ["aggregate", "days between"]),
        ("SELECT AVG(count) FROM (SELECT COUNT(*) AS count FROM t GROUP BY a)", ["aggregate", "count", "derived table", "group"]),
        ("SELECT a FROM t WHERE b > (SELECT AVG(b) FROM t)", ["aggregate", "scalar subquery", "where"]),
        ("SELECT a FROM t WHERE b = 1 EXCEPT SELECT a FROM t WHERE b = 2", ["set operation", "where"]),
        ("no statement (", []),
    ],
)
def test_constructs_of(sql: str, constructs: list[str]) -> None:
    assert sorted(constructs_of(sql)) == constructs
