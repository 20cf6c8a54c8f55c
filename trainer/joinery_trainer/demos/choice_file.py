"""What was decided for each database of a workspace: `.joinery/demonstrations.json`, which the extension reads (`demonstrationStore.ts`)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from joinery_trainer.demos.choose import Outcome
from joinery_trainer.evaluate.bootstrap import Gain

#: The format of the file.
FORMAT = 1


def choice_path(workspace: Path) -> Path:
    """Return where the file of a workspace is."""
    return workspace / ".joinery" / "demonstrations.json"


def write_choice(workspace: Path, database: Path, outcome: Outcome, model: str) -> Path:
    """Put a database's entry into the file; entries of other databases stay.

    A file that cannot be read is replaced. Readers see the old file or the new one.
    """
    path = choice_path(workspace)
    name = _stored(workspace, database)
    entry = {
        "database": name,
        "most": outcome.most,
        "pairs": outcome.pairs,
        "measured": outcome.measured,
        "kind": outcome.kind,
        "model": model,
        "overNone": _points(outcome.over_none),
        "overRandom": _points(outcome.over_random),
    }
    others = [other for other in _entries(path) if other.get("database") != name]
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_text(json.dumps({"format": FORMAT, "databases": [*others, entry]}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(path)
    return path


def _points(gain: Gain) -> dict[str, float]:
    """Points are hundredths of the questions; low and high bound them with 95 %."""
    points = {"points": 100 * gain.gain, "low": 100 * gain.low, "high": 100 * gain.high}
    return {**{name: round(value, 2) for name, value in points.items()}, "questions": gain.questions}


def _stored(workspace: Path, database: Path) -> str:
    """Relative to the workspace when inside it, as the pairs are, so that a team can share the file."""
    whole, root = database.resolve(), workspace.resolve()
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else str(whole)


def _entries(path: Path) -> list[dict[str, Any]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return []
    known = isinstance(content, dict) and content.get("format") == FORMAT and isinstance(content.get("databases"), list)
    return [entry for entry in content["databases"] if isinstance(entry, dict)] if known else []
