"""Plans: what the steps of a statement are called, and that a plan cannot end an answer early."""

from __future__ import annotations

import pytest

from joinery_trainer.decompose.plan import plan_of


@pytest.mark.parametrize(
    ("sql", "lines"),
    [
        ("SELECT COUNT(*) FROM singer", ["How many singer?"]),
        ("SELECT DISTINCT city FROM customers", ["Which different city of customers?"]),
        ("SELECT 1", ["Which 1?"]),
        (
            "SELECT T1.name FROM student AS T1 JOIN pet AS T2 ON T1.id = T2.student WHERE T1.age > 20 AND T2.kind = 'cat'",
            ["Which student.name of student, pet?", "Of these, only where student.age > 20?", "Of these, only where pet.kind = 'cat'?"],
        ),
        (
            "SELECT name FROM department GROUP BY id HAVING COUNT(*) > 2 ORDER BY COUNT(*) DESC, name LIMIT 3",
            [
                "Which name of department?",
                "Of these, for each id?",
                "Of these, only groups with COUNT(*) > 2?",
                "Of these, sorted by COUNT(*) descending, name?",
                "Of these, the first 3?",
            ],
        ),
        (
            "SELECT city, COUNT(*) FROM customers GROUP BY city",
            ["Which city, COUNT(*) of customers, for each city?"],
        ),
        (
            "SELECT name FROM author WHERE id NOT IN (SELECT author FROM book)",
            ["Which author of book?", "Which name of author?", "Of these, only where id NOT IN answer 1?"],
        ),
        (
            "SELECT name FROM a EXCEPT SELECT name FROM a WHERE x = 1",
            ["Which name of a?", "Of these, only where x = 1?", "Which of answer 1 are not in answer 2?"],
        ),
        (
            "SELECT name FROM a WHERE x = 1 INTERSECT SELECT name FROM a WHERE x = 2",
            ["Which name of a?", "Of these, only where x = 1?", "Of answer 1, only where x = 2?", "Which are in both answer 2 and answer 3?"],
        ),
    ],
)
def test_the_steps_are_said_in_order(sql: str, lines: list[str]) -> None:
    assert plan_of(sql).split("\n") == [f"{at}. {line}" for at, line in enumerate(lines, start=1)]


@pytest.mark.parametrize(
    ("sql", "plan"),
    [
        (
            "SELECT name FROM department WHERE x > 1 ORDER BY name LIMIT 3",
            "1. Which name of department, only where x > 1, sorted by name, the first 3?",
        ),
        (
            "SELECT name FROM author WHERE id NOT IN (SELECT author FROM book WHERE pages > 5)",
            "1. Which author of book, only where pages > 5?\n2. Which name of author, only where id NOT IN answer 1?",
        ),
    ],
)
def test_a_short_plan_has_a_line_for_each_select(sql: str, plan: str) -> None:
    assert plan_of(sql, short=True) == plan


def test_every_query_inside_is_answered_by_a_line_before() -> None:
    one = "SELECT a.name FROM a JOIN b ON a.id = b.a WHERE b.c IN (SELECT id FROM c WHERE x > {})"
    for short in (False, True):
        plan = plan_of(f"{one.format(4)} UNION {one.format(3)}", short=short)
        assert "SELECT" not in plan
        numbers = [line.split(". ", 1) for line in plan.split("\n")]
        assert [number for number, _ in numbers] == [str(at) for at in range(1, len(numbers) + 1)]
        for at, (_, line) in enumerate(numbers):
            assert all(f"answer {later}" not in line for later in range(at + 1, len(numbers) + 2))


def test_nothing_in_a_plan_ends_it() -> None:
    plan = plan_of("SELECT x FROM t WHERE y = 'a;b`c\nd'")
    assert not set(";`") & set(plan) and plan.count("\n") == 1


@pytest.mark.parametrize("sql", ["", "hello (", "DROP TABLE x", "SELECT 1; SELECT 2"])
def test_what_is_no_statement_has_no_plan(sql: str) -> None:
    assert plan_of(sql) == plan_of(sql, short=True) == ""
