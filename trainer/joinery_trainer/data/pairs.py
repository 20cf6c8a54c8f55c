"""Questions with their SQL, as all importers give them and as `joinery export --set` reads them. Nothing is judged here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

#: Why a pair is left out, or what it may be used for. ``ok`` and ``prepare_only`` are usable, the latter for SFT alone.
Label = Literal["ok", "prepare_only", "failed", "unstable", "empty", "cut", "no_database", "quoted_names"]


@dataclass(frozen=True)
class Pair:
    """One question and the statement that answers it."""

    id: str
    #: Short name of the database: splits go by it.
    db: str
    #: File of the database; None where only its DDL is known.
    database: Path | None
    question: str
    sql: str
    #: Where it comes from, such as ``spider:train`` or ``accepted``.
    source: str
    #: Knowledge that the question takes for granted (BIRD); '' without any.
    evidence: str = ""
    #: easy, medium, hard, extra, as far as it is known.
    level: str = ""

    def with_sql(self, sql: str) -> Pair:
        """Return the same pair with another statement."""
        return replace(self, sql=sql)

    @property
    def asked(self) -> str:
        """Return the question as the model reads it, its evidence included."""
        return f"{self.question} ({self.evidence.rstrip('.')})" if self.evidence else self.question


def write_pairs(path: Path, pairs: Iterable[Pair]) -> int:
    """Write pairs as JSON lines that `joinery export --set` reads; return how many. Pairs without a database file cannot be exported: ValueError."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for pair in pairs:
            if pair.database is None:
                raise ValueError(f"{pair.id} has no database")
            entry = {"id": pair.id, "db": str(pair.database.resolve()), "question": pair.asked, "sql": pair.sql, "source": pair.source}
            file.write(json.dumps({**entry, **({"level": pair.level} if pair.level else {})}, ensure_ascii=False) + "\n")
            count += 1
    return count


def read_pairs(path: Path, source: str) -> Iterator[Pair]:
    """Read JSON lines with ``id``, ``question``, ``sql`` and ``db`` (a path beside the file). A malformed line is a ValueError with its number."""
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                entry = json.loads(line)
                database = (path.parent / entry["db"]).resolve()
                identity = str(entry.get("id", f"{path.stem}-{number}"))
                question, sql = str(entry["question"]), str(entry["sql"])
            except (json.JSONDecodeError, KeyError, TypeError) as error:
                raise ValueError(f"{path.name}, line {number}: {error}") from error
            yield Pair(identity, database.stem, database, question, sql, str(entry.get("source", source)), level=str(entry.get("level", "")))
