"""The stage `select`: a small ranker among candidates, from what `joinery eval --features` wrote; measured on databases that it did not see."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from joinery_trainer.evaluate.bootstrap import Gain
from joinery_trainer.select.candidates import Candidates, read_candidates
from joinery_trainer.select.choose import all_rankers, folds_of, held_out_results
from joinery_trainer.select.over_databases import gain_over_databases
from joinery_trainer.select.ranker import Ranker, ranker_as_json
from joinery_trainer.stages.errors import NO_DATA, StageError
from joinery_trainer.stages.events import Events
from joinery_trainer.stages.recipe import settings_as_json
from joinery_trainer.stages.select_settings import SelectSettings

#: A cross-validation needs databases to hold out.
_LEAST_DATABASES = 2


def run_select(settings: SelectSettings, *, resume: bool = False, quiet: bool = False) -> Path:
    """Train, measure and return the path of the ranker. A resumed run begins anew: it takes minutes at most.

    Raises StageError with a sentence when there is nothing to learn from.
    """
    events = Events(settings.out, "select", quiet=quiet)
    (settings.out / "settings.json").write_text(settings_as_json(settings), encoding="utf-8")
    data, left_out = _read(settings)
    facts = {**_facts(data), "left_out": left_out}
    events.tell("plan", facts, _plan_sentence(facts))
    old = [question.right[0] for question in data.questions]
    results = _measure(data, settings, events)
    if not results:
        raise StageError("the databases are too few or too alike to hold some out; add questions on others", NO_DATA)
    gains = {name: _gain(data, settings, found, old) for name, found in results.items()}
    for name, gain in gains.items():
        counts = {"won": _won(results[name], old), "lost": _won(old, results[name])}
        events.tell("score", {"ranker": name, **asdict(gain), **counts}, _sentence(name, gain))
    kind = _better(data, settings, results)
    ranker = _final(data, settings, kind)
    path = _write(settings, data, ranker, {**facts, "kind": kind, "right": _share(results[kind]), "gain": asdict(gains[kind])}, results)
    installed = settings.install is not None and gains[kind].is_certain
    if installed and settings.install is not None:
        settings.install.parent.mkdir(parents=True, exist_ok=True)
        settings.install.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    sentence = _done_sentence(settings, path, gains[kind], installed=installed)
    events.tell("done", {"ranker": str(path), "shape": kind, "installed": installed}, sentence)
    return path


def _read(settings: SelectSettings) -> tuple[Candidates, int]:
    """Return what may be learnt from, and how many questions were left out."""
    missing = [str(path) for path in settings.data if not path.exists()]
    if missing:
        raise StageError(f"there is no {', '.join(missing)}; `joinery eval --features` writes it", NO_DATA)
    try:
        whole = read_candidates(settings.data)
    except ValueError as error:
        raise StageError(f"the candidates cannot be read: {error}", NO_DATA) from error
    lowered = {name.lower() for name in settings.leave_out}
    data = replace(whole, questions=tuple(question for question in whole.questions if question.db.lower() not in lowered))
    if len(data.databases) < _LEAST_DATABASES:
        raise StageError(f"candidates on at least {_LEAST_DATABASES} databases are needed, these are on {len(data.databases)}", NO_DATA)
    if not any(question.decidable for question in data.questions):
        raise StageError("no question has a right candidate beside a wrong one; ask for more candidates with --candidates", NO_DATA)
    return data, len(whole.questions) - len(data.questions)


def _facts(data: Candidates) -> dict[str, object]:
    questions = data.questions
    return {
        "questions": len(questions),
        "databases": len(data.databases),
        "candidates": sum(len(question.right) for question in questions),
        "decidable": sum(question.decidable for question in questions),
        #: Right in hundredths of the questions: the run's own choice, the greedy answer, and a choice that is never wrong.
        "chosen": _share([question.right[0] for question in questions]),
        "greedy": _share([_greedy_right(data.features, question.values, question.right) for question in questions]),
        "oracle": _share([any(question.right) for question in questions]),
    }


def _greedy_right(names: Sequence[str], values: Sequence[Sequence[float]], right: Sequence[bool]) -> bool:
    if "greedy" not in names:
        return False
    place = names.index("greedy")
    return any(is_right and row[place] > 0 for row, is_right in zip(values, right, strict=True))


def _share(results: Sequence[bool]) -> float:
    return 100 * sum(results) / max(1, len(results))


def _plan_sentence(facts: dict[str, object]) -> str:
    shape = f"{facts['questions']} questions on {facts['databases']} databases, {facts['candidates']} candidates"
    right = f"chosen {facts['chosen']:.1f} %, greedy {facts['greedy']:.1f} %, best possible {facts['oracle']:.1f} %"
    left_out = f"; {facts['left_out']} left out, whose databases are measured on" if facts["left_out"] else ""
    return f"{shape}{left_out}; a choice matters for {facts['decidable']}. Right: {right}"


def _measure(data: Candidates, settings: SelectSettings, events: Events) -> dict[str, list[bool]]:
    """Return the results of each kind of ranker on held-out databases."""
    folds = folds_of(data.questions, settings.folds, settings.seed)

    def tell(fold: int) -> None:
        events.tell("step", {"step": fold + 1, "of": len(folds)}, f"part {fold + 1} of {len(folds)} measured")

    return held_out_results(data.questions, data.features, folds, lambda part: all_rankers(part, data.features, settings), tell)


def _gain(data: Candidates, settings: SelectSettings, new: Sequence[bool], old: Sequence[bool]) -> Gain:
    return gain_over_databases(old, new, [question.db for question in data.questions], draws=settings.draws, seed=settings.seed)


def _won(new: Sequence[bool], old: Sequence[bool]) -> int:
    return sum(right and not was for right, was in zip(new, old, strict=True))


def _sentence(name: str, gain: Gain) -> str:
    change = f"{100 * gain.gain:+.1f} points ({100 * gain.low:+.1f} to {100 * gain.high:+.1f}) against the run's own choices"
    return f"{name}: {100 * gain.after:.1f} % right on databases it did not see, {change}"


def _better(data: Candidates, settings: SelectSettings, results: dict[str, list[bool]]) -> str:
    """The hidden layer has to be surely better than the linear ranker: what is simple can be read and misleads less on other databases."""
    if "net" not in results:
        return "linear"
    return "net" if _gain(data, settings, results["net"], results["linear"]).is_certain else "linear"


def _final(data: Candidates, settings: SelectSettings, kind: str) -> Ranker:
    try:
        return all_rankers(data.questions, data.features, settings)[kind]
    except ValueError as error:
        raise StageError(f"there is nothing to learn from: {error}", NO_DATA) from error


def _write(settings: SelectSettings, data: Candidates, ranker: Ranker, measured: dict[str, object], results: dict[str, list[bool]]) -> Path:
    path = settings.out / "ranker.json"
    facts = {"fingerprint": data.fingerprint, "comparator": data.comparator, "models": sorted(set(data.models)), "measured": measured}
    whole = path.with_suffix(".part")
    whole.write_text(ranker_as_json(ranker, facts) + "\n", encoding="utf-8")
    whole.replace(path)
    weights = sorted(zip(ranker.features, ranker.weights, strict=True), key=lambda entry: -abs(entry[1]))
    figures = {**facts, "weights": dict(weights), "databases": _by_database(data, results)}
    (settings.out / "select.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return path


def _by_database(data: Candidates, results: dict[str, list[bool]]) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for at, question in enumerate(data.questions):
        row = table[question.db]
        row["questions"] += 1
        row["chosen"] += question.right[0]
        row["possible"] += any(question.right)
        for name, found in results.items():
            row[name] += found[at]
    return {name: dict(row) for name, row in sorted(table.items())}


def _done_sentence(settings: SelectSettings, path: Path, gain: Gain, *, installed: bool) -> str:
    if installed:
        return f"the ranker is in {path} and in {settings.install}"
    why = "; its gain is not sure, so it was not installed" if settings.install is not None and not gain.is_certain else ""
    return f"the ranker is in {path}{why}"
