"""What the choice of examples needs of Joinery, and the answers that are kept: a question with the same examples is asked once."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from joinery_trainer.data.pairs import Pair


@dataclass(frozen=True)
class Asked:
    """A question and the examples that are shown with it, the first first."""

    question: Pair
    shown: tuple[Pair, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """Return what names it: the question, then the examples."""
        return (pair_id(self.question), *map(pair_id, self.shown))


class Asker(Protocol):
    """Joinery, as far as it is needed here."""

    def alike(self, questions: Sequence[Pair], pairs: Sequence[Pair]) -> Mapping[str, Sequence[str]]:
        """Return for each question's id the ids (`pair_id`) of pairs that may be shown with it, best first; never the question itself."""
        ...

    def right(self, asked: Sequence[Asked]) -> Sequence[bool]:
        """Ask each question with its examples, greedily; return whether the answers are right, in order."""
        ...


def pair_id(pair: Pair) -> str:
    """Return the name that the extension gives to a pair (`engine/ask/demonstrationStore.ts`): it follows from question and SQL alone."""
    return hashlib.sha256(f"{pair.question}\n{pair.sql}".encode()).hexdigest()[:16]


class Answers:
    """Asks what has no answer yet and keeps every answer in a file at once, so that a resumed run asks only what is open."""

    def __init__(self, asker: Asker, file: Path) -> None:
        self._asker = asker
        self._file = file
        self._known: dict[tuple[str, ...], bool] = dict(_read(file))
        self._used: set[tuple[str, ...]] = set()
        #: Questions that were asked by this process, and the seconds that this took.
        self.asked = 0
        self.seconds = 0.0

    @property
    def used(self) -> int:
        """Return how many answers this run has needed, wherever they came from: a budget of them is the same for a resumed run."""
        return len(self._used)

    @property
    def any_right(self) -> bool:
        """Say whether any of the answers that were needed is right."""
        return any(self._known[key] for key in self._used)

    def cost(self, wanted: Iterable[Asked]) -> int:
        """Return how many answers more these would need."""
        return len({one.key for one in wanted} - self._used)

    def results(self, wanted: Sequence[Asked]) -> list[bool]:
        """Return whether the answers are right; asks what is open in one go."""
        fresh = list({one.key: one for one in wanted if one.key not in self._known}.values())
        if fresh:
            began = time.monotonic()
            found = self._asker.right(fresh)
            self.seconds += time.monotonic() - began
            self.asked += len(fresh)
            with self._file.open("a", encoding="utf-8") as file:
                for one, right in zip(fresh, found, strict=True):
                    self._known[one.key] = bool(right)
                    file.write(json.dumps({"asked": one.key, "right": bool(right)}) + "\n")
                file.flush()
                os.fsync(file.fileno())
        self._used.update(one.key for one in wanted)
        return [self._known[one.key] for one in wanted]


def _read(file: Path) -> Iterable[tuple[tuple[str, ...], bool]]:
    if not file.exists():
        return
    for line in file.read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
        except json.JSONDecodeError:
            continue  # the last line of a killed run
        yield tuple(entry["asked"]), entry["right"]
