"""Settings of the whole way from databases to an accepted adapter. Imports without torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class PipelineSettings:
    """Synthesise, fine-tune, learn from preferences and rewards where asked for, export, measure, accept or reject."""

    #: The base's GGUF file.
    base: Path
    #: Id of the base for `joinery eval`, or the path of its file.
    model: str
    #: Run folder; what is done in it is not done again.
    out: Path
    #: Databases to get better on.
    databases: tuple[Path, ...]
    #: The adapter (GGUF file) that answers until now: fine-tuning goes on from it, and what counts is the gain over it. None is the model as it was
    #: fetched.
    start: Path | None = None
    #: JSON lines of accepted answers.
    accepted: tuple[Path, ...] = ()
    #: JSON lines of questions that measure and are never trained on.
    questions: tuple[Path, ...] = ()
    #: How `joinery` is started.
    joinery: tuple[str, ...] = ("joinery",)
    #: Synthetic pairs of one database.
    pairs: int = 1_000
    #: Synthetic questions of one database that measure.
    held_out: int = 200
    #: What the model is to write: a statement, a plan of numbered questions and a statement, or a statement without FROM and JOIN.
    target: Literal["sql", "think", "ir"] = "sql"
    #: Minutes of fine-tuning; the learning rate is planned for them.
    minutes: float = 20.0
    #: Minutes of learning from better and worse answers (`mdpo`), a third of them for asking the model what it gets wrong; 0 leaves it out.
    mdpo_minutes: float = 0.0
    #: Minutes of learning from rewards (`grpo`); 0 leaves it out.
    grpo_minutes: float = 0.0
    #: How `grpo` rewards answers: see `rewards/`.
    profile: Literal["sqlr1", "seq2sql", "sparse", "dense"] = "dense"
    #: Passes over the pairs at most.
    epochs: float = 2.0
    #: Rank of the adapter.
    rank: int = 16
    #: Highest learning rate: lower than for an adapter from nothing, for it mostly goes on from one.
    learning_rate: float = 2e-4
    #: Tokens of a row at most: bounds the memory. All pairs share few schemas here, and longer rows share them among more questions.
    row_tokens: int = 4096
    #: Compute activations twice: longer rows in less memory, which behind a long schema is nearly twice as many questions a minute.
    recompute: bool = True
    #: Show stored values in the prompts; false for databases whose data no model may see.
    values: bool = True
    #: Threads of training and measuring; 0 takes what is there.
    threads: int = 0
    #: Every random choice follows from it.
    seed: int = 1
    #: Where converted base weights are kept between runs.
    cache: Path = Path("~/.cache/joinery/trainer")

    def __post_init__(self) -> None:
        """Refuse what cannot run."""
        if not self.databases:
            raise ValueError("databases names no file")
        if self.pairs < 1 or min(self.held_out, self.minutes, self.mdpo_minutes, self.grpo_minutes) < 0:
            raise ValueError("pairs, held_out and minutes are not negative, pairs at least 1")
        if self.mdpo_minutes > 0 and self.target != "sql":
            raise ValueError("mdpo learns from statements: leave mdpo_minutes out, or set target to sql")
