"""What stages over packed rows share: the rows of a run, how many of them make a step, and what the run will cost."""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from joinery_trainer.training.estimate import Cost, steps_within

RowOf = TypeVar("RowOf", bound=Sized)


@dataclass(frozen=True)
class PackedRows(Generic[RowOf]):
    """Everything a run reads, in tokens."""

    training: tuple[RowOf, ...]
    held_out: tuple[RowOf, ...]
    #: What a step counts, in all rows together: questions, or preferences.
    count: int
    #: Tokens of an epoch if every answer stood alone with its prompt.
    plain_tokens: int
    #: Ids of what fits no row.
    too_long: tuple[str, ...]
    prompt_version: str

    @property
    def tokens(self) -> int:
        """Tokens of an epoch."""
        return sum(map(len, self.training))

    def per_step(self, wanted: int) -> int:
        """Return how many rows hold ``wanted`` of what a step counts, at least 1."""
        return max(1, round(wanted * len(self.training) / max(self.count, 1)))

    def shape(self, noun: str) -> str:
        """Return number and size of the rows in words; ``noun`` is what a step counts."""
        return f"{self.count} {noun} in {len(self.training)} rows of {self.tokens // len(self.training)} tokens"

    def plan(self, cost: Cost, per_step: int, *, epochs: float, minutes: float, processes: int) -> dict[str, Any]:
        """Return what is kept in `plan.json`: steps of ``per_step`` rows within ``minutes`` (0 is no limit), and what they will cost."""
        seconds = cost.seconds_per_token * self.tokens / len(self.training) * per_step / processes
        steps = steps_within(len(self.training), per_step, epochs=epochs, minutes=minutes, seconds_per_step=seconds)
        return {
            "steps": steps,
            "rows": len(self.training),
            "tokens_per_epoch": self.tokens,
            "plain_tokens_per_epoch": self.plain_tokens,
            "minutes": round(steps * seconds / 60, 1),
            "peak_mb": cost.peak_mb,
            "too_long": list(self.too_long),
        }
