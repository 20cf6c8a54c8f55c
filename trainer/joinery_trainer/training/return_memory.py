"""
Gives memory back after every step. Rows and blocks have all lengths, and glibc keeps what was freed in pieces that no later row fits into: a run of
an hour grew from 3.9 to 8.8 GB. Returning it costs 0.2 s.
"""

from __future__ import annotations

import ctypes
import sys

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments


class ReturnMemory(TrainerCallback):
    """Where the system has no such call, nothing happens."""

    def __init__(self) -> None:
        self._trim = _find_trim()

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object) -> None:
        """Return what is free."""
        if self._trim:
            self._trim(0)


def _find_trim() -> ctypes._NamedFuncPointer | None:  # type: ignore[name-defined]
    if not sys.platform.startswith("linux"):
        return None
    try:
        return ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        # Another C library, such as musl, returns memory by itself.
        return None
