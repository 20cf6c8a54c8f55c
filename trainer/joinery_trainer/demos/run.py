"""The stage `demos`: for each database of a workspace, which accepted pairs are shown as examples, and how many; nothing where that does not help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from joinery_trainer.data.importers import import_accepted
from joinery_trainer.data.pairs import Pair, read_pairs
from joinery_trainer.data.quality import judge_pairs
from joinery_trainer.demos.asking import Answers, Asker, pair_id
from joinery_trainer.demos.choice_file import choice_path, write_choice
from joinery_trainer.demos.choose import Outcome, Trial, choose_examples, halves
from joinery_trainer.demos.joinery_asker import JoineryAsker
from joinery_trainer.stages.demos_settings import DemosSettings
from joinery_trainer.stages.errors import NO_DATA, StageError
from joinery_trainer.stages.events import Events
from joinery_trainer.stages.recipe import settings_as_json


def run_demos(settings: DemosSettings, *, resume: bool = False, quiet: bool = False, asker: Asker | None = None) -> Path:
    """Choose for every database that has enough questions; return the file that the extension reads.

    A resumed run asks only what has no answer yet and decides the same. Raises StageError with a sentence when no database can be measured.
    """
    events = Events(settings.out, "demos", quiet=quiet)
    (settings.out / "settings.json").write_text(settings_as_json(settings), encoding="utf-8")
    pairs = _accepted(settings)
    further = _further(settings)
    measured = 0
    for number, database in enumerate(_databases(settings, pairs)):
        own = _of(pairs, database)
        questions = _of(further, database) or own
        if len(questions) < settings.least_questions or not own or not all(halves(questions, settings.seed)):
            sentence = f"{database.name}: {len(questions)} questions, {settings.least_questions} are needed; nothing changes"
            events.tell("warning", {"database": str(database), "questions": len(questions)}, sentence)
            continue
        folder = settings.out / f"{number:02}-{database.stem}"
        trial = _trial(settings, asker or JoineryAsker(settings, folder), folder, own, questions, resume=resume)
        outcome = choose_examples(_telling(events, database, trial, len(questions)), questions)
        if outcome.kind == "off" and not outcome.any_right:
            sentence = f"{database.name}: no answer was right, with examples or without; nothing changes (may the model see this database?)"
            events.tell("warning", {"database": str(database), "questions": len(questions)}, sentence)
            continue
        write_choice(settings.workspace, database, outcome, _model_name(settings))
        _tell(events, database, outcome)
        measured += 1
    if not measured:
        raise StageError(f"no database could be measured; {settings.least_questions} questions with right answers among them are needed", NO_DATA)
    path = choice_path(settings.workspace)
    events.tell("done", {"file": str(path), "databases": measured}, f"what is shown as examples stands in {path}")
    return path


def _accepted(settings: DemosSettings) -> list[Pair]:
    file = settings.workspace / ".joinery" / "pairs.jsonl"
    if not file.exists():
        raise StageError(f"there is no {file}; accept answers in the editor first", NO_DATA)
    return _usable(list(import_accepted(file)))


def _further(settings: DemosSettings) -> list[Pair]:
    found: list[Pair] = []
    for path in settings.questions:
        if not path.exists():
            raise StageError(f"there is no {path}", NO_DATA)
        try:
            found.extend(read_pairs(path, "questions"))
        except ValueError as error:
            raise StageError(f"the questions cannot be read: {error}", NO_DATA) from error
    return _usable(found)


def _usable(pairs: Sequence[Pair]) -> list[Pair]:
    """Those whose SQL runs, as they were written, each content once. An empty result is right for many a question of a user."""
    kept: dict[tuple[Path | None, str], Pair] = {}
    for pair, judged in zip(pairs, judge_pairs(pairs), strict=True):
        if judged.label in ("ok", "empty"):
            kept.setdefault((pair.database, pair_id(pair)), pair)
    return list(kept.values())


def _databases(settings: DemosSettings, pairs: Sequence[Pair]) -> list[Path]:
    if settings.databases:
        return [database.resolve() for database in settings.databases]
    return sorted({pair.database for pair in pairs if pair.database is not None})


def _of(pairs: Sequence[Pair], database: Path) -> list[Pair]:
    return [pair for pair in pairs if pair.database == database]


def _trial(settings: DemosSettings, asker: Asker, folder: Path, own: Sequence[Pair], questions: Sequence[Pair], *, resume: bool) -> Trial:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "answers.jsonl"
    if not resume:
        file.unlink(missing_ok=True)
    return Trial(Answers(asker, file), {pair_id(pair): pair for pair in own}, asker.alike(questions, own), settings)


def _telling(events: Events, database: Path, trial: Trial, questions: int) -> Trial:
    """Have the search tell its steps; after the first one it is known what a question costs."""
    budget = trial.settings.asks

    def tell(kept: int, right: int) -> None:
        answers = trial.answers
        values = {"database": str(database), "kept": kept, "right": right, "asked": answers.used, "of": budget}
        if kept > 0:
            events.tell(
                "step", values, f"{database.name}: {kept} pairs kept, {right} answers right; {answers.used} of at most {budget} questions asked"
            )
            return
        pace = answers.seconds / answers.asked if answers.asked else 0.0
        minutes = round(pace * (budget - answers.used) / 60, 1)
        cost = f", at most {minutes:.0f} min" if answers.asked else ""
        shape = f"{database.name}: {questions} questions, {len(trial.pairs)} pairs; at most {budget} questions are asked{cost}"
        events.tell("plan", {**values, "questions": questions, "pairs": len(trial.pairs), "minutes": minutes}, shape)

    trial.on_step = tell
    return trial


def _model_name(settings: DemosSettings) -> str:
    return f"{settings.model}+{settings.adapter.stem}" if settings.adapter else settings.model


def _tell(events: Events, database: Path, outcome: Outcome) -> None:
    gain, drawn = outcome.over_none, outcome.over_random
    what = {
        "chosen": f"{len(outcome.pairs)} of {len(outcome.measured)} pairs are kept, {outcome.most} shown at a time",
        "all": f"all {len(outcome.measured)} pairs stay, {outcome.most} shown at a time",
        "off": "examples do not help enough and are not shown",
    }[outcome.kind]
    change = f"{100 * gain.gain:+.1f} points ({100 * gain.low:+.1f} to {100 * gain.high:+.1f}) over none, {100 * drawn.gain:+.1f} over random ones"
    values = {"database": str(database), "outcome": outcome.kind, "most": outcome.most, "kept": len(outcome.pairs), "asked": outcome.asked}
    events.tell(
        "score",
        {**values, "over_none": asdict(gain), "over_random": asdict(drawn), "steps": outcome.steps},
        f"{database.name}: {what}; {change}, on {gain.questions} questions kept apart ({outcome.asked} asked)",
    )
