"""Settings of preference optimisation with a margin. Imports without torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from joinery_trainer.stages.lora_settings import LoraSettings


@dataclass(frozen=True)
class MdpoSettings(LoraSettings):
    """Learning which of two answers is better, and by how much (LearNAT). The reference is the adapter as it was at the start."""

    #: Files of `joinery export` with the prompts.
    data: tuple[Path, ...] = ()
    #: Files of the stage `preferences` to train on; they name pairs of ``data``.
    preferences: tuple[Path, ...] = ()
    #: Files of the stage `preferences` whose loss is watched; their databases must not be among those trained on.
    held_out: tuple[Path, ...] = ()
    #: Highest learning rate: a tenth of supervised training's or less, since rewards are differences that grow without bound.
    learning_rate: float = 2e-5
    #: How strongly the reference holds: the larger, the less the model may move.
    beta: float = 0.1
    #: Times that margins count; 0 is plain DPO.
    margin: float = 1.0
    #: Passes over the preferences.
    epochs: float = 1.0
    #: Minutes of work, pauses not counted: as many steps as they hold are planned, and a run that turns out slower ends with them all the same. 0 is
    #: no limit.
    minutes: float = 0.0
    #: Preferences whose gradients are averaged in one step.
    pairs_per_step: int = 32
    #: Tokens of a row at most: bounds the memory.
    row_tokens: int = 1024
    #: Questions in a row at most.
    row_questions: int = 8
    #: Minutes between looks at the held-out loss; 0 looks at the end only.
    score_minutes: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what cannot train."""
        if not self.data or not self.preferences:
            raise ValueError("data and preferences name no file")
        if self.rank < 1 or self.alpha < 1:
            raise ValueError("rank and alpha are at least 1")
        if self.pairs_per_step < 1 or self.row_questions < 1 or self.row_tokens < 1:
            raise ValueError("rows and steps need at least one preference")
        if not 0 < self.learning_rate < 1:
            raise ValueError("learning_rate lies between 0 and 1")
        if self.beta <= 0 or self.margin < 0:
            raise ValueError("beta is above 0 and margin at least 0")
