from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: the stages of training need it", exc_type=ImportError)

from safetensors.torch import load_file  # noqa: E402

from joinery_trainer.export.gguf_lora import write_adapter  # noqa: E402
from joinery_trainer.stages.errors import NO_DATA, NOT_A_NUMBER, WRONG_BASE, StageError  # noqa: E402
from joinery_trainer.stages.events import Events, read_events  # noqa: E402
from joinery_trainer.stages.sft_settings import SftSettings  # noqa: E402
from joinery_trainer.training import packed_trainer, sft  # noqa: E402
from joinery_trainer.training.pace import Pace  # noqa: E402
from joinery_trainer.training.start import read_data  # noqa: E402
from tests.exports import write_export  # noqa: E402
from tests.runs import MINUTE, assert_same_weights, losses, weights  # noqa: E402
from tests.torch_models import save_minute_base  # noqa: E402

ROOT = Path(__file__).parents[2]


@pytest.fixture
def settings(tmp_path: Path) -> SftSettings:
    return SftSettings(
        base=save_minute_base(tmp_path / "base"),
        out=tmp_path / "run",
        data=(write_export(tmp_path / "train.jsonl", ["a", "b"], 12),),
        held_out=(write_export(tmp_path / "held.jsonl", ["c"], 4),),
        **MINUTE,
        epochs=2,
        questions_per_step=4,
        row_tokens=400,
        row_questions=4,
    )


def test_the_loss_falls_and_the_run_says_what_it_did(settings: SftSettings) -> None:
    adapter = sft.run_sft(settings, quiet=True)
    events = read_events(settings.out / "events.jsonl")
    assert events[0]["kind"] == "plan"
    assert events[-1]["kind"] == "done"
    found = losses(settings)
    assert len(found) == events[0]["steps"] and found[-1] < found[0] - 0.1
    assert json.loads((adapter / "joinery.json").read_text())["prompt_version"] == "test-1"
    assert any(event["kind"] == "score" for event in events)


def test_questions_about_schemas_are_trained_on_by_their_share(settings: SftSettings, tmp_path: Path) -> None:
    data = tmp_path / "tasks.jsonl"
    rest = [{"text": "Question: Which tables join a directly?"}, {"text": "assistant\n```text\n"}]
    task = {
        "kind": "task",
        "db": "a",
        "database": "a.sqlite",
        "task": "neighbours",
        "question": "?",
        "answer": "none",
        "prefixKey": "p-a",
        "rest": rest,
    }
    lines = [json.dumps({**task, "id": f"a#{at}"}) for at in range(20)]
    data.write_text(settings.data[0].read_text() + "\n".join(lines) + "\n")
    base = sft.load_base(settings.base, settings.cache, settings.dtype)
    for share, expected in ((0.25, 12 + 4), (0.0, 12), (0.9, 12 + 20)):
        assert sft.make_rows(replace(settings, data=(data,), graph_tasks=share), base).count == expected


def test_same_seed_same_curve_and_another_seed_another(settings: SftSettings, tmp_path: Path) -> None:
    curves = []
    for name, seed in (("x", 1), ("y", 1), ("z", 2)):
        run = replace(settings, out=tmp_path / name, seed=seed)
        sft.run_sft(run, quiet=True)
        curves.append(losses(run))
    assert curves[0] == curves[1] != curves[2]


