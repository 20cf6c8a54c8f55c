"""
When a run saves, looks, slows down and ends, by the clock, and that all processes do so together: each has its own clock, and one that saves or ends
alone leaves the others waiting for it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from accelerate.utils import broadcast_object_list
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from joinery_trainer.stages.events import Events
from joinery_trainer.stages.mdpo_settings import MdpoSettings
from joinery_trainer.stages.sft_settings import SftSettings
from joinery_trainer.stages.working_clock import WorkingClock

#: Under this name a checkpoint has the seconds worked.
_STATE = "Pace"


class Pace(TrainerCallback):
    """Tells progress, saves by the clock, and ends when ``end_seconds`` have been worked, earlier runs counted that this one goes on from.

    With ``anneals`` the learning rate is never above the cosine of the time that has passed: on a machine that turns out slower than when it was
    tried the steps do not all fit, and a rate that is still high at the end leaves an adapter that is worse than it could be. ``clock`` returns
    seconds; those of a pause are none.
    """

    def __init__(
        self,
        events: Events,
        *,
        save_seconds: float,
        score_seconds: float,
        end_seconds: float = math.inf,
        anneals: bool = False,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._events = events
        self._every = {"save": save_seconds, "score": score_seconds}
        self._end = end_seconds
        self._anneals = anneals
        self._clock = clock or WorkingClock()
        self._start = self._last_save = self._last_score = 0.0

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **rest: object) -> None:
        """Start the clocks, behind what a run has worked that this one goes on from."""
        now = self._last_save = self._last_score = self._clock()
        self._start = now - float(state.stateful_callbacks.get(_STATE, {}).get("attributes", {}).get("worked", 0.0))
        self._anneal(now, rest)

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **rest: object) -> None:
        """Ask for a checkpoint, a look at the held-out loss, or the end."""
        now = self._clock()
        if now - self._last_save >= self._every["save"]:
            control.should_save, self._last_save = True, now
        if 0 < self._every["score"] <= now - self._last_score:
            control.should_evaluate, self._last_score = True, now
        if now - self._start >= self._end:
            control.should_training_stop = True
        self._anneal(now, rest)
        # In the form of the library's own entries, since it writes them into checkpoints.
        state.stateful_callbacks[_STATE] = {"args": {}, "attributes": {"worked": now - self._start}}

    def _anneal(self, now: float, rest: Mapping[str, object]) -> None:
        optimizer, scheduler = rest.get("optimizer"), rest.get("lr_scheduler")
        if not self._anneals or not isinstance(optimizer, Optimizer) or not isinstance(scheduler, LRScheduler):
            return
        passed = min(1.0, (now - self._start) / self._end)
        share = 0.5 * (1 + math.cos(math.pi * passed))
        set_rates(optimizer, scheduler, [min(group["lr"], share * group["initial_lr"]) for group in optimizer.param_groups])

    def on_log(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, logs: dict[str, float] | None = None, **rest: object
    ) -> None:
        """Pass losses on as events."""
        logs = logs or {}
        if "loss" in logs:
            left = _minutes_left(self._clock() - self._start, state)
            values = {"step": state.global_step, "steps": state.max_steps, "loss": round(logs["loss"], 5), "rate": logs.get("learning_rate")}
            self._events.tell("step", values, f"step {state.global_step} of {state.max_steps}, loss {logs['loss']:.3f}{left}")
        if "eval_loss" in logs:
            values = {"step": state.global_step, "held_out_loss": round(logs["eval_loss"], 5)}
            self._events.tell("score", values, f"held-out loss {logs['eval_loss']:.4f}")

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **rest: object) -> None:
        """Say that a checkpoint is there."""
        self._events.tell("saved", {"step": state.global_step})


def set_rates(optimizer: Optimizer, scheduler: LRScheduler, rates: Sequence[float]) -> None:
    """Set the learning rate of each group of parameters for the next step; the one after it is the scheduler's again."""
    for group, rate in zip(optimizer.param_groups, rates, strict=True):
        group["lr"] = rate
    scheduler._last_lr = list(rates)  # What the library logs.


def _minutes_left(elapsed: float, state: TrainerState) -> str:
    done = state.global_step
    return f", about {elapsed / done * (state.max_steps - done) / 60:.0f} min left" if done else ""


def planned_pace(settings: SftSettings | MdpoSettings, events: Events) -> Pace:
    """Return the pace of a run whose steps were planned for its minutes: it ends with them, and its rate falls to 0 until then."""
    end = settings.minutes * 60 if settings.minutes > 0 else math.inf
    looks = settings.score_minutes * 60
    return Pace(events, save_seconds=settings.checkpoint_minutes * 60, score_seconds=looks, end_seconds=end, anneals=True)


class Together(TrainerCallback):
    """Has every process do as the first one wishes: save, look, end. Comes behind all callbacks that wish."""

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **rest: object) -> None:
        """Agree on what comes after a step, and on the rate of the next one."""
        self._agree(args, control)
        optimizer, scheduler = rest.get("optimizer"), rest.get("lr_scheduler")
        if args.world_size > 1 and isinstance(optimizer, Optimizer) and isinstance(scheduler, LRScheduler):
            rates = [[group["lr"] for group in optimizer.param_groups]]
            broadcast_object_list(rates)
            set_rates(optimizer, scheduler, rates[0])

    def on_evaluate(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **rest: object) -> None:
        """Agree on the end, which the look may have brought."""
        self._agree(args, control)

    def _agree(self, args: TrainingArguments, control: TrainerControl) -> None:
        if args.world_size > 1:
            wishes = [control.should_save, control.should_evaluate, control.should_training_stop]
            broadcast_object_list(wishes)
            control.should_save, control.should_evaluate, control.should_training_stop = wishes
