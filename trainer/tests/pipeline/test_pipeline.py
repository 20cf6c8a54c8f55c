from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed: the stages of training need it", exc_type=ImportError)

from joinery_trainer.pipeline import run
from joinery_trainer.pipeline.measure import compare
from joinery_trainer.pipeline.run import run_pipeline
from joinery_trainer.pipeline.steps import Start
from joinery_trainer.stages.errors import NO_DATA, NO_SPACE, WRONG_BASE, StageError
from joinery_trainer.stages.events import Events, read_events
from joinery_trainer.stages.lora_settings import LoraSettings
from joinery_trainer.stages.pipeline_settings import PipelineSettings
from joinery_trainer.training.base import load_base
from joinery_trainer.training.lora import save_adapter, with_adapter
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
    assert calls(tmp_path / "calls") == ["export", "eval", "eval:sft"]


def test_training_goes_on_from_what_answers_until_now(settings: PipelineSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_pipeline(settings, quiet=True)
    present = settings.out / "adapters" / "sft.gguf"
    monkeypatch.setenv("FAKE_JOINERY_LOG", str(tmp_path / "calls"))
    monkeypatch.setenv("FAKE_JOINERY_WORSE", "sft")
    again = replace(settings, out=tmp_path / "again", start=present)
    run_pipeline(again, quiet=True)
    assert calls(tmp_path / "calls") == ["export", "eval:sft", "eval:sft"]
    assert (again.out / "sft" / "start" / "adapter_model.safetensors").exists()
    scores = again.out / "scores"
    assert {file.name for file in scores.glob("held_out-*.verdicts.json")} == {"held_out-before.verdicts.json", "held_out-sft.verdicts.json"}
    with pytest.raises(StageError, match="no adapter") as caught:
        run_pipeline(replace(settings, out=tmp_path / "none", start=tmp_path / "absent.gguf"), quiet=True)
    assert caught.value.code == WRONG_BASE and not (tmp_path / "none").exists()


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
    assert calls(tmp_path / "calls") == ["eval", "eval:sft"]


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


def test_the_best_of_several_has_to_be_surer() -> None:
    def run_of(right: int) -> dict[str, list[dict[str, object]]]:
        return {"held_out": [{"id": str(at), "correct": {"strict": at < right}} for at in range(100)]}

    gains = [compare(run_of(40), run_of(55), adapters)["held_out"] for adapters in (1, 3)]
    assert gains[1].low < gains[0].low < gains[0].gain == gains[1].gain < gains[0].high < gains[1].high


class Steps:
    """Steps that train nothing: each leaves a new adapter and notes where it was to start from; ``failing`` ones fail as they say."""

    def __init__(self, **failing: Exception) -> None:
        self.failing = failing
        self.started: dict[str, str | None] = {}

    def of(self, settings: PipelineSettings) -> dict[str, object]:
        return {name: self._train(name) for name in REAL_STEPS(settings)}

    def _train(self, name: str) -> object:
        def train(settings: PipelineSettings, start: Start | None, events: Events, quiet: bool) -> Path:
            if start:
                self.started[name] = start.file.stem
            if name in self.failing:
                raise self.failing[name]
            base = load_base(settings.base, settings.cache, "float32")
            folder = settings.out / name / "adapter"
            save_adapter(with_adapter(base, LoraSettings(settings.base, settings.out, rank=4, alpha=8)), base, folder, {"stage": name})
            return folder

        return train


REAL_STEPS = run.steps_of
ALL = {"mdpo_minutes": 1.0, "grpo_minutes": 1.0}


@pytest.mark.parametrize(
    ("better", "worse", "failing", "chosen", "started"),
    [
        ("grpo", "mdpo", {}, "grpo", {"mdpo": "sft", "grpo": "sft"}),
        ("mdpo", "grpo", {}, "mdpo", {"mdpo": "sft", "grpo": "mdpo"}),
        ("none", "grpo", {"mdpo": StageError("nothing to learn from", NO_DATA)}, "sft", {"mdpo": "sft", "grpo": "sft"}),
        ("none", "none", {"grpo": RuntimeError("DefaultCPUAllocator: not enough memory")}, "sft", {"mdpo": "sft", "grpo": "sft"}),
    ],
)
def test_the_best_adapter_so_far_is_gone_on_from_and_stays(
    settings: PipelineSettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    better: str,
    worse: str,
    failing: dict[str, Exception],
    chosen: str,
    started: dict[str, str],
) -> None:
    monkeypatch.setenv("FAKE_JOINERY_LOG", str(tmp_path / "calls"))
    monkeypatch.setenv("FAKE_JOINERY_BETTER", better)
    monkeypatch.setenv("FAKE_JOINERY_WORSE", worse)
    steps = Steps(**failing)
    monkeypatch.setattr(run, "steps_of", steps.of)
    adapter = run_pipeline(replace(settings, held_out=60, **ALL), quiet=True)
    assert adapter.read_bytes() == (settings.out / "adapters" / f"{chosen}.gguf").read_bytes()
    assert steps.started == started
    done = read_events(settings.out / "events.jsonl")[-1]
    assert (done["accepted"], done["step"]) == (True, chosen)
    assert json.loads((settings.out / "result.json").read_text())["step"] == chosen
    measured = [name for name in ("sft", "mdpo", "grpo") if name not in failing]
    assert calls(tmp_path / "calls") == ["export", "eval", *(f"eval:{name}" for name in measured)]
    report = (settings.out / "report.html").read_text()
    assert all(f"<td>{name}</td>" in report for name in ("before", *measured))
    for name in failing:
        assert f"{name} failed, the adapter of sft stays" in report


def test_a_run_goes_on_behind_the_steps_that_are_done(settings: PipelineSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = Steps(mdpo=StageError("nothing to learn from", NO_DATA), grpo=KeyboardInterrupt())  # type: ignore[arg-type]
    monkeypatch.setattr(run, "steps_of", steps.of)
    asked = replace(settings, **ALL)
    with pytest.raises(KeyboardInterrupt):
        run_pipeline(asked, quiet=True)
    del steps.failing["grpo"]
    steps.started.clear()
    monkeypatch.setenv("FAKE_JOINERY_LOG", str(tmp_path / "calls"))
    run_pipeline(asked, resume=True, quiet=True)
    assert calls(tmp_path / "calls") == ["eval:grpo"]
    assert steps.started == {"grpo": "sft"}
    # With other settings a step that failed has another chance.
    del steps.failing["mdpo"]
    run_pipeline(replace(asked, mdpo_minutes=2.0), resume=True, quiet=True)
    assert calls(tmp_path / "calls") == ["eval:grpo", "eval:mdpo"]


def test_a_full_disk_and_a_failing_first_step_end_the_run(settings: PipelineSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = Steps(mdpo=StageError("the disk is full", NO_SPACE))
    monkeypatch.setattr(run, "steps_of", steps.of)
    with pytest.raises(StageError, match="disk is full"):
        run_pipeline(replace(settings, **ALL), quiet=True)
    assert not (settings.out / "adapter.gguf").exists()
    steps.failing["sft"] = StageError("there is nothing to train on", NO_DATA)
    with pytest.raises(StageError, match="nothing to train on"):
        run_pipeline(replace(settings, out=settings.out.with_name("other")), quiet=True)


def test_all_steps_run_as_they_are(settings: PipelineSettings) -> None:
    """The minute model writes nothing that runs, so rewards are all equal: `grpo` fails, and what was learnt before it stays."""
    asked = replace(settings, **ALL)
    run_pipeline(asked, quiet=True)
    events = read_events(settings.out / "events.jsonl")
    assert {event["stage"] for event in events} == {"pipeline", "sft", "mdpo", "grpo"}
    assert (settings.out / "mdpo" / "adapter" / "joinery.json").exists()
    warnings = [event["text"] for event in events if event["kind"] == "warning" and event["stage"] == "grpo"]
    assert any("grpo failed, the adapter of sft stays: all rewards were equal" in text for text in warnings)


def test_all_steps_run_with_the_model_process_of_the_product(settings: PipelineSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The base is a GGUF file here: the process is asked what it gets wrong, and for the answers that are rewarded."""
    import gguf

    from tests.llama_models import minute_llama, write_gguf

    monkeypatch.setenv("FAKE_JOINERY_LOG", str(tmp_path / "calls"))
    base = write_gguf(minute_llama(), tmp_path / "base.gguf")
    run_pipeline(replace(settings, base=base, cache=tmp_path / "cache", mdpo_minutes=0.5, grpo_minutes=0.05), quiet=True)
    events = read_events(settings.out / "events.jsonl")
    assert not [event["text"] for event in events if "failed, the adapter" in event.get("text", "")]
    assert [event["stage"] for event in events if event["kind"] == "reward" and "success" in event] == ["grpo"]
    for step in ("sft", "mdpo", "grpo"):
        assert gguf.GGUFReader(settings.out / "adapters" / f"{step}.gguf").fields["general.architecture"].contents() == "llama"
    # Two adapters besides the base are asked for answers: that of `sft`, for preferences, and the one in training.
    asked = [call for call in calls(tmp_path / "calls") if call.startswith("complete")]
    assert asked[0] == "complete:sft" and any(call.startswith("complete:adapter-") for call in asked)


@pytest.mark.parametrize("target", ["think", "ir"])
def test_the_target_is_asked_for_and_trained(settings: PipelineSettings, target: str) -> None:
    run_pipeline(replace(settings, target=target), quiet=True)
    assert json.loads((settings.out / "prompts.jsonl").read_text().splitlines()[0])["target"] == target
    left_out = [event["left_out"] for event in read_events(settings.out / "events.jsonl") if isinstance(event.get("left_out"), dict)]
    assert ({"no prompt for ir": 2} in left_out) == (target == "ir")
    with pytest.raises(ValueError, match="mdpo learns from statements"):
        replace(settings, target=target, mdpo_minutes=1.0)
