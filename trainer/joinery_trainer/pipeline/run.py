"""
From databases to an adapter that is better on them, or to the plain statement that it is not: pairs, prompts, training in one step or several, GGUF,
a paired comparison on questions that training never saw. Every step leaves a file and is skipped when that is there, so a killed run goes on where it
was. Steps after the first are tries: the best adapter so far stays the candidate when one of them fails or does not help.
"""

from __future__ import annotations

import gc
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from joinery_trainer.data.build import Sources, build_pairs, write_built
from joinery_trainer.pipeline.measure import Verdicts, compare, measure, right_answers, tell_gains, tell_samples
from joinery_trainer.pipeline.steps import Start, adapter_of, steps_of
from joinery_trainer.prompts.joinery import export_prompts
from joinery_trainer.report.html import write_report
from joinery_trainer.stages.errors import NO_SPACE, STOPPED, WRONG_BASE, StageError, explain
from joinery_trainer.stages.events import Events
from joinery_trainer.stages.pipeline_settings import PipelineSettings
from joinery_trainer.stages.recipe import settings_as_json

#: What a step that failed leaves in its folder, so that a run that goes on with the same settings does not try it again.
_FAILED = "failed.json"


@dataclass(frozen=True)
class Candidate:
    """An adapter with the answers that it gave."""

    step: str
    start: Start
    verdicts: Verdicts


def run_pipeline(settings: PipelineSettings, *, resume: bool = False, quiet: bool = False) -> Path:
    """Run all steps and return the adapter's GGUF file. ``resume`` goes on in a run folder; without it a used folder is refused."""
    out = settings.out
    if not resume and (out / "settings.json").exists():
        raise StageError(f"{out} holds a run already; go on with --resume or choose another folder")
    if settings.start is not None and not settings.start.is_file():
        raise StageError(f"there is no adapter {settings.start}", WRONG_BASE)
    events = Events(out, "pipeline", quiet=quiet)
    (out / "settings.json").write_text(settings_as_json(settings), encoding="utf-8")
    _build(settings, events)
    before = measure(settings, events, None)
    measured = _train(settings, events, quiet=quiet)
    best = max(measured, key=lambda one: right_answers(one.verdicts))
    adapter = _make(out / "adapter.gguf", lambda file: shutil.copyfile(best.start.file, file))
    gains = compare(before, best.verdicts, len(measured))
    tell_samples(events, before, best.verdicts)
    tell_gains(events, gains, len(measured))
    accepted = "held_out" in gains and gains["held_out"].is_certain
    result = {"accepted": accepted, "step": best.step, "scores": {name: asdict(gain) for name, gain in gains.items()}}
    (out / "result.json").write_text(json.dumps(result), encoding="utf-8")
    which = f"the adapter of {best.step}" if len(measured) > 1 else "the adapter"
    verdict = "accepted" if accepted else "rejected: the gain is not certain"
    events.tell("done", {"adapter": str(adapter), "accepted": accepted, "step": best.step}, f"{which} is {verdict}")
    write_report(events.path, out / "report.html")
    return adapter


def _make(file: Path, make: Callable[[Path], object]) -> Path:
    """Make a file beside and rename it into place."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f"{file.name}.part")
    make(beside)
    return beside.replace(file)


def _once(file: Path, make: Callable[[Path], object]) -> Path:
    return file if file.exists() else _make(file, make)


def _build(settings: PipelineSettings, events: Events) -> None:
    pairs = settings.out / "pairs"
    if not (pairs / "report.json").exists():
        built = build_pairs(Sources(settings.databases, settings.accepted, settings.questions, settings.pairs, settings.held_out, seed=settings.seed))
        write_built(built, pairs)
        shape = f"{len(built.training)} pairs to learn from, {len(built.held_out)} and {len(built.questions)} to measure with"
        minutes = settings.minutes + settings.mdpo_minutes + settings.grpo_minutes
        events.tell("plan", {"minutes": minutes, "questions": len(built.training), "left_out": built.report["left_out"]}, shape)

    def export(file: Path) -> None:
        counts = export_prompts(settings.joinery, pairs / "training.jsonl", file, target=settings.target, values=settings.values)
        if counts.get("skipped"):
            # Told as a part of the plan, where the report lists what was left out.
            reason = f"no prompt for {settings.target}"
            events.tell("plan", {"left_out": {reason: counts["skipped"]}}, f"{counts['skipped']} pairs left out: {reason}")

    _once(settings.out / "prompts.jsonl", export)


def _train(settings: PipelineSettings, events: Events, *, quiet: bool) -> list[Candidate]:
    """Train step after step, each from the best adapter so far; return all that were measured, at least one."""
    measured: list[Candidate] = []
    for step, train in steps_of(settings).items():
        best = max(measured, key=lambda one: right_answers(one.verdicts), default=None)
        try:
            _require_hope(settings, step)
            folder = adapter_of(settings, step) or train(settings, best.start if best else None, events, quiet)
        except (StageError, MemoryError, RuntimeError) as error:
            sentence, code = explain(error)
            if best is None or code in (None, NO_SPACE, STOPPED):
                raise
            _keep_failure(settings, step, sentence)
            events.of(step).tell("warning", {"code": code}, f"{step} failed, the adapter of {best.step} stays: {sentence}")
            continue
        finally:
            # Models and trainers hold each other: the next step needs their memory.
            gc.collect()
        found = _candidate(settings, events, step, folder)
        measured.append(found)
        if best and right_answers(found.verdicts) <= right_answers(best.verdicts):
            events.tell("warning", {"step": step}, f"{step} did not help, the adapter of {best.step} stays")
    return measured


def _require_hope(settings: PipelineSettings, step: str) -> None:
    """Raise what a step said when it failed with just these settings."""
    file = settings.out / step / _FAILED
    kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    if kept.get("settings") == settings_as_json(settings):
        raise StageError(kept["sentence"])


def _keep_failure(settings: PipelineSettings, step: str, sentence: str) -> None:
    file = settings.out / step / _FAILED
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"sentence": sentence, "settings": settings_as_json(settings)}), encoding="utf-8")


def _candidate(settings: PipelineSettings, events: Events, step: str, folder: Path) -> Candidate:
    from joinery_trainer.export.gguf_lora import write_adapter

    file = _once(settings.out / "adapters" / f"{step}.gguf", lambda file: write_adapter(folder, file))
    return Candidate(step, Start(folder, file), measure(settings, events, file))
