"""What a run will cost, tried on a few of its rows before the first step: seconds a token, and memory for the longest row. No weight changes."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable, Sequence, Sized
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import nn

from joinery_trainer.stages.working_clock import WorkingClock
from joinery_trainer.training.return_memory import return_free

Row = TypeVar("Row", bound=Sized)


@dataclass(frozen=True)
class Cost:
    """Seconds that a token of a row takes, forwards and backwards, and the peak of the memory in MB: of the device, on a CPU of the process."""

    seconds_per_token: float
    peak_mb: int


def measure(model: nn.Module, rows: Sequence[Row], learn: Callable[[Row], None]) -> Cost:
    """Return what ``learn`` (one row forwards and backwards) costs: timed on two middling rows, its memory on the longest one.

    Raises ValueError without rows. Gradients are thrown away.
    """
    if not rows:
        raise ValueError("nothing to measure with")
    by_length = sorted(rows, key=len)
    learn(by_length[-1])
    return_free()
    middling = by_length[len(rows) // 2 :][:2]
    clock = WorkingClock()
    for row in middling:
        learn(row)
        return_free()
    seconds = clock()
    model.zero_grad(set_to_none=True)
    return Cost(seconds / max(1, sum(map(len, middling))), peak_memory())


def peak_memory() -> int:
    """Return the most memory taken so far, in MB: of the GPU when there is one, else of this process."""
    if torch.cuda.is_available():
        return torch.cuda.max_memory_allocated() >> 20
    taken = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts kilobytes, macOS bytes.
    return taken >> (20 if sys.platform == "darwin" else 10)


def steps_within(rows: int, per_step: int, *, epochs: float, minutes: float, seconds_per_step: float) -> int:
    """Return the steps of ``epochs`` passes over ``rows`` rows, fewer when ``minutes`` (0 is no limit) do not hold them; at least 1."""
    steps = max(1, round(epochs * rows / per_step))
    return max(1, min(steps, int(minutes * 60 / seconds_per_step))) if minutes > 0 else steps
