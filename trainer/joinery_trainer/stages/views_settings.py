"""Settings of the stage that looks at exported views. Imports without torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ViewsSettings:
    """A look at views and schema questions of `joinery export`: whether they say what they must, what they cost, what a model makes of them."""

    #: Where events and views.md go.
    out: Path
    #: Files of `joinery export`, one or several views.
    data: tuple[Path, ...] = ()
    #: A GGUF model that is asked the questions about schemas; none asks nobody.
    model: Path | None = None
    #: The adapter that it has (GGUF).
    adapter: Path | None = None
    #: The command of the product, before `complete`.
    joinery: tuple[str, ...] = ("joinery",)
    #: Threads of the model; 0 takes the product's default.
    threads: int = 0
    #: Questions that are asked at most, drawn at random.
    questions: int = 400
    #: Every random choice follows from it.
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse what there is nothing to look at in."""
        if not self.data:
            raise ValueError("data names no file")
        if self.questions < 1:
            raise ValueError("questions is at least 1")
