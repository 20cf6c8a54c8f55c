"""
What the audit of rewards says at the end: how much every component paid, and how that goes together with being right. One that pays without is
being gamed. Imports without torch.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from joinery_trainer.rollouts.rewarding import COMPONENTS


def summarise_audit(path: Path) -> dict[str, dict[str, float]]:
    """Return, for ``reward`` and every component that was ever paid, its mean, its mean for wrong answers, and its correlation with being right.

    The correlation is Pearson's, −1 to 1 and 0 where one side never changes; answers count as often as they were drawn. No file is no summary.
    """
    entries = list(_entries(path))
    names = [name for name in ("reward", *COMPONENTS) if name == "reward" or any(entry[name] for entry in entries)]
    return {name: _of(name, entries) for name in names} if entries else {}


def drop_from(path: Path, step: int) -> None:
    """Leave out entries of ``step`` and later ones: a run that goes on from a checkpoint writes them again."""
    if not path.exists():
        return
    lines = [json.dumps(entry, ensure_ascii=False) + "\n" for entry in _entries(path) if entry["step"] < step]
    beside = path.with_name(f"{path.name}.part")
    beside.write_text("".join(lines), encoding="utf-8")
    beside.replace(path)


def _entries(path: Path) -> Iterable[Mapping[str, Any]]:
    if not path.exists():
        return
    with path.open(encoding="utf-8") as file:
        for line in file:
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                # The last line of a run that was killed while it wrote.
                continue


def _of(name: str, entries: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    points = [(float(entry[name]), float(entry["finding"] == "match"), int(entry["count"])) for entry in entries]
    total = sum(count for *_, count in points)
    mean = sum(value * count for value, _, count in points) / total
    right = sum(is_right * count for _, is_right, count in points) / total
    wrong = [(value, count) for value, is_right, count in points if not is_right]
    together = sum((value - mean) * (is_right - right) * count for value, is_right, count in points)
    spread = math.sqrt(sum((value - mean) ** 2 * count for value, _, count in points) * right * (1 - right) * total)
    return {
        "mean": round(mean, 4),
        "mean_when_wrong": round(sum(value * count for value, count in wrong) / sum(count for _, count in wrong), 4) if wrong else 0.0,
        "correlation": round(together / spread, 4) if spread > 0 else 0.0,
    }
