"""
From databases to an adapter that is better on them, or to the plain statement that it is not: pairs, prompts, fine-tuning, GGUF, a paired comparison
on questions that training never saw. Every step leaves a file and is skipped when that is there, so a killed run goes on where it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from joinery_trainer.data.build import Sources, build_pairs, write_built
from joinery_trainer.evaluate.bootstrap import Gain, paired_gain
from joinery_trainer.prompts.joinery import evaluate_set, export_prompts, is_right
from joinery_trainer.report.html import write_report
from joinery_trainer.stages.errors import StageError
from joinery_trainer.stages.events import Events
from joinery_trainer.stages.pipeline_settings import PipelineSettings
from joinery_trainer.stages.recipe import settings_as_json
from joinery_trainer.stages.sft_settings import SftSettings

#: Questions that are shown as examples of what changed.
_SAMPLES = 6
Verdict = Mapping[str, Any]


def run_pipeline(settings: PipelineSettings, *, resume: bool = False, quiet: bool = False) -> Path:
    """Run all steps and return the adapter's GGUF file. ``resume`` goes on in a run folder; without it a used folder is refused."""
    out = settings.out
    if not resume and (out / "settings.json").exists():
        raise StageError(f"{out} holds a run already; go on with --resume or choose another folder")
    events = Events(out, "pipeline", quiet=quiet)
    (out / "settings.json").write_text(settings_as_json(settings), encoding="utf-8")
    _build(settings, events)
    before = _measure(settings, events, None)
    folder = _tune(settings, events, quiet=quiet)
    adapter = _export(out, folder)
    after = _measure(settings, events, adapter)
    scores = compare(before, after)
    _tell_samples(events, before, after)
    accepted = "held_out" in scores and scores["held_out"].is_certain
    for name, gain in scores.items():
        events.tell("score", {"set": name, **_points(gain)}, _sentence(name, gain))
    verdict = "accepted" if accepted else "rejected: the gain is not certain"
    (out / "result.json").write_text(json.dumps({"accepted": accepted, "scores": {k: asdict(v) for k, v in scores.items()}}), encoding="utf-8")
    events.tell("done", {"adapter": str(adapter), "accepted": accepted}, f"the adapter is {verdict}")
    write_report(events.path, out / "report.html")
    return adapter


def _once(file: Path, make: Callable[[Path], object]) -> Path:
    """Make a file beside and rename it into place, unless it is there."""
    if not file.exists():
        beside = file.with_name(f"{file.name}.part")
        make(beside)
        beside.replace(file)
    return file


def _build(settings: PipelineSettings, events: Events) -> None:
    pairs = settings.out / "pairs"
    if not (pairs / "report.json").exists():
        built = build_pairs(Sources(settings.databases, settings.accepted, settings.questions, settings.pairs, settings.held_out, seed=settings.seed))
        write_built(built, pairs)
        shape = f"{len(built.training)} pairs to learn from, {len(built.held_out)} and {len(built.questions)} to measure with"
        events.tell("plan", {"minutes": settings.minutes, "questions": len(built.training), "left_out": built.report["left_out"]}, shape)
    _once(
        settings.out / "prompts.jsonl",
        lambda file: export_prompts(settings.joinery, pairs / "training.jsonl", file, values=settings.values),
    )


def _sets(settings: PipelineSettings) -> dict[str, Path]:
    """Return the files of questions that measure and are not empty."""
    files = {name: settings.out / "pairs" / f"{name}.jsonl" for name in ("held_out", "questions")}
    return {name: file for name, file in files.items() if file.stat().st_size > 0}


def _measure(settings: PipelineSettings, events: Events, adapter: Path | None) -> dict[str, list[Verdict]]:
    folder = settings.out / "scores"
    folder.mkdir(exist_ok=True)
    found: dict[str, list[Verdict]] = {}
    for name, file in _sets(settings).items():
        found[name] = list(evaluate_set(settings.joinery, file, folder, model=settings.model, adapter=adapter, threads=settings.threads))
        right = sum(is_right(verdict) for verdict in found[name])
        who = "with the adapter" if adapter else "before"
        events.tell("saved", {"set": name, "right": right, "n": len(found[name])}, f"{name} {who}: {right} of {len(found[name])} right")
    return found


def _tune(settings: PipelineSettings, events: Events, *, quiet: bool) -> Path:
    folder = settings.out / "sft" / "adapter"
    if (folder / "adapter_model.safetensors").exists():
        return folder
    from joinery_trainer.training.sft import run_sft

    tuning = SftSettings(
        base=settings.base,
        out=settings.out / "sft",
        cache=settings.cache,
        data=(settings.out / "prompts.jsonl",),
        rank=settings.rank,
        alpha=2 * settings.rank,
        learning_rate=settings.learning_rate,
        epochs=settings.epochs,
        minutes=settings.minutes,
        row_tokens=settings.row_tokens,
        threads=settings.threads,
        seed=settings.seed,
        checkpoint_minutes=2.0,
    )
    return run_sft(tuning, resume=(settings.out / "sft").exists(), quiet=quiet, events=events.of("sft"))


def _export(out: Path, folder: Path) -> Path:
    from joinery_trainer.export.gguf_lora import write_adapter

    return _once(out / "adapter.gguf", lambda file: write_adapter(folder, file))


def compare(before: Mapping[str, list[Verdict]], after: Mapping[str, list[Verdict]]) -> dict[str, Gain]:
    """Return the gain per set, over the questions that both runs have."""
    gains = {}
    for name, verdicts in before.items():
        known = {verdict["id"]: is_right(verdict) for verdict in after.get(name, [])}
        shared = [verdict for verdict in verdicts if verdict["id"] in known]
        if shared:
            gains[name] = paired_gain([is_right(verdict) for verdict in shared], [known[verdict["id"]] for verdict in shared])
    return gains


def _points(gain: Gain) -> dict[str, float | int]:
    """Return a gain in percentage points, as events have it."""
    values = {"before": gain.before, "after": gain.after, "low": gain.low, "high": gain.high}
    return {**{name: round(100 * value, 1) for name, value in values.items()}, "n": gain.questions}


def _sentence(name: str, gain: Gain) -> str:
    points = _points(gain)
    change = f"{points['before']} % to {points['after']} %"
    return f"{name}: {change}, {100 * gain.gain:+.1f} points [{points['low']:+.1f} to {points['high']:+.1f}], n = {gain.questions}"


def _tell_samples(events: Events, before: Mapping[str, list[Verdict]], after: Mapping[str, list[Verdict]]) -> None:
    """Show questions whose answer changed, gains and losses in turn: a few of each say more than a score."""
    for name, verdicts in before.items():
        later = {verdict["id"]: verdict for verdict in after.get(name, [])}
        pairs = [(verdict, later[verdict["id"]]) for verdict in verdicts if verdict["id"] in later]
        gained = [pair for pair in pairs if not is_right(pair[0]) and is_right(pair[1])]
        lost = [pair for pair in pairs if is_right(pair[0]) and not is_right(pair[1])]
        for old, new in [*gained[: _SAMPLES - 2], *lost[:2]]:
            flags = {"right_before": is_right(old), "right_after": is_right(new)}
            events.tell("sample", {"set": name, "question": old["question"], "before": old["sql"], "after": new["sql"], **flags})
