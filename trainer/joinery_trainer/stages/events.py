"""
What a stage tells the world while it runs: one JSON line per event in `events.jsonl` of its run folder, which the editor follows and the report
draws, and a line for people on standard error. A reader may come at any time: lines are only ever added, each in one write.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

Kind = Literal["plan", "step", "score", "reward", "sample", "saved", "warning", "done", "failed"]


class Events:
    """Appends to ``folder/events.jsonl``, times in seconds since 1970. ``quiet`` keeps to the file; ``mute`` tells nothing (a second process)."""

    def __init__(self, folder: Path, stage: str, *, quiet: bool = False, mute: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.path = folder / "events.jsonl"
        self._stage = stage
        self._quiet = quiet
        self._mute = mute

    def of(self, stage: str) -> Events:
        """Return events of a part of this run, told in the same file."""
        return Events(self._folder, stage, quiet=self._quiet, mute=self._mute)

    def tell(self, kind: Kind, values: Mapping[str, Any], sentence: str = "") -> None:
        """Add one event; ``sentence`` is what people read."""
        if self._mute:
            return
        line = json.dumps({"at": round(time.time(), 3), "stage": self._stage, "kind": kind, **values, **({"text": sentence} if sentence else {})})
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
        if sentence and not self._quiet:
            print(sentence, file=sys.stderr, flush=True)


def read_events(path: Path) -> list[dict[str, Any]]:
    """Return the events of a run so far. A last line that is still being written is left out."""
    if not path.exists():
        return []
    events = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            events.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return events
