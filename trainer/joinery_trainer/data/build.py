"""
Pairs for training on a user's own databases, from all sources at once: synthesis over each database, answers that were accepted, and what is kept
back to measure with. Two things are never trained on: templates held back for the synthetic questions, and the questions of the user's tests.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

from joinery_trainer.data.pairs import Pair, read_pairs, write_pairs
from joinery_trainer.data.quality import judge_pairs
from joinery_trainer.sql.clauses import canonical
from joinery_trainer.stages.errors import NO_DATA, StageError
from joinery_trainer.synth.constructs import constructs_of
from joinery_trainer.synth.generate import Request, synthesise
from joinery_trainer.synth.held_back import split_templates

#: Pairs made to measure with, per one wanted: some have no result, or a construct that training does not show.
_SPARE = 1.5


@dataclass(frozen=True)
class Sources:
    """Where pairs come from."""

    databases: tuple[Path, ...]
    #: JSON lines of accepted answers.
    accepted: tuple[Path, ...] = ()
    #: JSON lines of questions that measure and are never trained on.
    questions: tuple[Path, ...] = ()
    #: Synthetic pairs of one database.
    pairs: int = 1_000
    #: Synthetic questions of one database that measure, from templates that training does not use.
    held_out: int = 200
    #: Share of the templates kept back.
    templates_out: float = 0.2
    seed: int = 1


@dataclass(frozen=True)
class Built:
    """What was made, and why the rest was left out."""

    training: tuple[Pair, ...]
    held_out: tuple[Pair, ...]
    questions: tuple[Pair, ...]
    report: dict[str, object]


def build_pairs(sources: Sources) -> Built:
    """Make the pairs. The same sources and seed give the same pairs. Raises StageError when a database gives none."""
    used, back = split_templates(sources.templates_out, sources.seed)
    reasons: Counter[str] = Counter()
    training: list[Pair] = []
    held_out: list[Pair] = []
    for number, database in enumerate(sources.databases):
        if not database.is_file():
            raise StageError(f"there is no database {database}", NO_DATA)
        seed = sources.seed * 1_000 + number
        made = synthesise(database, Request(sources.pairs, seed, templates=used))
        kept = synthesise(database, Request(ceil(sources.held_out * _SPARE), seed + 500, templates=back))
        training.extend(_renamed(made.pairs, "s"))
        shown = [pair for pair in kept.pairs if pair.id not in kept.empty]
        known = _with_known_constructs(shown, made.pairs)
        reasons["a construct that no training pair of the database has"] += len(shown) - len(known)
        held_out.extend(_renamed(known[: sources.held_out], "h"))
        reasons.update({f"synthesis: {reason}": count for reason, count in made.refused.items()})
    questions = _usable(_read(sources.questions, "questions"), reasons, "question")
    training.extend(_usable(_read(sources.accepted, "accepted"), reasons, "accepted"))
    known = {(pair.database, canonical(pair.sql)) for pair in [*held_out, *questions]}
    clean = [pair for pair in training if (pair.database, canonical(pair.sql)) not in known]
    reasons["the statement is kept for measuring"] = len(training) - len(clean)
    if not clean:
        raise StageError("no pair could be made: the databases have no tables with rows, and nothing was accepted yet", NO_DATA)
    counts = {"training": len(clean), "held_out": len(held_out), "questions": len(questions)}
    return Built(tuple(clean), tuple(held_out), tuple(questions), {**counts, "left_out": dict(reasons), "templates_out": sorted(back)})


def _with_known_constructs(measured: Sequence[Pair], trained: Sequence[Pair]) -> list[Pair]:
    """Return the pairs to measure with whose constructs all occur in training: where a schema is poor, a construct may fit one template only."""
    known = {construct for pair in trained for construct in constructs_of(pair.sql)}
    return [pair for pair in measured if constructs_of(pair.sql) <= known]


def write_built(built: Built, folder: Path) -> None:
    """Write ``training.jsonl``, ``held_out.jsonl`` and ``questions.jsonl`` for `joinery`, and ``report.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("training", "held_out", "questions"):
        write_pairs(folder / f"{name}.jsonl", getattr(built, name))
    (folder / "report.json").write_text(json.dumps(built.report, indent=2, ensure_ascii=False), encoding="utf-8")


def _renamed(pairs: Iterable[Pair], mark: str) -> list[Pair]:
    return [replace(pair, id=f"{mark}-{pair.id}") for pair in pairs]


def _read(files: Sequence[Path], source: str) -> list[Pair]:
    found: list[Pair] = []
    for file in files:
        try:
            found.extend(read_pairs(file, source))
        except (OSError, ValueError) as error:
            raise StageError(f"{file} cannot be read: {error}", NO_DATA) from error
    return found


def _usable(pairs: Sequence[Pair], reasons: Counter[str], kind: str) -> list[Pair]:
    kept: list[Pair] = []
    for judged in judge_pairs(pairs):
        if judged.label == "ok":
            kept.append(judged.pair)
        else:
            reasons[f"{kind}: {judged.label}"] += 1
    return kept
