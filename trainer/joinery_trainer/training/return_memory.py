"""
Gives memory back as soon as it is free. Rows and blocks have all lengths, and glibc keeps what was freed in pieces that no later row fits into: a run
of an hour with the 0.5B grew from 3.9 to 8.8 GB. Blocks as large as activations therefore come from the system and go back to it one by one, and
what is small is returned after every step (0.2 s). https://man7.org/linux/man-pages/man3/mallopt.3.html
"""

from __future__ import annotations

import ctypes
import sys

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

#: M_MMAP_THRESHOLD of malloc.h.
_MAP_THRESHOLD = -3
#: Bytes from which a block is a map of its own. glibc raises its own bound to 32 MB with the first large block that is freed, unless one is set.
_LARGE = 1 << 20


def return_large_blocks() -> None:
    """Have large blocks go back at once, from now on and for the whole process. Where the system has no such call, nothing happens."""
    bound = getattr(_c_library(), "mallopt", None)
    if bound:
        bound(_MAP_THRESHOLD, _LARGE)


class ReturnMemory(TrainerCallback):
    """Where the system has no such call, nothing happens."""

    def __init__(self) -> None:
        self._trim = getattr(_c_library(), "malloc_trim", None)

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object) -> None:
        """Return what is free."""
        if self._trim:
            self._trim(0)


def _c_library() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        return ctypes.CDLL(None)
    except OSError:
        return None
