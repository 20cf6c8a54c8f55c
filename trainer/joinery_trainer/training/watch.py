"""
Early stopping: after every look the best adapter so far is kept, and training ends when several looks in a row were no better. What is looked at is
execution accuracy through `joinery eval` where questions are given for it, else the held-out loss: a loss still falls while answers get worse.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from joinery_trainer.stages.events import Events


class Watch(TrainerCallback):
    """Keeps the best adapter. ``save`` writes the current adapter into a folder; ``accuracy`` (0..1) of a folder replaces the loss when given."""

    def __init__(
        self,
        best: Path,
        save: Callable[[Path], None],
        events: Events,
        *,
        patience: int,
        accuracy: Callable[[Path], float] | None = None,
    ) -> None:
        self.best = best
        self._save = save
        self._events = events
        self._patience = patience
        self._accuracy = accuracy
        self._highest: float | None = None
        self._since = 0

    def on_evaluate(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, metrics: dict[str, float] | None = None, **rest: object
    ) -> None:
        """Look at the adapter as it is now."""
        current = self.best.with_name(f"{self.best.name}.now")
        self._save(current)
        score = self._accuracy(current) if self._accuracy else -(metrics or {})["eval_loss"]
        if self._accuracy:
            self._events.tell("score", {"step": state.global_step, "accuracy": round(score, 4)}, f"execution accuracy {100 * score:.1f} %")
        if self._highest is None or score > self._highest:
            self._highest, self._since = score, 0
            shutil.rmtree(self.best, ignore_errors=True)
            current.replace(self.best)
            return
        shutil.rmtree(current)
        self._since += 1
        if 0 < self._patience <= self._since:
            control.should_training_stop = True
            self._events.tell("warning", {"step": state.global_step}, f"no better since {self._since} looks: the best adapter is kept")
