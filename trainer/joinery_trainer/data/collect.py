"""
The stage `pairs`: public data sets brought to one form, judged pair by pair, split by database. Gold statements run twice; double-quoted texts become
single-quoted where the result stays the same; what fails, changes or returns nothing is left out, and the report says how much of it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from joinery_trainer.data.importers import import_bird, import_spider
from joinery_trainer.data.mixture import mixture
from joinery_trainer.data.pairs import Pair, write_pairs
from joinery_trainer.data.quality import USABLE, Judged, judge_pairs, report
from joinery_trainer.data.split import split_by_database, without_unseen
from joinery_trainer.data.synthetic import synthetic_pairs
from joinery_trainer.stages.errors import NO_DATA, StageError
from joinery_trainer.stages.events import Events
from joinery_trainer.stages.pairs_settings import PairsSettings

#: A third party's word for a pair whose statement does not answer its question.
_WRONG = "INCORRECT"


def run_pairs(settings: PairsSettings, *, resume: bool = False, quiet: bool = False) -> Path:
    """Write the pairs and return `training.jsonl`. ``resume`` changes nothing: the same sources give the same pairs. Raises StageError."""
    events = Events(settings.out, "pairs", quiet=quiet)
    try:
        gathered = list(_gather(settings))
    except (OSError, ValueError, KeyError) as error:
        raise StageError(f"the data cannot be read: {error}", NO_DATA) from error
    allowed = [pair for pair in without_unseen(gathered) if pair.db not in settings.without]
    judged = [_kept_empty(one) for one in judge_pairs(allowed)]
    usable = [one for one in judged if one.label in USABLE]
    if not usable:
        raise StageError("no pair is usable; report.md says why", NO_DATA)
    training, held_out = _split(usable, settings)
    made = synthetic_pairs((pair.database for pair in training if pair.database is not None), settings.synthetic, settings.seed)
    taken = mixture(training, settings.mixture, settings.seed)
    parts = {"training": training, "held_out": held_out, "mixture": taken, "synthetic": made}
    for name, pairs in parts.items():
        if pairs or name in ("training", "held_out"):
            write_pairs(settings.out / f"{name}.jsonl", pairs)
    counts = {**{name: len(pairs) for name, pairs in parts.items()}, "kept_out": len(gathered) - len(allowed)}
    found = f"Training: {len(training)} pairs. Taken: {len(taken)}. Made: {len(made)}. Held out: {len(held_out)}."
    text = f"{report(judged)}\n\nKept out by database: {counts['kept_out']}. {found}\n"
    (settings.out / "report.md").write_text(text, encoding="utf-8")
    left_out = len(judged) - len(usable)
    events.tell("done", {**counts, "left_out": left_out}, f"{found} Left out: {left_out}, report.md says why")
    return settings.out / "training.jsonl"


def _gather(settings: PairsSettings) -> Iterator[Pair]:
    if settings.spider is not None:
        verdicts = _verdicts(settings.verdicts)
        number = 0
        for split in settings.splits:
            for pair in import_spider(settings.spider, split):
                if number >= len(verdicts) or verdicts[number] != _WRONG:
                    yield pair
                number += 1
        if settings.synonyms is not None:
            yield from import_synonyms(settings.synonyms, settings.spider)
    if settings.bird is not None and settings.bird_schemas is not None:
        folder = make_databases(json.loads(settings.bird_schemas.read_text(encoding="utf-8")), settings.out / "databases")
        yield from import_bird(settings.bird, folder)


def import_synonyms(file: Path, spider: Path) -> Iterator[Pair]:
    """Read Spider-Syn's questions that differ from Spider's own; the statements are the same."""
    for number, entry in enumerate(json.loads(file.read_text(encoding="utf-8"))):
        if entry["question"] == entry.get("orig_question"):
            continue
        db = entry["db_id"]
        database = spider / "database" / db / f"{db}.sqlite"
        known = database if database.exists() else None
        yield Pair(f"syn-{number:04}", db, known, entry["question"], entry["query"], "spider-syn:train")


def make_databases(schemas: dict[str, str], folder: Path) -> Path:
    """Make a database without rows for each DDL text, ``folder/<id>/<id>.sqlite``, and return ``folder``. DDL that SQLite refuses makes none."""
    for name, ddl in schemas.items():
        file = folder / name / f"{name}.sqlite"
        if file.exists():
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_suffix(".part")
        beside.unlink(missing_ok=True)
        try:
            with closing(sqlite3.connect(beside)) as connection:
                connection.executescript(ddl)
        except sqlite3.Error:
            beside.unlink(missing_ok=True)
            continue
        beside.replace(file)
    return folder


def _verdicts(file: Path | None) -> list[str]:
    return list(json.loads(file.read_text(encoding="utf-8"))["train"]) if file is not None else []


def _kept_empty(judged: Judged) -> Judged:
    """A gold that runs on rows and finds none is no use for rewards, and for fine-tuning as good as any other."""
    return replace(judged, label="prepare_only") if judged.label == "empty" else judged


def _split(usable: Iterable[Judged], settings: PairsSettings) -> tuple[list[Pair], list[Pair]]:
    listed = list(usable)
    measured = [one.pair for one in listed if one.label == "ok"]
    _, held_out = split_by_database(measured, settings.held_out, settings.seed) if settings.held_out > 0 else ([], [])
    back = {pair.db for pair in held_out}
    return [one.pair for one in listed if one.pair.db not in back], held_out
