"""
The steps of a pipeline that train: which ones a recipe asks for, and the settings of each. A step goes on from the adapter that it is given and
leaves one in its own folder; one that is done is not done again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joinery_trainer.stages.events import Events
from joinery_trainer.stages.grpo_settings import GrpoSettings
from joinery_trainer.stages.mdpo_settings import MdpoSettings
from joinery_trainer.stages.pipeline_settings import PipelineSettings
from joinery_trainer.stages.preferences_settings import PreferencesSettings
from joinery_trainer.stages.sft_settings import SftSettings

#: Share of the minutes of `mdpo` in which the model is asked for what it gets wrong.
_ASKING = 1 / 3
#: Steps of `grpo` a minute that no machine exceeds: the minutes end it, not their number.
_GRPO_STEPS_PER_MINUTE = 20
#: Questions of a step of `grpo`. All of one database share a row and so its schema.
_GRPO_QUESTIONS = 4
#: Tokens of an answer at most, with and without a plan before it.
_ANSWER_TOKENS = {"sql": 160, "ir": 160, "think": 280}
#: Questions of a row at most: a row that short schemas leave room for more in would make steps few and large.
_ROW_QUESTIONS = 32


@dataclass(frozen=True)
class Start:
    """The adapter that a step goes on from."""

    #: As PEFT wrote it.
    folder: Path
    #: The same for llama.cpp.
    file: Path


#: Trains and returns the folder of the adapter.
Train = Callable[[PipelineSettings, Start | None, Events, bool], Path]


def steps_of(settings: PipelineSettings) -> dict[str, Train]:
    """Return the steps that the settings ask for, in their order; the first one starts from the adapter that answers until now, if there is one."""
    steps: dict[str, Train] = {"sft": _sft}
    if settings.mdpo_minutes > 0:
        steps["mdpo"] = _mdpo
    if settings.grpo_minutes > 0:
        steps["grpo"] = _grpo
    return steps


def adapter_of(settings: PipelineSettings, step: str) -> Path | None:
    """Return the adapter that a step left, None when it is not done."""
    folder = settings.out / step / "adapter"
    return folder if (folder / "joinery.json").exists() else None


def _shared(settings: PipelineSettings, step: str, start: Start | None) -> dict[str, Any]:
    return {
        "base": settings.base,
        "out": settings.out / step,
        "start": start.folder if start else settings.start,
        "cache": settings.cache,
        "data": (settings.out / "prompts.jsonl",),
        "rank": settings.rank,
        "alpha": 2 * settings.rank,
        "row_tokens": settings.row_tokens,
        "recompute": settings.recompute,
        "threads": settings.threads,
        "seed": settings.seed,
        "checkpoint_minutes": 2.0,
    }


def _is_begun(settings: PipelineSettings, step: str) -> bool:
    return (settings.out / step).exists()


def _sft(settings: PipelineSettings, start: Start | None, events: Events, quiet: bool) -> Path:
    from joinery_trainer.training.sft import run_sft

    tuning = SftSettings(
        **_shared(settings, "sft", start),
        row_questions=_ROW_QUESTIONS,
        learning_rate=settings.learning_rate,
        epochs=settings.epochs,
        minutes=settings.minutes,
    )
    return run_sft(tuning, resume=_is_begun(settings, "sft"), quiet=quiet, events=events.of("sft"))


def _mdpo(settings: PipelineSettings, start: Start | None, events: Events, quiet: bool) -> Path:
    from joinery_trainer.preferences.build import run_preferences
    from joinery_trainer.training.mdpo import run_mdpo

    shared = _shared(settings, "mdpo", start)
    own = events.of("mdpo")
    # The model process reads GGUF files; without one preferences come of the gold alone.
    model = settings.base if settings.base.is_file() else None
    wanted = PreferencesSettings(
        out=settings.out / "preferences",
        data=shared["data"],
        model=model,
        adapter=start.file if start and model else None,
        joinery=settings.joinery,
        minutes=settings.mdpo_minutes * _ASKING,
        threads=settings.threads,
        seed=settings.seed,
    )
    preferences = run_preferences(wanted, resume=True, quiet=quiet, events=own)
    minutes = settings.mdpo_minutes * (1 - _ASKING if model else 1)
    learning = MdpoSettings(**shared, preferences=(preferences,), minutes=minutes)
    return run_mdpo(learning, resume=_is_begun(settings, "mdpo"), quiet=quiet, events=own)


def _grpo(settings: PipelineSettings, start: Start | None, events: Events, quiet: bool) -> Path:
    from joinery_trainer.training.grpo import run_grpo

    learning = GrpoSettings(
        **_shared(settings, "grpo", start),
        target=settings.target,
        profile=settings.profile,
        minutes=settings.grpo_minutes,
        steps=max(1, round(_GRPO_STEPS_PER_MINUTE * settings.grpo_minutes)),
        warmup=0.01,
        # Minutes hold few steps on a CPU: they are larger than where thousands follow, and on questions of all levels, which the model knows by now.
        learning_rate=1e-4,
        ladder_window=0,
        questions_per_step=_GRPO_QUESTIONS,
        row_questions=_GRPO_QUESTIONS,
        answer_tokens=_ANSWER_TOKENS[settings.target],
        export_steps=2,
        sampler="joinery" if settings.base.is_file() else "local",
        joinery=settings.joinery,
    )
    return run_grpo(learning, resume=_is_begun(settings, "grpo"), quiet=quiet, events=events.of("grpo"))
