"""Equal meaning, equal form; one changed literal, another form."""

from __future__ import annotations

import itertools

import pytest

from joinery_trainer.sql.clauses import canonical, clause_atoms, skeleton


def test_atoms_name_tables_not_aliases() -> None:
    atoms = clause_atoms("SELECT T1.name FROM singer AS T1 JOIN b AS T2 ON T1.id = T2.sid WHERE T1.age > 20 AND 'France' = T1.Country")
    assert atoms is not None
    assert dict(atoms) == {
        "select:singer.name": 1,
        "from:singer": 1,
        "from:b": 1,
        "on:b.sid = singer.id": 1,
        "where:20 < singer.age": 1,
        "where:'France' = singer.country": 1,
    }


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("SELECT T1.a FROM t AS T1", "select t.A from t"),
        ("SELECT a FROM t WHERE x IN (3, 1, 2)", "SELECT a FROM t WHERE x IN (1, 2, 3)"),
        ("SELECT a FROM t WHERE x = 1 OR y = 2", "SELECT a FROM t WHERE y = 2 OR x = 1"),
        ("SELECT a FROM t WHERE (x = 1 OR y = 2) AND z > 3", "SELECT a FROM t WHERE 3 < z AND (y = 2 OR x = 1)"),
        ("SELECT a, b FROM t", "SELECT b, a FROM t"),
        ("SELECT a AS n FROM t", "SELECT a FROM t"),
        ("SELECT 1 FROM t JOIN u ON t.a = u.b", "SELECT 1 FROM u JOIN t ON u.b = t.a"),
        (
            "SELECT a FROM t WHERE x > (SELECT avg(k.x) FROM u AS k)",
            "SELECT a FROM t WHERE (SELECT AVG(u.x) FROM u) < x",
        ),
        ("SELECT a FROM t ORDER BY a", "SELECT a FROM t ORDER BY a ASC"),
    ],
)
def test_equal_forms(left: str, right: str) -> None:
    assert canonical(left) == canonical(right) is not None


def test_all_orders_of_five_conjuncts_are_one_form() -> None:
    conjuncts = ["a = 1", "b > 2", "c LIKE 'x%'", "d IN (1, 2)", "(e = 1 OR f = 2)"]
    forms = {canonical(f"SELECT a FROM t WHERE {' AND '.join(order)}") for order in itertools.permutations(conjuncts)}
    assert len(forms) == 1


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("SELECT a FROM t WHERE b = 'x'", "SELECT a FROM t WHERE b = 'X'"),
        ("SELECT a FROM t WHERE b = 1", "SELECT a FROM t WHERE b = 2"),
        ("SELECT a FROM t WHERE b > 1", "SELECT a FROM t WHERE b < 1"),
        ("SELECT a FROM t WHERE b > 1", "SELECT a FROM t WHERE b >= 1"),
        ("SELECT a FROM t", "SELECT DISTINCT a FROM t"),
        ("SELECT a FROM t ORDER BY a, b", "SELECT a FROM t ORDER BY b, a"),
        ("SELECT a FROM t ORDER BY a", "SELECT a FROM t ORDER BY a DESC"),
        ("SELECT a FROM t LIMIT 1", "SELECT a FROM t LIMIT 2"),
        ("SELECT a FROM t UNION SELECT b FROM u", "SELECT a FROM t UNION ALL SELECT b FROM u"),
        ("SELECT a FROM t WHERE x - y = 1", "SELECT a FROM t WHERE y - x = 1"),
        ("SELECT count(a) FROM t", "SELECT sum(a) FROM t"),
        ("SELECT a FROM t WHERE b = 1 AND b = 1 AND c = 2", "SELECT a FROM t WHERE b = 1 AND c = 2"),
    ],
)
def test_unequal_forms(left: str, right: str) -> None:
    assert canonical(left) != canonical(right)


def test_masking_forgets_literals_alone() -> None:
    masked = {canonical(f"SELECT a FROM t2 WHERE b = {value}", mask_literals=True) for value in ("1", "2.5", "'it''s'", "'x'")}
    assert masked == {"from:t2\nselect:a\nwhere:? = b", "from:t2\nselect:a\nwhere:b = ?"} or len(masked) == 1
    assert canonical("SELECT a FROM t2 WHERE c = 1", mask_literals=True) not in masked


@pytest.mark.parametrize("sql", ["", "DROP TABLE t", "SELECT 1; SELECT 2", "garbage (", "DELETE FROM t", "SELECT " + "(" * 3000])
def test_what_is_no_query_has_no_form(sql: str) -> None:
    assert (clause_atoms(sql), canonical(sql), skeleton(sql)) == (None, None, None)


def test_skeletons_keep_the_shape() -> None:
    assert skeleton("SELECT T1.name FROM singer AS T1 WHERE T1.age > 20") == skeleton("SELECT title FROM concert WHERE year > 2014")
    assert skeleton("SELECT name FROM singer WHERE age > 20") != skeleton("SELECT name FROM singer WHERE age < 20")
