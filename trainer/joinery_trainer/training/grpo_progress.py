"""What a run of group policy optimisation tells while it goes on, when it gives up, and when it may be saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from joinery_trainer.rollouts.rewarding import COMPONENTS
from joinery_trainer.rollouts.rounds import Group, Round
from joinery_trainer.stages.errors import NO_DATA, StageError
from joinery_trainer.stages.events import Events

#: Of TRL's metrics those that are passed on, with the names they get. Its reward is of the groups that are learnt from, which always differ.
_METRICS = {
    "reward": "learnt_reward",
    "reward_std": "reward_std",
    "kl": "kl",
    "entropy": "entropy",
    "sampler_weight": "sampler_weight",
    "clip_ratio/region_mean": "clipped",
    "completions/mean_length": "answer_tokens",
}
#: Mean weight of answers below which the sampler's model can hardly be the learner's.
_LEAST_WEIGHT = 0.1
#: Questions without a usable statement that are named.
_MOST_WARNINGS = 5
#: Questions whose first answer is kept for showing it beside a later one.
_MOST_FIRSTS = 200


class Progress(TrainerCallback):
    """Rounds and rewards as events. Ends the training when rewards have been all equal for too long: with the adapter, if something was learnt."""

    def __init__(self, events: Events, *, idle_steps: int, sample_steps: int) -> None:
        self._events = events
        self._idle_steps = idle_steps
        self._sample_steps = sample_steps
        self._idle = 0
        self._round: dict[str, Any] = {}
        self._first: dict[str, tuple[str, bool]] = {}
        self._is_warned = self._is_over = self._has_learnt = False
        self._last: Sequence[Group] = ()
        self._unusable: set[str] = set()

    def on_round(self, number: int, made: Round) -> None:
        """Take note of a round. Raises StageError when all of the first ``idle_steps`` rounds taught nothing."""
        asked = made.asked
        earned = [one for group in asked for one in group.earned]
        unusable = [group for group in asked if not group.is_usable]
        levels = sorted({group.rank for group in asked})
        self._idle = 0 if made.teaching else self._idle + 1
        self._round = {
            "reward": round(sum(one.reward for one in earned) / len(earned), 4),
            "components": {name: round(sum(one.parts[name] for one in earned) / len(earned), 4) for name in COMPONENTS},
            "success": round(sum(one.finding == "match" for one in earned) / len(earned), 4),
            "levels": {str(level): _success([group for group in asked if group.rank == level]) for level in levels},
            "asked": len(asked),
            "teaching": made.teaching,
            "unanswered": made.unanswered,
            "unusable": len(unusable),
        }
        if unusable:
            self._warn_of(unusable[0])
        self._tell_sample(number, made)
        # A run that goes on from a checkpoint has learnt before.
        self._has_learnt = self._has_learnt or made.teaching > 0 or number + 1 > self._idle
        if self._idle >= self._idle_steps:
            if not self._has_learnt:
                raise self._nothing_learnt(asked)
            self._is_over = True
            right = f"{self._round['success']:.0%} of the answers are right"
            self._events.tell("warning", {"step": number}, f"all rewards were equal for {self._idle} steps in a row, training ends here: {right}")
        self._last = asked

    def _nothing_learnt(self, asked: Sequence[Group]) -> StageError:
        earned = asked[0].earned[0]
        is_judged = any(group.is_usable for group in asked)
        why = f"the last was {earned.reward:g}" if is_judged else f"of the last no gold could be run: {earned.detail}"
        return StageError(
            f"all rewards were equal for {self._idle} steps in a row ({why}), so there is nothing to learn from; "
            "start from an adapter of sft, or choose easier or harder questions",
            NO_DATA,
        )

    def _warn_of(self, group: Group) -> None:
        if group.pair.id not in self._unusable and len(self._unusable) < _MOST_WARNINGS:
            self._unusable.add(group.pair.id)
            sentence = f"nothing is learnt from {group.pair.id}, its own statement cannot be judged by: {group.earned[0].detail}"
            self._events.tell("warning", {"question": group.pair.id}, sentence)

    def on_smaller(self, parts: int) -> None:
        """Say that memory ran out, and what is done about it."""
        self._events.tell("warning", {"parts": parts}, f"memory ran out; answers are learnt from in {parts} parts, which takes longer")

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **rest: object) -> None:
        """End the training when there is nothing left to learn."""
        if self._is_over:
            control.should_training_stop = True

    def on_train_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **rest: object) -> None:
        """Raise StageError when the training is over and no round has taught anything."""
        if self._last and not self._has_learnt:
            raise self._nothing_learnt(self._last)

    def on_log(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, logs: dict[str, float] | None = None, **rest: object
    ) -> None:
        """Pass the metrics of a step on."""
        logs = logs or {}
        if "reward" not in logs or not self._round:
            return
        metrics = {name: round(logs[key], 6) for key, name in _METRICS.items() if key in logs}
        sentence = f"step {state.global_step}: mean reward {self._round['reward']:.2f}, {self._round['success']:.0%} right"
        self._events.tell("reward", {"step": state.global_step, **self._round, **metrics}, sentence)
        if metrics.get("sampler_weight", 1.0) < _LEAST_WEIGHT and not self._is_warned:
            self._is_warned = True
            self._events.tell(
                "warning",
                {"step": state.global_step, "sampler_weight": metrics["sampler_weight"]},
                "the learner finds the sampler's answers far less likely than the sampler did: do both have the same base and adapter?",
            )

    def _tell_sample(self, number: int, made: Round) -> None:
        """Every few steps show a question that was asked before: what most of its answers were then, and what they are now."""
        told = not self._sample_steps or number % self._sample_steps != 0
        for group in made.asked:
            text, is_right = _common(group)
            if group.pair.id not in self._first:
                if len(self._first) < _MOST_FIRSTS:
                    self._first[group.pair.id] = (text, is_right)
            elif not told:
                before, was_right = self._first[group.pair.id]
                flags = {"right_before": was_right, "right_after": is_right}
                self._events.tell("sample", {"step": number, "question": group.pair.question, "before": before, "after": text, **flags})
                told = True


def _success(groups: list[Group]) -> float:
    return round(sum(group.success for group in groups) / len(groups), 4)


def _common(group: Group) -> tuple[str, bool]:
    """Return the most frequent answer and whether it is right."""
    text, _ = Counter(answer.text for answer in group.answers).most_common(1)[0]
    at = next(at for at, answer in enumerate(group.answers) if answer.text == text)
    return text, group.earned[at].finding == "match"


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
