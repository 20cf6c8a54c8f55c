"""
The difficulty ladder: training starts with the easiest questions, and harder ones are let in while the newest level is learnable, that is while
between a tenth and nine tenths of its answers are right (SQL-R1 trains on complex queries only, which is too hard for a start at this size).
It decides from counts; it draws nothing and runs nothing. Imports without torch.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

from joinery_trainer.sql.clauses import clause_atoms

#: Names of levels in the sources that have them, easiest first.
_RANKS = {
    "easy": 0,
    "simple": 0,
    "medium": 1,
    "moderate": 1,
    "hard": 2,
    "complex": 2,
    "challenging": 2,
    "extra": 3,
    "extra hard": 3,
    "highly complex": 3,
}
#: Clause atoms up to which a statement without a named level belongs to ranks 0, 1 and 2.
_ATOMS = (4, 7, 11)


def rank_of(level: str, gold: str) -> int:
    """Return 0 (easiest) to 3: by the name of the level, or by the size of the statement when the source names none."""
    rank = _RANKS.get(level.strip().lower())
    if rank is not None:
        return rank
    atoms = clause_atoms(gold)
    if atoms is None:
        return len(_ATOMS)
    return sum(atoms.total() > most for most in _ATOMS)


class Ladder:
    """Which ranks are trained on now. Ranks that have no question are stepped over."""

    def __init__(self, ranks: Iterable[int], *, window: int = 16, low: float = 0.1, high: float = 0.9) -> None:
        self._ranks = sorted(set(ranks))
        if not self._ranks:
            raise ValueError("a ladder needs at least one rank")
        self._window = window
        self._low = low
        self._high = high
        self._at = 0
        self._seen: deque[float] = deque(maxlen=window)

    @property
    def top(self) -> int:
        """The hardest rank in use."""
        return self._ranks[self._at]

    @property
    def open(self) -> tuple[int, ...]:
        """All ranks in use, easiest first."""
        return tuple(self._ranks[: self._at + 1])

    def observe(self, rank: int, success: float) -> None:
        """Take note of a group: the share of its answers that were right. Groups below the newest level change nothing.

        With a full window the ladder rises when the mean lies at ``low`` or above, and falls a level when it lies below. A level that is already
        mastered (half a window above ``high``) is not waited for.
        """
        if rank != self.top:
            return
        self._seen.append(success)
        mean = sum(self._seen) / len(self._seen)
        mastered = 2 * len(self._seen) >= self._window and mean > self._high
        if len(self._seen) < self._window and not mastered:
            return
        if mean >= self._low and self._at + 1 < len(self._ranks):
            self._at += 1
            self._seen.clear()
        elif mean < self._low and self._at > 0:
            self._at -= 1
            self._seen.clear()

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint keeps."""
        return {"top": self.top, "seen": list(self._seen)}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from a checkpoint. A rank that the data no longer have starts again from the bottom."""
        self._at = self._ranks.index(state["top"]) if state["top"] in self._ranks else 0
        self._seen = deque(state["seen"], maxlen=self._window)
