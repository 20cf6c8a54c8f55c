"""Files of `joinery eval --features` made up for tests: what is right follows from the features, and the run's own choice is often wrong."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path

FEATURES = ["voteShare", "greedy", "noRows", "nothing", "coverage", "countMissing", "length", "star"]

Truth = Callable[[dict[str, float]], float]


def obvious(row: dict[str, float]) -> float:
    """A linear truth: what covers the question and misses no count."""
    return 2 * row["coverage"] - 3 * row["countMissing"]


def crossed(row: dict[str, float]) -> float:
    """No linear score knows this: a star is right with a count missing, and wrong without."""
    return 1.0 if (row["star"] > 0.5) == (row["countMissing"] > 0.5) else 0.0


def write_candidates(path: Path, databases: int, questions: int, truth: Truth = obvious, *, seed: int = 1, names: Sequence[str] = FEATURES) -> Path:
    chance = random.Random(seed)
    run = {"model": "fake", "candidates": 4}
    lines: list[dict[str, object]] = [{"kind": "header", "format": 1, "features": list(names), "comparator": "spider_ex", "run": run}]
    for number in range(questions):
        rows = []
        for candidate in range(4):
            row = {name: chance.choice([0.0, 1.0]) for name in FEATURES}
            row |= {"voteShare": 0.4 - candidate * 0.1, "coverage": chance.random(), "length": chance.random(), "greedy": float(candidate == 0)}
            row |= {"noRows": 0.0, "nothing": 0.0}
            rows.append(row)
        best = max(map(truth, rows))
        for candidate, row in enumerate(rows):
            entry = {"id": f"q{number}", "db": f"db{number % databases}", "candidate": candidate, "sql": f"SELECT {candidate}"}
            lines.append({"kind": "candidate", **entry, "features": [row[name] for name in names], "right": truth(row) >= best})
    path.write_text("\n".join(json.dumps(line) for line in lines) + "\n", encoding="utf-8")
    return path
