"""
The stage `preferences`: exported prompts in, preferences out. From each gold come statements and steps that are nearly right; a model, where one is
named, adds what it gets wrong itself. A report says what became of all candidates. Imports without torch.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import apsw

from joinery_trainer.preferences.preference import Preference, write_preferences
from joinery_trainer.preferences.proposer import ModelProposer, Proposer
from joinery_trainer.preferences.search import SearchLimits, search
from joinery_trainer.preferences.statements import against_gold, statement_preferences
from joinery_trainer.preferences.steps import step_preferences
from joinery_trainer.preferences.trial import Runner, Trial
from joinery_trainer.prompts.exported import Exported, PromptPair, read_exported
from joinery_trainer.rollouts.joinery_sampler import JoinerySampler
from joinery_trainer.sql.sandbox import Limits, run_select
from joinery_trainer.sql.workers import WorkerPool
from joinery_trainer.stages.errors import NO_DATA, StageError
from joinery_trainer.stages.events import Events
from joinery_trainer.stages.preferences_settings import PreferencesSettings
from joinery_trainer.stages.recipe import settings_as_json
from joinery_trainer.stages.working_clock import WorkingClock
from joinery_trainer.synth.schema import Schema, read_schema

_TOLD_EVERY = 50


def run_preferences(settings: PreferencesSettings, *, resume: bool = False, quiet: bool = False, events: Events | None = None) -> Path:
    """Write ``out/preferences.jsonl`` and return its path. ``resume`` keeps a file that is already there, ``events`` is where a larger run is told.

    Raises StageError with a sentence when nothing can be made.
    """
    settings.out.mkdir(parents=True, exist_ok=True)
    events = events or Events(settings.out, "preferences", quiet=quiet)
    (settings.out / "settings.json").write_text(settings_as_json(settings), encoding="utf-8")
    file = settings.out / "preferences.jsonl"
    if resume and file.exists():
        return file
    exported = _read(settings.data)
    pairs = [pair for pair in exported.pairs if pair.in_grammar or not settings.only_in_grammar]
    events.tell("plan", {"questions": len(pairs), "model": str(settings.model or "")}, f"{len(pairs)} questions")
    tally: Counter[str] = Counter()
    found = list(_all(settings, exported, pairs, events, tally))
    if not found:
        raise StageError(f"no preference came of {len(pairs)} questions ({_as_text(tally)})", NO_DATA)
    # Half a file must not look like a whole one.
    beside = file.with_suffix(".part")
    write_preferences(beside, found)
    beside.replace(file)
    sources = Counter(one.source for one in found)
    margin = sum(one.margin for one in found) / len(found)
    values = {"preferences": len(found), "margin": round(margin, 4), "sources": dict(sources), "candidates": dict(tally)}
    events.tell("done", values, f"{len(found)} preferences with a mean margin of {margin:.2f} in {file}; {_as_text(tally)}")
    return file


def _all(settings: PreferencesSettings, exported: Exported, pairs: Sequence[PromptPair], events: Events, tally: Counter[str]) -> Iterator[Preference]:
    schemas = _schemas(pairs, tally)
    for at, pair in enumerate(pairs):
        schema = schemas[pair.database]
        if schema is not None:
            yield from from_gold(pair, schema, settings, tally)
        if (at + 1) % _TOLD_EVERY == 0:
            events.tell("step", {"step": at + 1, "steps": len(pairs)}, f"{at + 1} of {len(pairs)} questions")
    if settings.model is None:
        return
    usable = [pair for pair in pairs if schemas[pair.database] is not None]
    random.Random(settings.seed).shuffle(usable)
    with ExitStack() as stack:
        sampler = JoinerySampler(settings.joinery, settings.model, threads=settings.threads, log=settings.out / "model.log")
        stack.callback(sampler.close)
        pool = stack.enter_context(WorkerPool(settings.workers))
        options = {"temperature": settings.temperature, "max_tokens": settings.answer_tokens, "seed": settings.seed}
        proposer = ModelProposer(sampler, exported.prefixes, adapter=settings.adapter, **options)
        clock = WorkingClock()
        found = from_model(usable, proposer, settings, tally, pool.run, lambda: settings.minutes > 0 and clock() >= settings.minutes * 60)
        yield from _as_far_as_it_goes(found, len(usable), events)
        proposer.require_an_answer()


def _as_far_as_it_goes(found: Iterator[list[Preference]], questions: int, events: Events) -> Iterator[Preference]:
    """Pass on what a model gives, question after question. One that gives nothing at all is an error; one that breaks off later is a warning."""
    asked = 0
    try:
        for made in found:
            yield from made
            asked += 1
            if asked % _TOLD_EVERY == 0:
                events.tell("step", {"step": asked, "steps": questions, "by": "model"}, f"the model was asked {asked} of {questions} questions")
    except StageError as error:
        if asked == 0:
            raise
        events.tell("warning", {"asked": asked}, f"the model broke off after {asked} questions: {error}")


def from_gold(pair: PromptPair, schema: Schema, settings: PreferencesSettings, tally: Counter[str]) -> list[Preference]:
    """Return the preferences that a gold statement gives by itself."""
    trial = Trial(pair.database, pair.sql, tally, limits=Limits(seconds=settings.seconds))
    chance = random.Random(f"{settings.seed}:{pair.id}")
    made: list[Preference] = []
    if settings.statements:
        made += statement_preferences(pair, schema, trial, count=settings.statements, chance=chance, tally=tally)
    if settings.steps and trial.usable:
        made += step_preferences(pair, schema, trial, count=settings.steps, chance=chance, tally=tally)
    return made


def from_model(
    pairs: Sequence[PromptPair],
    proposer: Proposer,
    settings: PreferencesSettings,
    tally: Counter[str],
    runner: Runner = run_select,
    is_over: Callable[[], bool] = lambda: False,
) -> Iterator[list[Preference]]:
    """Yield what a model's own steps and answers give, one list per question, until ``is_over``."""
    limits = SearchLimits(settings.children, settings.depth, settings.simulations, settings.exploration)
    for pair in pairs:
        if is_over():
            return
        trial = Trial(pair.database, pair.sql, tally, runner, Limits(seconds=settings.seconds))
        found = search(pair, proposer, trial, limits, tally, is_over)
        steps = sorted(found.preferences, key=lambda one: -one.margin)[: settings.steps]
        candidates = [("model", text) for text in found.statements]
        yield steps + (against_gold(pair, candidates, trial, count=settings.statements, tally=tally) if settings.statements else [])


def _read(paths: Sequence[Path]) -> Exported:
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise StageError(f"there is no {', '.join(missing)}; `joinery export` writes it", NO_DATA)
    try:
        return read_exported(paths)
    except ValueError as error:
        raise StageError(f"the data cannot be read: {error}", NO_DATA) from error


def _schemas(pairs: Sequence[PromptPair], tally: Counter[str]) -> dict[Path, Schema | None]:
    """Read each database once; one that cannot be read gives None, and its questions are counted."""
    schemas: dict[Path, Schema | None] = {}
    for pair in pairs:
        if pair.database not in schemas:
            try:
                schemas[pair.database] = read_schema(pair.database)
            except (apsw.Error, OSError):
                schemas[pair.database] = None
        if schemas[pair.database] is None:
            tally["database cannot be read"] += 1
    return schemas


def _as_text(tally: Counter[str]) -> str:
    return ", ".join(f"{name}: {count}" for name, count in tally.most_common()) or "no candidates"