def test_a_killed_run_goes_on_and_ends_where_an_uninterrupted_one_does(
    settings: SftSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = sft.run_sft(replace(settings, out=tmp_path / "whole"), quiet=True)
    with monkeypatch.context() as patched:
        original = packed_trainer.PackedTrainer.compute_loss
        calls = []

        def dying(self, *arguments, **options):
            calls.append(1)
            if len(calls) > 4:
                raise KeyboardInterrupt
            return original(self, *arguments, **options)

        patched.setattr(packed_trainer.PackedTrainer, "compute_loss", dying)
        with pytest.raises(KeyboardInterrupt):
            sft.run_sft(settings, quiet=True)
    assert len(losses(settings)) < len(losses(replace(settings, out=tmp_path / "whole")))
    resumed = sft.run_sft(settings, resume=True, quiet=True)
    assert_same_weights(resumed, whole)


def test_activations_computed_twice_give_the_same_curve_and_are_so_when_memory_is_measured(
    settings: SftSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[bool] = []
    measure = sft.measure

    def looking(model: torch.nn.Module, *rest: object) -> object:
        tried.append(model.training and model.is_activation_checkpointing)
        return measure(model, *rest)

    monkeypatch.setattr(sft, "measure", looking)
    curves = []
    for recompute in (False, True):
        run = replace(settings, out=tmp_path / f"recompute-{recompute}", held_out=(), recompute=recompute)
        sft.run_sft(run, quiet=True)
        curves.append(losses(run))
    assert tried == [False, True]
    assert curves[0] == pytest.approx(curves[1], abs=1e-4)


def test_rows_summed_over_a_step_equal_one_big_row(settings: SftSettings, tmp_path: Path) -> None:
    small = replace(
        settings, out=tmp_path / "small", row_questions=1, data=(write_export(tmp_path / "one.jsonl", ["a"], 8),), questions_per_step=8, epochs=1
    )
    big = replace(small, out=tmp_path / "big", row_questions=8, row_tokens=2000)
    found = [weights(sft.run_sft(run, quiet=True)) for run in (small, big)]
    for name, tensor in found[0].items():
        torch.testing.assert_close(found[1][name], tensor, atol=1e-5, rtol=1e-4)


def test_what_cannot_be_trained_on_is_refused(settings: SftSettings, tmp_path: Path) -> None:
    for change, message in [
        ({"data": (tmp_path / "absent.jsonl",)}, "there is no"),
        ({"data": settings.held_out}, "held out and trained on"),
        ({"row_tokens": 8}, "nothing to train on"),
        ({"data": (write_export(tmp_path / "bad.jsonl", ["a"], 3, in_grammar=False),)}, "nothing to train on"),
    ]:
        with pytest.raises(StageError, match=message) as caught:
            sft.run_sft(replace(settings, out=tmp_path / "refused", **change), quiet=True)
        assert caught.value.code == NO_DATA
        assert not (tmp_path / "refused" / "adapter").exists()


def test_a_loss_that_is_no_number_stops_and_leaves_no_adapter(settings: SftSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(logits, labels, total=None):
        return logits.sum() * float("nan")

    monkeypatch.setattr(packed_trainer, "completion_loss", broken)
    with pytest.raises(StageError, match="no number") as caught:
        sft.run_sft(settings, quiet=True)
    assert caught.value.code == NOT_A_NUMBER
    assert not (settings.out / "adapter").exists()


def test_an_adapter_of_another_base_is_refused(settings: SftSettings, tmp_path: Path) -> None:
    adapter = sft.run_sft(settings, quiet=True)
    origin = json.loads((adapter / "joinery.json").read_text())
    (adapter / "joinery.json").write_text(json.dumps({**origin, "base_sha256": "0" * 64}))
    with pytest.raises(StageError, match="another base") as caught:
        sft.run_sft(replace(settings, out=tmp_path / "next", start=adapter), quiet=True)
    assert caught.value.code == WRONG_BASE


def test_training_goes_on_from_a_served_file_as_from_its_folder(settings: SftSettings, tmp_path: Path) -> None:
    adapter = sft.run_sft(settings, quiet=True)
    served = write_adapter(adapter, tmp_path / "served.gguf", precision="f32")
    weights = [
        load_file(sft.run_sft(replace(settings, out=tmp_path / f"next-{at}", start=start), quiet=True) / "adapter_model.safetensors")
        for at, start in enumerate((adapter, served))
    ]
    before = load_file(adapter / "adapter_model.safetensors")
    assert all(torch.equal(tensor, weights[1][name]) for name, tensor in weights[0].items())
    assert any(not torch.equal(tensor, weights[1][name]) for name, tensor in before.items())


def test_a_run_that_is_slower_than_planned_ends_with_its_minutes_and_a_low_rate(settings: SftSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter(range(0, 10_000, 30))

    def slow(asked: SftSettings, events: Events) -> Pace:
        return Pace(events, save_seconds=1e9, score_seconds=0, end_seconds=60 * asked.minutes, anneals=True, clock=lambda: next(times))

    monkeypatch.setattr(sft, "planned_pace", slow)
    sft.run_sft(replace(settings, epochs=50, minutes=5), quiet=True)
    rates = [event["rate"] for event in read_events(settings.out / "events.jsonl") if event["kind"] == "step" and event.get("rate") is not None]
    assert 4 <= len(rates) <= 10
    assert rates[-1] < 0.1 * max(rates)


def test_the_best_adapter_is_kept_and_training_ends_early(settings: SftSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = replace(settings, patience=2, score_minutes=1e-9, epochs=10, questions=tmp_path / "asked.jsonl")
    scores = iter([0.2, 0.6, 0.5, 0.4, 0.9, 0.9])
    looks: list[Path] = []

    def evaluate(command, questions, folder, *, model, adapter, threads):
        assert adapter.read_bytes()[:4] == b"GGUF"
        looks.append(adapter)
        right = round(10 * next(scores))
        return [{"correct": {"strict": at < right}} for at in range(10)]

    monkeypatch.setattr(sft, "evaluate_set", evaluate)
    adapter = sft.run_sft(watched, quiet=True)
    events = read_events(settings.out / "events.jsonl")
    assert [event["accuracy"] for event in events if "accuracy" in event][:4] == [0.2, 0.6, 0.5, 0.4]
    assert any(event["kind"] == "warning" for event in events)
    assert len(losses(settings)) == 4
    best, last = weights(settings.out / "best"), weights(adapter)
    assert all(torch.equal(best[name], last[name]) for name in best)
    assert not list(settings.out.glob("look-*"))


def test_two_processes_learn_what_one_does(settings: SftSettings, tmp_path: Path) -> None:
    """DDP over gloo. FSDP is configured in launch/ and was not run here: it needs several GPUs."""
    data = write_export(tmp_path / "even.jsonl", ["a"], 8)
    one = replace(settings, out=tmp_path / "one", data=(data,), held_out=(), row_questions=2, questions_per_step=4, epochs=1)
    alone = weights(sft.run_sft(one, quiet=True))
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m", "tests.training.sft_in_processes"]
    two = tmp_path / "two"
    done = subprocess.run(
        [*launch, *map(str, (one.base, two, data, settings.held_out[0]))], capture_output=True, text=True, timeout=240, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr[-2000:]
    together = weights(two / "whole" / "adapter")
    for name, tensor in alone.items():
        torch.testing.assert_close(together[name], tensor, atol=1e-5, rtol=1e-4)
    # Of the second run the first process has the only clock that goes: both look and end by it, and at the same step.
    steps = {(two / f"ended-{at}").read_text() for at in (0, 1)}
    told = read_events(two / "paced" / "events.jsonl")
    looks = [event["step"] for event in told if "held_out_loss" in event]
    assert len(steps) == 1 and 2 <= int(steps.pop()) < next(event["steps"] for event in told if event["kind"] == "plan")
    assert len(looks) > 2 and (two / "paced" / "adapter" / "joinery.json").exists()


@pytest.mark.parametrize("target", ["think", "ir"])
def test_fifty_steps_towards_another_target_lower_its_loss(settings: SftSettings, tmp_path: Path, target: str) -> None:
    data = write_export(tmp_path / f"{target}.jsonl", ["a"], 8, target=target)
    run = replace(settings, out=tmp_path / target, data=(data,), held_out=(), epochs=25, questions_per_step=4, row_tokens=600)
    sft.run_sft(run, quiet=True)
    found = losses(run)
    assert len(found) == 50 and sum(found[-5:]) < sum(found[:5]) - 1
    longer = read_events(run.out / "events.jsonl")[0]["targets_per_epoch"] > 8 * len("SELECT x FROM a WHERE x > 0;\n```")
    assert longer == (target == "think")


def test_data_of_two_targets_or_of_one_that_a_stage_does_not_take_is_refused(settings: SftSettings, tmp_path: Path) -> None:
    other = write_export(tmp_path / "held-ir.jsonl", ["c"], 4, target="ir")
    with pytest.raises(StageError, match="these prompts ask for ir, here they must ask for sql") as caught:
        sft.run_sft(replace(settings, held_out=(other,)), quiet=True)
    assert caught.value.code == NO_DATA
    with pytest.raises(StageError, match="ask for ir"):
        read_data((other,))


def test_the_plan_says_what_packing_saves_and_what_memory_it_takes(settings: SftSettings) -> None:
    sft.run_sft(settings, quiet=True)
    plan = read_events(settings.out / "events.jsonl")[0]
    assert plan["tokens_per_epoch"] < plan["plain_tokens_per_epoch"]
    assert plan["peak_mb"] > 0 and plan["minutes"] >= 0
