"""Settings of supervised fine-tuning. Imports without torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from joinery_trainer.stages.lora_settings import LoraSettings


@dataclass(frozen=True)
class SftSettings(LoraSettings):
    """Supervised fine-tuning on prompts of `joinery export`."""

    #: Files of `joinery export` to train on.
    data: tuple[Path, ...] = ()
    #: Files of `joinery export` whose loss is watched; their databases must not be among those trained on.
    held_out: tuple[Path, ...] = ()
    #: Passes over the data.
    epochs: float = 1.0
    #: Minutes of work, pauses not counted: as many steps as they hold are planned, and a run that turns out slower ends with them all the same. 0 is
    #: no limit.
    minutes: float = 0.0
    #: Questions whose gradients are summed before one step.
    questions_per_step: int = 16
    #: Tokens of a row at most: bounds the memory.
    row_tokens: int = 1024
    #: Questions in a row at most.
    row_questions: int = 16
    #: False trains one question a row, as a plain trainer would: for comparison.
    packed: bool = True
    #: Leave out statements that the product's grammar cannot write.
    only_in_grammar: bool = True
    #: Largest share of questions about schemas among all, where the data has some (`joinery export --graph-tasks`); 0 leaves them out.
    graph_tasks: float = 0.25
    #: Minutes between looks at held-out data; 0 looks at the end only.
    score_minutes: float = 0.0
    #: Ends when so many looks in a row were no better, and keeps the best adapter; 0 never ends early.
    patience: int = 0
    #: JSON lines of questions for `joinery eval`: looks then measure execution accuracy on them, not the loss.
    questions: Path | None = None
    #: How `joinery` is started.
    joinery: tuple[str, ...] = ("joinery",)

    def __post_init__(self) -> None:
        """Refuse what cannot train."""
        if not self.data:
            raise ValueError("data names no file")
        if self.rank < 1 or self.alpha < 1:
            raise ValueError("rank and alpha are at least 1")
        if self.questions_per_step < 1 or self.row_questions < 1 or self.row_tokens < 1:
            raise ValueError("rows and steps need at least one question")
        if self.patience > 0 and not self.held_out:
            raise ValueError("patience needs held_out data to look at")
        if not 0 <= self.graph_tasks < 1:
            raise ValueError("graph_tasks is a share from 0 to below 1")
        if not 0 < self.learning_rate < 1:
            raise ValueError("learning_rate lies between 0 and 1")
