"""Nearly right statements: each mutation makes what it is named for, in the product's style, and nothing twice."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from joinery_trainer.preferences.mutations import MUTATIONS, mutated
from joinery_trainer.preferences.surface import in_style, surface
from joinery_trainer.sql.clauses import parse
from joinery_trainer.synth.schema import read_schema

JOINED = "SELECT singer.name FROM singer JOIN singer_in_concert ON singer_in_concert.singer_id = singer.singer_id"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT a FROM t WHERE x NOT IN (SELECT 1)",
        "SELECT a FROM t WHERE x != 3 AND y NOT LIKE '%a%' AND z NOT BETWEEN 1 AND 2 AND c IS NOT NULL",
        "SELECT DISTINCT a FROM t ORDER BY a DESC, b LIMIT 1 OFFSET 3",
        "SELECT CAST(a AS REAL) / 3, COUNT(DISTINCT a) FROM t LEFT JOIN u ON u.x = t.x",
        "SELECT a FROM t WHERE (a = 1 OR b = 'it''s') AND NOT EXISTS(SELECT 1)",
        'SELECT a FROM "order" EXCEPT SELECT b FROM u',
    ],
)
def test_the_products_style_is_written_again_exactly(sql: str) -> None:
    assert in_style(sql) is not None


@pytest.mark.parametrize("sql", ["select a from t", "SELECT a FROM t WHERE x <> 3", "SELECT a  FROM t", "garbage (", ""])
def test_another_style_is_seen(sql: str) -> None:
    assert in_style(sql) is None


@pytest.mark.parametrize(
    ("name", "sql", "expected"),
    [
        ("column", "SELECT title FROM concert", {"SELECT concert_id FROM concert", "SELECT year FROM concert"}),
        ("column", "SELECT COUNT(*) FROM singer", set()),
        ("aggregate", "SELECT MAX(age) FROM singer", {"SELECT MIN(age) FROM singer"}),
        ("aggregate", "SELECT COUNT(country) FROM singer", {"SELECT COUNT(DISTINCT country) FROM singer"}),
        ("aggregate", "SELECT COUNT(DISTINCT country) FROM singer", {"SELECT COUNT(country) FROM singer"}),
        (
            "operator",
            "SELECT name FROM singer WHERE age > 30",
            {"SELECT name FROM singer WHERE age >= 30", "SELECT name FROM singer WHERE age < 30"},
        ),
        ("operator", "SELECT name FROM singer WHERE age NOT IN (1, 2)", {"SELECT name FROM singer WHERE age IN (1, 2)"}),
        ("operator", JOINED, set()),
        (
            "dropped condition",
            "SELECT name FROM singer WHERE age > 30 AND country = 'France'",
            {"SELECT name FROM singer WHERE age > 30", "SELECT name FROM singer WHERE country = 'France'"},
        ),
        ("dropped condition", "SELECT name FROM singer WHERE age > 30", {"SELECT name FROM singer"}),
        ("dropped join", JOINED, {"SELECT singer.name FROM singer"}),
        ("dropped join", f"{JOINED} WHERE singer_in_concert.concert_id = 1", set()),
        ("added join", JOINED, {f"{JOINED} JOIN concert ON singer_in_concert.concert_id = concert.concert_id"}),
        ("table", "SELECT concert_id FROM concert", {"SELECT concert_id FROM singer_in_concert"}),
        ("table", "SELECT title FROM concert", set()),
        (
            "order",
            "SELECT name FROM singer ORDER BY age DESC LIMIT 1",
            {"SELECT name FROM singer ORDER BY age ASC LIMIT 1", "SELECT name FROM singer LIMIT 1", "SELECT name FROM singer ORDER BY age DESC"},
        ),
        ("distinct", "SELECT name FROM singer", {"SELECT DISTINCT name FROM singer"}),
        ("distinct", "SELECT DISTINCT name FROM singer", {"SELECT name FROM singer"}),
        (
            "set",
            "SELECT name FROM singer INTERSECT SELECT title FROM concert",
            {
                "SELECT name FROM singer UNION SELECT title FROM concert",
                "SELECT name FROM singer EXCEPT SELECT title FROM concert",
                "SELECT name FROM singer",
            },
        ),
        ("list", "SELECT COUNT(*), title FROM concert", {"SELECT COUNT(*) FROM concert", "SELECT title, COUNT(*) FROM concert"}),
        ("value", "SELECT name FROM singer WHERE country = 'Netherlands'", None),
        ("value", "SELECT name FROM singer WHERE age = 30", set()),
    ],
)
def test_what_a_mutation_makes(database: Path, name: str, sql: str, expected: set[str] | None) -> None:
    statement = in_style(sql)
    assert statement is not None
    made = {surface(candidate) for candidate in MUTATIONS[name](statement, read_schema(database), random.Random(1))}
    if expected is None:
        assert made <= {sql.replace("Netherlands", other) for other in ("France", "USA")} and made
    elif name == "list":
        assert expected <= made and len(made) == len(expected) + 1  # and one column more
    else:
        assert made == expected
    assert surface(statement) == sql  # nothing is changed in place


def test_all_of_a_statement(database: Path) -> None:
    sql = f"{JOINED} WHERE singer.age > (SELECT AVG(age) FROM singer) GROUP BY singer.country HAVING COUNT(*) > 1 ORDER BY COUNT(*) DESC LIMIT 2"
    statement = in_style(sql)
    assert statement is not None
    schema = read_schema(database)
    made = [(name, surface(candidate)) for name, candidate in mutated(statement, schema, random.Random(1))]
    texts = [text for _, text in made]
    assert len(texts) == len(set(texts)) > 25 and sql not in texts
    assert len({name for name, _ in made}) >= 8
    assert all(parse(text) is not None and "NULLS" not in text for text in texts)
    assert [name for name, _ in made][:6] != sorted(name for name, _ in made)[:6]  # kinds take turns
    assert made == [(name, surface(candidate)) for name, candidate in mutated(statement, schema, random.Random(1))]
    assert made != [(name, surface(candidate)) for name, candidate in mutated(statement, schema, random.Random(2))]
