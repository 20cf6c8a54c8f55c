"""
Gives memory back as soon as it is free. Rows and blocks have all lengths, and glibc keeps what was freed in pieces that no later row fits into: a run
of an hour with the 0.5B grew from 3.9 to 8.8 GB. What is free is therefore returned after every row, a tenth of its time. Where memory is scarce,
blocks as large as activations also come from the system and go back to it one by one: the least memory, and half as slow again, for the system clears
each of them. https://man7.org/linux/man-pages/man3/mallopt.3.html
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from pathlib import Path

import psutil
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

#: M_MMAP_THRESHOLD of malloc.h.
_MAP_THRESHOLD = -3
#: Bytes from which a block is a map of its own. glibc raises its own bound to 32 MB with the first large block that is freed, unless one is set.
_LARGE = 1 << 20
#: Memory is scarce below so many times the size of the base's file: runs kept small took 9 to 12 times as much (LOG.md).
_ROOM = 16


def is_scarce(base: Path, available: int | None = None) -> bool:
    """Return whether a run on ``base`` had better be slow than large. ``available`` is the memory that can be had, in bytes.

    A folder of unquantised weights is larger than a file of quantised ones and trains with no more: there the answer errs towards little memory.
    """
    size = base.stat().st_size if base.is_file() else sum(file.stat().st_size for file in base.glob("*.safetensors"))
    return (psutil.virtual_memory().available if available is None else available) < _ROOM * size


def return_large_blocks() -> None:
    """Have large blocks go back at once, from now on and for the whole process. Where the system has no such call, nothing happens."""
    bound = getattr(_c_library(), "mallopt", None)
    if bound:
        bound(_MAP_THRESHOLD, _LARGE)


def return_free() -> None:
    """Return to the system what is free now."""
    trim = getattr(_c_library(), "malloc_trim", None)
    if trim:
        trim(0)


class ReturnMemory(TrainerCallback):
    """Returns what each row left free. Where the system has no such call, nothing happens."""

    def on_substep_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object) -> None:
        """After a row that is not the last one of its step."""
        return_free()

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object) -> None:
        """After the last row of a step."""
        return_free()


@cache
def _c_library() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        return ctypes.CDLL(None)
    except OSError:
        return None
