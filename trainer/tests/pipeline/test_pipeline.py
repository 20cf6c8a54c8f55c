from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed: the stages of training need it", exc_type=ImportError)

from joinery_trainer.pipeline.run import compare, run_pipeline
from joinery_trainer.stages.errors import NO_DATA, StageError
from joinery_trainer.stages.events import read_events
from joinery_trainer.stages.pipeline_settings import PipelineSettings
from tests.torch_models import save_minute_base


@pytest.fixture
def settings(tmp_path: Path, database: Path) -> PipelineSettings:
    return PipelineSettings(
        base=save_minute_base(tmp_path / "base"),
        model="minute",
        out=tmp_path / "run",
        databases=(database,),
        joinery=(sys.executable, str(Path(__file__).parents[1] / "fake_joinery.py")),
        pairs=30,
        held_out=20,
        epochs=1,
        minutes=0,
        threads=1,
        row_tokens=600,
    )


def calls(log: Path) -> list[str]:
    return log.read_text().split()


def test_from_a_database_to_an_accepted_adapter(settings: PipelineSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_JOINERY_LOG", str(tmp_path / "calls"))
    adapter = run_pipeline(settings, quiet=True)
    assert adapter.read_bytes()[:4] == b"GGUF"
    events = read_events(settings.out / "events.jsonl")
    kinds = [(event["stage"], event["kind"]) for event in events]
    assert ("sft", "step") in kinds and ("sft", "plan") in kinds and kinds[-1] == ("pipeline", "done")
    score = next(event for event in events if event["kind"] == "score")
    assert score["before"] < score["after"] and score["low"] > 0
    assert events[-1]["accepted"] is True
    assert {event["right_before"] for event in events if event["kind"] == "sample"} == {True, False}
    assert "accepted" in (settings.out / "report.html").read_text()
    assert calls(tmp_path / "calls") == ["export", "eval", "eval"]


def test_what_is_done_is_not_done_again(settings: PipelineSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_JOINERY_FAIL", "eval")
    with pytest.raises(StageError, match="The model is missing") as caught:
        run_pipeline(settings, quiet=True)
    assert caught.value.code == NO_DATA
    monkeypatch.delenv("FAKE_JOINERY_FAIL")
    monkeypatch.setenv("FAKE_JOINERY_LOG", str(tmp_path / "calls"))
    with pytest.raises(StageError, match="holds a run already"):
        run_pipeline(settings, quiet=True)
    run_pipeline(settings, resume=True, quiet=True)
    assert calls(tmp_path / "calls") == ["eval", "eval"]


def test_training_and_measuring_share_no_statement_and_no_template(settings: PipelineSettings) -> None:
    run_pipeline(settings, quiet=True)
    lines = {
        name: [json.loads(line) for line in (settings.out / "pairs" / f"{name}.jsonl").read_text().splitlines()] for name in ("training", "held_out")
    }
    assert not {line["sql"] for line in lines["training"]} & {line["sql"] for line in lines["held_out"]}
    assert not {line["source"] for line in lines["training"]} & {line["source"] for line in lines["held_out"]}


def test_questions_that_measure_are_never_trained_on(settings: PipelineSettings, tmp_path: Path, database: Path) -> None:
    sql = "SELECT count(*) FROM singer"
    line = {"id": "q1", "db": str(database), "question": "How many singers are there?", "sql": sql}
    (tmp_path / "asked.jsonl").write_text(json.dumps(line))
    (tmp_path / "accepted.jsonl").write_text(json.dumps({**line, "id": "a1"}))
    asked = replace(settings, questions=(tmp_path / "asked.jsonl",), accepted=(tmp_path / "accepted.jsonl",))
    run_pipeline(asked, quiet=True)
    training = (settings.out / "pairs" / "training.jsonl").read_text()
    assert '"id": "a1"' not in training
    assert '"id": "q1"' in (settings.out / "pairs" / "questions.jsonl").read_text()


def test_without_a_table_there_is_nothing_to_learn(settings: PipelineSettings, tmp_path: Path) -> None:
    import apsw

    empty = tmp_path / "empty.sqlite"
    apsw.Connection(str(empty)).execute("CREATE TABLE a (x INT)")
    with pytest.raises(StageError) as caught:
        run_pipeline(replace(settings, databases=(empty,)), quiet=True)
    assert caught.value.code == NO_DATA
    assert not (settings.out / "adapter.gguf").exists()
    with pytest.raises(StageError, match="no database"):
        run_pipeline(replace(settings, out=tmp_path / "other", databases=(tmp_path / "absent.db",)), quiet=True)


def test_only_questions_of_both_runs_are_compared() -> None:
    def one(identity: str, right: bool) -> dict[str, object]:
        return {"id": identity, "correct": {"strict": right}}

    gains = compare({"held_out": [one("a", False), one("b", True)]}, {"held_out": [one("a", True), one("c", True)]})
    assert (gains["held_out"].questions, gains["held_out"].gain) == (1, 1)
