"""How many questions about schemas go among questions for SQL: a share, the tasks of all kinds and databases alike. Imports without torch."""

from __future__ import annotations

import random
from collections.abc import Sequence

from joinery_trainer.prompts.exported import GraphTask


def take_tasks(tasks: Sequence[GraphTask], pairs: int, share: float, seed: int) -> list[GraphTask]:
    """Return tasks, at most ``share`` (0 to below 1) of all examples when ``pairs`` others stand beside them, drawn at random.

    Raises ValueError for another share.
    """
    if not 0 <= share < 1:
        raise ValueError("the share of graph tasks is at least 0 and below 1")
    most = int(share * pairs / (1 - share))
    return sorted(random.Random(seed).sample(list(tasks), min(most, len(tasks))), key=lambda task: task.id)
