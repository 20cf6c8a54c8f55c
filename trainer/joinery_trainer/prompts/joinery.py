"""
The `joinery` command, through which the trainer gets every prompt and every score. Started as a process, with a deadline; what it says itself
explains a failure.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from joinery_trainer.prompts.exported import Target
from joinery_trainer.stages.errors import NO_DATA, STOPPED, StageError

#: What `joinery` is told for the model as it was fetched: by itself it would take the adapter that comes with the model.
NO_ADAPTER = "none"
#: Exit status of a cancelled `joinery`.
_CANCELLED = 130


def run_joinery(command: Sequence[str], arguments: Sequence[str], *, seconds: float) -> str:
    """Run ``command arguments`` and return what it wrote to standard output. Raises StageError with the command's own sentence."""
    try:
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=seconds, check=False)
    except FileNotFoundError as error:
        raise StageError(f"{command[0]} is not there; name the joinery command in the recipe (joinery = [...])", NO_DATA) from error
    except subprocess.TimeoutExpired as error:
        raise StageError(f"joinery {arguments[0]} took longer than {seconds:.0f} s") from error
    if done.returncode == _CANCELLED:
        raise StageError(f"joinery {arguments[0]} was stopped", STOPPED)
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        raise StageError(f"joinery {arguments[0]} failed: {' '.join(said[-2:]) or f'status {done.returncode}'}", NO_DATA)
    return done.stdout


def export_prompts(
    command: Sequence[str], pairs: Path, out: Path, *, style: str = "bare", view: str = "ddl", target: Target = "sql", values: bool = True
) -> dict[str, int]:
    """Have `joinery export` render the prompts of a file of pairs; return its counts. What is there already for these very pairs is kept."""
    arguments = ["export", "--set", str(pairs), "--out", str(out), "--style", style, "--view", view, "--target", target, "--json"]
    return json.loads(run_joinery(command, [*arguments, *([] if values else ["--no-values"])], seconds=3_600))


def is_right(verdict: Mapping[str, Any]) -> bool:
    """Return whether `joinery eval` found a question answered rightly; a refused one was not."""
    return any(verdict["correct"].values())


def evaluate_set(
    command: Sequence[str],
    questions: Path,
    folder: Path,
    *,
    model: str,
    adapter: Path | None = None,
    label: str | None = None,
    threads: int = 0,
    options: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """Return the verdicts of `joinery eval` on a file of questions. Predictions are kept in ``folder`` and gone on from after an interruption.

    Without an ``adapter`` the model answers as it was fetched, also when one comes with it. ``label`` tells runs on the same questions apart, by
    default by the adapter's name.
    """
    name = f"{questions.stem}-{label or (adapter.stem if adapter else 'base')}"
    report = folder / f"{name}.json"
    chosen = ["--adapter", str(adapter or NO_ADAPTER)]
    run_joinery(
        command,
        [
            "eval",
            "--set",
            str(questions),
            "--model",
            model,
            *chosen,
            *(["--threads", str(threads)] if threads else []),
            "--out",
            str(folder / f"{name}.jsonl"),
            "--report",
            str(report),
            "--comparator",
            "strict",
            *options,
        ],
        seconds=86_400,
    )
    return json.loads(report.read_text(encoding="utf-8"))["verdicts"]
