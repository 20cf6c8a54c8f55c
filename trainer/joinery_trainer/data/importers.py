"""Public data sets and a workspace's own pairs, brought to one form. Only reading: what a pair is worth is decided in `quality`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from joinery_trainer.data.pairs import Pair

_SPIDER_FILES = {"train": "train_spider", "train_others": "train_others"}


def import_spider(folder: Path, split: str) -> Iterator[Pair]:
    """Read Spider's layout. ``dev`` is for measuring alone and is refused with ValueError, as is any other unknown split."""
    if split not in _SPIDER_FILES:
        raise ValueError(f"Spider's {split!r} is not for training: take one of {', '.join(_SPIDER_FILES)}")
    name = _SPIDER_FILES[split]
    levels_file = folder / f"{name}_hardness.json"
    levels = _read_json(levels_file) if levels_file.exists() else []
    for number, entry in enumerate(_read_json(folder / f"{name}.json")):
        db = entry["db_id"]
        database = folder / "database" / db / f"{db}.sqlite"
        level = levels[number] if number < len(levels) else ""
        known = database if database.exists() else None
        yield Pair(f"{split}-{number:04}", db, known, entry["question"], entry["query"], f"spider:{split}", level=level)


def import_bird(file: Path, databases: Path | None = None) -> Iterator[Pair]:
    """Read BIRD's JSON, evidence included. Databases are looked for under ``databases/<id>/<id>.sqlite``; without them pairs have none."""
    for number, entry in enumerate(_read_json(file)):
        db = entry["db_id"]
        database = databases / db / f"{db}.sqlite" if databases else None
        known = database if database is not None and database.exists() else None
        sql = entry.get("SQL") or entry["query"]
        evidence = str(entry.get("evidence") or "").strip()
        yield Pair(f"bird-{number:05}", db, known, entry["question"], sql, "bird:train", evidence, str(entry.get("difficulty", "")))


def import_synsql(file: Path) -> Iterator[Pair]:
    """Read SynSQL's JSON or JSON lines; it comes without databases, so its pairs serve SFT on their DDL alone."""
    text = file.read_text(encoding="utf-8")
    entries = json.loads(text) if text.lstrip().startswith("[") else [json.loads(line) for line in text.splitlines() if line.strip()]
    for number, entry in enumerate(entries):
        level = str(entry.get("sql_complexity", "")).lower()
        evidence = str(entry.get("external_knowledge") or "").strip()
        yield Pair(f"synsql-{number:05}", entry["db_id"], None, entry["question"], entry["sql"], "synsql", evidence, level)


def import_accepted(file: Path) -> Iterator[Pair]:
    """Read a workspace's ``.joinery/pairs.jsonl``: questions whose answers somebody accepted, edited or corrected, the kind as source.

    Databases stand there relative to the workspace's folder, or absolute outside it. Lines that are no pairs are left out, as Joinery itself does.
    """
    folder = file.parent.parent
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            entry = json.loads(line)
            database = (folder / entry["database"]).resolve()
            question, sql = str(entry["question"]), str(entry["sql"])
        except (json.JSONDecodeError, KeyError, TypeError):
            continue
        yield Pair(f"accepted-{number:05}", database.stem, database, question, sql, f"workspace:{entry.get('kind', 'accepted')}")


def _read_json(file: Path) -> list[dict[str, Any]]:
    with file.open(encoding="utf-8") as stream:
        entries = json.load(stream)
    if not isinstance(entries, list):
        raise ValueError(f"{file.name} holds no list")
    return entries


#: Importers by the name that a recipe gives them.
IMPORTERS: dict[str, Callable[..., Iterator[Pair]]] = {
    "spider": import_spider,
    "bird": import_bird,
    "synsql": import_synsql,
    "accepted": import_accepted,
}
