from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from joinery_trainer.rewards.judge import Compiled, Judge
from joinery_trainer.rewards.profiles import PROFILES
from joinery_trainer.rollouts.compiler import JoinFreeCompiler
from joinery_trainer.stages.errors import NO_DATA, StageError

JOINERY = (sys.executable, str(Path(__file__).parents[1] / "fake_joinery.py"))
GOLD = "SELECT name FROM singer WHERE age > 40"


@pytest.fixture
def compiler(tmp_path: Path) -> Iterator[JoinFreeCompiler]:
    made = JoinFreeCompiler(JOINERY, tmp_path / "compiler.log")
    yield made
    made.close()


def test_statements_come_back_as_sql_or_with_a_reason(compiler: JoinFreeCompiler) -> None:
    assert compiler("a.db", "SELECT singer.name WHERE singer.age > 40") == Compiled(GOLD)
    assert compiler("a.db", "SELECT singer.name, concert.title").refusal == "no join between: singer, concert"
    assert compiler("absent.db", "SELECT singer.name").refusal == "There is no such database."
    assert "ended with status 9" in compiler("a.db", "SELECT singer.death").refusal
    assert "no answer" in compiler("a.db", "SELECT singer.nonsense").refusal
    assert compiler("a.db", "SELECT singer.name") == Compiled("SELECT name FROM singer")


def test_without_the_product_there_is_a_sentence(tmp_path: Path) -> None:
    for command in (["/nowhere/joinery"], [sys.executable, "-c", "raise SystemExit(2)"]):
        with pytest.raises(StageError, match="cannot be compiled") as caught:
            JoinFreeCompiler(command, tmp_path / "log")("a.db", "SELECT a.b")
        assert caught.value.code == NO_DATA


@pytest.mark.parametrize(
    ("answer", "finding"),
    [
        ("SELECT singer.name WHERE singer.age > 40", "match"),
        ("SELECT singer.name WHERE singer.age > 40;", "match"),
        ("SELECT singer.name WHERE singer.age IS DISTINCT FROM 29 AND singer.age <> 32 -- FROM", "match"),
        ("SELECT singer.name", "different"),
        ("SELECT singer.nothing", "failed"),
        ("SELECT concert.title", "failed"),
        (GOLD, "ill_formed"),
        ("SELECT singer.name JOIN concert", "ill_formed"),
        ("SELECT singer.name WHERE singer.age > (SELECT avg(age) FROM singer)", "ill_formed"),
        ("UPDATE singer SET age = 1", "ill_formed"),
        ("SELECT 'a", "failed"),
        ("", "ill_formed"),
    ],
)
def test_what_is_judged_is_what_the_product_would_run(compiler: JoinFreeCompiler, database: Path, answer: str, finding: str) -> None:
    judge = Judge(compiler=compiler)
    assert judge.judge(answer, str(database), GOLD, "ir").finding == finding


def test_rewards_weigh_the_compiled_statement(compiler: JoinFreeCompiler, database: Path) -> None:
    def rewards(profile: str, *answers: str) -> list[float]:
        made = PROFILES[profile](Judge(compiler=compiler), target="ir")
        return made(list(answers), database=[str(database)] * len(answers), gold_sql=[GOLD] * len(answers))

    right, near, far, refused, shapeless = rewards(
        "dense", "SELECT singer.name WHERE singer.age > 40", "SELECT singer.name WHERE singer.age > 50", "SELECT 1", "SELECT concert.title", GOLD
    )
    assert right == 4 and 2 < far < near < 3 and refused == 1 and shapeless == 0
    assert rewards("sqlr1", "SELECT singer.name WHERE singer.age > 40", "SELECT concert.title", GOLD) == [7, -1, -1]
