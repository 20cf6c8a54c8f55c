"""
Preferences: what is better and what is worse after one prompt, and by how much. A line names a pair of `joinery export` by its id; the prompt is that
pair's. Imports without torch.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

Kind = Literal["statement", "step"]


@dataclass(frozen=True)
class Preference:
    """Two continuations of one prompt."""

    #: Id of the exported pair.
    pair_id: str
    #: SQL that the answer begins with, the same for both; '' for whole statements.
    prefix: str
    #: What goes on well. A text that ends in ``;`` ends the answer, any other is a step on its way.
    chosen: str
    rejected: str
    #: R(chosen) − R(rejected), -1..1: by how much the chosen one must win.
    margin: float
    kind: Kind = "statement"
    #: Where the rejected one comes from: the name of a mutation, ``ends early`` or ``model``.
    source: str = ""


def write_preferences(path: Path, preferences: Iterable[Preference]) -> int:
    """Write preferences as JSON lines; return how many."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for preference in preferences:
            values = asdict(preference)
            line = {"pairId": values.pop("pair_id"), **values, "margin": round(preference.margin, 6)}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            count += 1
    return count


def read_preferences(paths: Sequence[Path]) -> list[Preference]:
    """Read files of preferences. A malformed line is a ValueError with its number."""
    found: list[Preference] = []
    for path in paths:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                try:
                    found.append(_read(json.loads(line)))
                except (KeyError, TypeError, ValueError) as error:
                    raise ValueError(f"{path.name}, line {number}: {error}") from error
    return found


def _read(entry: dict[str, Any]) -> Preference:
    texts = [entry[name] for name in ("pairId", "prefix", "chosen", "rejected")]
    margin = float(entry["margin"])
    if not all(isinstance(text, str) for text in texts) or not -1 <= margin <= 1:
        raise ValueError("four texts and a margin from -1 to 1 are needed")
    if not texts[2] or not texts[3] or texts[2] == texts[3]:
        raise ValueError("chosen and rejected are two different texts")
    return Preference(*texts, margin=margin, kind=entry.get("kind", "statement"), source=entry.get("source", ""))
