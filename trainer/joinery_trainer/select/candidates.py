"""Candidates as `joinery eval --features` wrote them: for each question the statements that ran, their features, and which are right."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joinery_trainer.select.ranker import tier

#: The format of the files that this reader knows.
FORMAT = 1


@dataclass(frozen=True)
class Question:
    """The candidates of one question of one run; the first is the one that the run preferred."""

    id: str
    db: str
    #: Candidates × features.
    values: tuple[tuple[float, ...], ...]
    right: tuple[bool, ...]
    #: 0 with rows, 1 with a row of NULLs and zeros, 2 without rows.
    tiers: tuple[int, ...]

    @property
    def decidable(self) -> bool:
        """Say whether a choice matters: some candidate is right and some is not."""
        return any(self.right) and not all(self.right)


@dataclass(frozen=True)
class Candidates:
    """The content of one or more files with the same features."""

    features: tuple[str, ...]
    questions: tuple[Question, ...]
    comparator: str
    #: ``model``, or ``model+adapter``, of each file.
    models: tuple[str, ...]
    #: Changes with every number of the data.
    fingerprint: str

    @property
    def databases(self) -> tuple[str, ...]:
        """Return the names of the databases, sorted."""
        return tuple(sorted({question.db for question in self.questions}))


@dataclass
class _Reading:
    features: list[str] | None = None
    comparator: str | None = None
    models: list[str] = field(default_factory=list)
    lines: dict[tuple[int, str], list[Mapping[str, Any]]] = field(default_factory=dict)


def read_candidates(paths: Sequence[Path]) -> Candidates:
    """Read files. Raises ValueError for another format, a malformed line, and files that differ in features or comparator."""
    reading = _Reading()
    digest = hashlib.sha256()
    for number, path in enumerate(paths):
        with path.open("rb") as file:
            for at, line in enumerate(file, start=1):
                digest.update(line)
                try:
                    _read_line(reading, number, json.loads(line))
                except (KeyError, TypeError, ValueError) as error:
                    raise ValueError(f"{path.name}, line {at}: {error}") from error
    names = tuple(reading.features or ())
    questions = tuple(_question(names, lines) for lines in reading.lines.values())
    return Candidates(names, questions, reading.comparator or "", tuple(reading.models), digest.hexdigest()[:16])


def _read_line(reading: _Reading, file: int, line: Mapping[str, Any]) -> None:
    if line["kind"] == "header":
        _read_header(reading, line)
    elif line["kind"] == "candidate":
        if reading.features is None:
            raise ValueError("a candidate before the header")
        if len(line["features"]) != len(reading.features):
            raise ValueError(f"{len(line['features'])} features, the header names {len(reading.features)}")
        reading.lines.setdefault((file, str(line["id"])), []).append(line)
    else:
        raise ValueError(f"a line of kind {line['kind']!r} is unknown")


def _read_header(reading: _Reading, line: Mapping[str, Any]) -> None:
    if line["format"] != FORMAT:
        raise ValueError(f"format {line['format']} is unknown, {FORMAT} is known")
    names, comparator = list(line["features"]), str(line["comparator"])
    if reading.features is not None and reading.features != names:
        raise ValueError("other features than in the files before; write all files with one version")
    if reading.comparator is not None and reading.comparator != comparator:
        raise ValueError(f"right by {comparator}, in the files before by {reading.comparator}")
    reading.features, reading.comparator = names, comparator
    run = line["run"]
    reading.models.append(f"{run['model']}+{run['adapter']}" if run.get("adapter") else str(run["model"]))


def _question(names: Sequence[str], lines: Sequence[Mapping[str, Any]]) -> Question:
    ordered = sorted(lines, key=lambda line: line["candidate"])
    values = tuple(tuple(float(value) for value in line["features"]) for line in ordered)

    def tier_of(row: Sequence[float]) -> int:
        named = dict(zip(names, row, strict=True))
        return tier(named.get("noRows", 0.0), named.get("nothing", 0.0))

    return Question(
        id=str(ordered[0]["id"]),
        db=str(ordered[0]["db"]),
        values=values,
        right=tuple(bool(line["right"]) for line in ordered),
        tiers=tuple(tier_of(row) for row in values),
    )
