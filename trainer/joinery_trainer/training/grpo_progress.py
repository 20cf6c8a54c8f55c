"""What a run of group policy optimisation tells while it goes on, when it gives up, and when it may be saved."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from joinery_trainer.rollouts.rounds import Round
from joinery_trainer.stages.errors import NO_DATA, StageError
from joinery_trainer.stages.events import Events

#: Of TRL's metrics those that are passed on, with the names they get.
_METRICS = {
    "reward": "reward",
    "reward_std": "reward_std",
    "kl": "kl",
    "entropy": "entropy",
    "sampler_weight": "sampler_weight",
    "clip_ratio/region_mean": "clipped",
    "completions/mean_length": "answer_tokens",
}


class Progress(TrainerCallback):
    """Rounds and rewards as events. Ends the training when rewards have been all equal for too long."""

    def __init__(self, events: Events, *, idle_steps: int, sample_steps: int) -> None:
        self._events = events
        self._idle_steps = idle_steps
        self._sample_steps = sample_steps
        self._idle = 0
        self._round: dict[str, Any] = {}

    def on_round(self, number: int, made: Round) -> None:
        """Take note of a round. Raises StageError after ``idle_steps`` rounds in a row that taught nothing."""
        asked = made.asked
        self._idle = 0 if made.teaching else self._idle + 1
        self._round = {
            "success": round(sum(group.success for group in asked) / len(asked), 4),
            # The mean over all that were asked for: TRL's is of the groups that were kept, which tells less.
            "asked_reward": round(sum(sum(group.rewards) / len(group.rewards) for group in asked) / len(asked), 4),
            "level": max(group.rank for group in asked),
            "asked": len(asked),
            "teaching": made.teaching,
            "unanswered": made.unanswered,
        }
        if self._sample_steps and number % self._sample_steps == 0:
            self._tell_sample(number, made)
        if self._idle >= self._idle_steps:
            shown = asked[0].rewards[0]
            raise StageError(
                f"all rewards were equal for {self._idle} steps in a row (the last was {shown:g}), so there is nothing to learn from; "
                "start from an adapter of sft, or choose easier or harder questions",
                NO_DATA,
            )

    def on_log(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, logs: dict[str, float] | None = None, **rest: object
    ) -> None:
        """Pass the metrics of a step on."""
        logs = logs or {}
        if "reward" not in logs:
            return
        values = {name: round(logs[key], 6) for key, name in _METRICS.items() if key in logs}
        told = {"step": state.global_step, **values, **self._round}
        shares = f"{self._round.get('success', 0):.0%} right, level {self._round.get('level', 0)}"
        self._events.tell("reward", told, f"step {state.global_step}: mean reward {self._round.get('asked_reward', 0):.2f}, {shares}")

    def _tell_sample(self, number: int, made: Round) -> None:
        group = max(made.asked, key=lambda group: group.teaches)
        best = max(range(len(group.answers)), key=lambda at: group.rewards[at])
        values = {
            "step": number,
            "question": group.pair.question,
            "answer": group.answers[best].text,
            "gold": group.pair.gold,
            "finding": group.findings[best],
        }
        self._events.tell("sample", values)


class SaveBetweenRounds(TrainerCallback):
    """Puts a checkpoint off to the end of a round: one in its middle could not be gone on from, since its answers are not kept."""

    def __init__(self, passes: int) -> None:
        self._passes = passes
        self._wanted = False

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **rest: object) -> None:
        """Let a wish to save wait until all passes are done."""
        self._wanted = self._wanted or control.should_save
        control.should_save = self._wanted and state.global_step % self._passes == 0
        if control.should_save:
            self._wanted = False


def last_whole_checkpoint(folder: Path) -> str | None:
    """Return the newest checkpoint that was written to its end, None when there is none. The state of the trainer is written last."""
    found = [(int(match[1]), path) for path in folder.glob("checkpoint-*") if (match := re.fullmatch(r"checkpoint-(\d+)", path.name))]
    whole = [(step, path) for step, path in found if (path / "trainer_state.json").exists()]
    return str(max(whole)[1]) if whole else None
