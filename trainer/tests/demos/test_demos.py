"""The stage reads a workspace, asks through the command, and writes what the extension reads."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from joinery_trainer.cli import main
from joinery_trainer.data.pairs import Pair
from joinery_trainer.demos.asking import Asked
from joinery_trainer.demos.choice_file import choice_path
from joinery_trainer.demos.joinery_asker import JoineryAsker
from joinery_trainer.demos.run import run_demos
from joinery_trainer.stages.demos_settings import DemosSettings
from joinery_trainer.stages.errors import BAD_RECIPE, NO_DATA, StageError
from joinery_trainer.stages.events import read_events
from tests.demos.fake_asker import FakeAsker, kind_of, pairs_of

KINDS = ["count", "average", "list"]


@pytest.fixture
def workspace(database: Path) -> Path:
    return accept(database, pairs_of(database, KINDS, 8))


def accept(database: Path, pairs: list[Pair]) -> Path:
    folder = database.parent
    (folder / ".joinery").mkdir(exist_ok=True)
    lines = [{"question": pair.question, "sql": pair.sql, "database": database.name} for pair in pairs]
    (folder / ".joinery" / "pairs.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return folder


def settings(workspace: Path, **more: object) -> DemosSettings:
    command = (sys.executable, str(Path(__file__).parent / "fake_joinery.py"))
    return replace(DemosSettings(workspace=workspace, out=workspace / "run", model="small", joinery=command, tries=4, kept=3), **more)


def entries(workspace: Path) -> list[dict[str, object]]:
    content = json.loads(choice_path(workspace).read_text(encoding="utf-8"))
    assert content["format"] == 1
    return content["databases"]


def test_through_the_command(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = workspace / "log"
    monkeypatch.setenv("FAKE_JOINERY_LOG", str(log))
    path = run_demos(settings(workspace, threads=2, adapter=workspace / "own.gguf"), quiet=True)
    assert path == choice_path(workspace)
    (entry,) = entries(workspace)
    assert (entry["database"], entry["kind"], entry["model"]) == ("concerts.sqlite", "chosen", "small+own")
    assert 1 <= len(entry["pairs"]) <= 12
    assert len(entry["measured"]) == 24
    assert entry["overNone"]["points"] > 50
    assert entry["overNone"]["low"] <= entry["overNone"]["points"] <= entry["overNone"]["high"]
    assert 1 <= entry["most"] <= 3
    calls = log.read_text(encoding="utf-8").splitlines()
    assert calls[0] == "alike --pairs --set"
    assert set(calls[1:]) == {"eval --adapter --comparator --model --out --report --set --threads"}
    kinds = [event["kind"] for event in read_events(workspace / "run" / "events.jsonl")]
    assert kinds == ["plan", *["step"] * len(entry["pairs"]), "score", "done"]


def test_a_resumed_run_asks_nothing_again(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_demos(settings(workspace), quiet=True)
    before = choice_path(workspace).read_text(encoding="utf-8")
    log = workspace / "log"
    monkeypatch.setenv("FAKE_JOINERY_LOG", str(log))
    run_demos(settings(workspace), resume=True, quiet=True)
    assert log.read_text(encoding="utf-8").splitlines() == ["alike --pairs --set"]
    assert choice_path(workspace).read_text(encoding="utf-8") == before
    run_demos(settings(workspace), quiet=True)
    assert len(log.read_text(encoding="utf-8").splitlines()) > 2  # without resume all is asked again


def test_other_databases_keep_their_entries(workspace: Path) -> None:
    other = {"database": "other.db", "most": 1, "pairs": ["a"], "measured": ["a", "b"]}
    old = {"database": "concerts.sqlite", "most": 8, "pairs": [], "measured": []}
    choice_path(workspace).write_text(json.dumps({"format": 1, "databases": [old, other]}), encoding="utf-8")
    run_demos(settings(workspace), quiet=True, asker=FakeAsker(lambda question, shown: bool(shown)))
    found = entries(workspace)
    assert found[0] == other
    assert [entry["database"] for entry in found] == ["other.db", "concerts.sqlite"]
    assert not list(choice_path(workspace).parent.glob("*.part"))


def test_a_broken_file_is_replaced(workspace: Path) -> None:
    choice_path(workspace).write_text("{", encoding="utf-8")
    run_demos(settings(workspace), quiet=True, asker=FakeAsker(lambda question, shown: bool(shown)))
    assert len(entries(workspace)) == 1


def test_pairs_that_do_not_run_take_no_part(database: Path) -> None:
    pairs = pairs_of(database, KINDS, 8)
    broken = [replace(pair, sql=pair.sql.replace("singer", "nowhere")) for pair in pairs[:2]]
    folder = accept(database, [*broken, *pairs[2:], pairs[2]])
    run_demos(settings(folder), quiet=True, asker=FakeAsker(lambda question, shown: True))
    (entry,) = entries(folder)
    assert (entry["kind"], entry["most"], entry["pairs"], len(entry["measured"])) == ("off", 0, [], 22)


def test_further_questions_measure_instead_of_the_pairs(database: Path) -> None:
    folder = accept(database, pairs_of(database, KINDS, 2))
    questions = folder / "questions.jsonl"
    lines = [
        {"id": f"t{at}", "db": "concerts.sqlite", "question": f"{kind} more {at} of singers", "sql": f"SELECT {at}"}
        for at, kind in enumerate(KINDS * 8)
    ]
    questions.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    asker = FakeAsker(lambda question, shown: any(kind_of(pair) == kind_of(question) for pair in shown))
    run_demos(settings(folder, questions=(questions,)), quiet=True, asker=asker)
    (entry,) = entries(folder)
    assert {one.question.source for one in asker.asked} == {"questions"}
    assert len(entry["measured"]) == 6
    assert entry["kind"] == "chosen"


def test_too_few_questions_are_a_sentence(database: Path) -> None:
    folder = accept(database, pairs_of(database, KINDS, 2))
    with pytest.raises(StageError, match="no database could be measured; 16 questions") as caught:
        run_demos(settings(folder), quiet=True)
    assert caught.value.code == NO_DATA
    assert not choice_path(folder).exists()
    (event,) = read_events(folder / "run" / "events.jsonl")
    assert event["kind"] == "warning"


def test_one_statement_for_all_questions_cannot_be_halved(database: Path) -> None:
    pairs = [replace(pair, sql="SELECT 1") for pair in pairs_of(database, KINDS, 8)]
    with pytest.raises(StageError, match="no database"):
        run_demos(settings(accept(database, pairs)), quiet=True)


def test_a_model_that_answers_nothing_changes_nothing(workspace: Path) -> None:
    with pytest.raises(StageError, match="no database could be measured"):
        run_demos(settings(workspace), quiet=True, asker=FakeAsker(lambda question, shown: False))
    assert not choice_path(workspace).exists()
    assert "no answer was right" in read_events(workspace / "run" / "events.jsonl")[-1]["text"]


def test_a_killed_batch_goes_on_in_its_own_file(workspace: Path) -> None:
    pairs = pairs_of(workspace / "concerts.sqlite", KINDS, 2)
    asker = JoineryAsker(settings(workspace), workspace / "asks")
    asked = [Asked(pairs[0], (pairs[1],)), Asked(pairs[0], (pairs[3],))]
    assert asker.right(asked) == [True, False]
    first = sorted(path.name for path in (workspace / "asks").glob("batch-*.jsonl"))
    assert asker.right(asked) == [True, False]
    assert sorted(path.name for path in (workspace / "asks").glob("batch-*.jsonl")) == first
    asker.right(asked[:1])
    assert len(list((workspace / "asks").glob("batch-*.jsonl"))) == len(first) + 1


def test_no_pairs_are_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StageError, match="accept answers"):
        run_demos(settings(tmp_path), quiet=True)


def test_lost_verdicts_are_a_sentence(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_JOINERY_LOSES", "1")
    with pytest.raises(StageError, match="left out 1 of"):
        run_demos(settings(workspace), quiet=True)


def test_the_command_runs_from_a_recipe(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = json.dumps([sys.executable, str(Path(__file__).parent / "fake_joinery.py")])
    recipe = workspace / "demos.toml"
    recipe.write_text(f'[demos]\nworkspace = "."\nout = "run"\nmodel = "small"\njoinery = {command}\n', encoding="utf-8")
    assert main(["demos", "--recipe", str(recipe), "--quiet"]) == 0
    assert capsys.readouterr().out.strip() == str(choice_path(workspace))
    assert main(["demos", "--recipe", str(recipe), "--set", "most=9", "--quiet"]) == BAD_RECIPE
    assert main(["demos", "--recipe", str(recipe), "--set", "asks=10", "--quiet"]) == BAD_RECIPE
