"""Settings of the stage that makes preferences. Imports without torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class PreferencesSettings:
    """Better and worse answers to prompts of `joinery export`: from the gold alone, and from a model where one is named."""

    #: Where events and preferences.jsonl go.
    out: Path
    #: Files of `joinery export`; their databases must be there, since everything is run.
    data: tuple[Path, ...] = ()
    #: Preferences between whole statements, per question at most.
    statements: int = 4
    #: Preferences between steps, per question at most.
    steps: int = 4
    #: Seconds that one statement may run; what takes longer is no candidate.
    seconds: float = 1.0
    #: Leave out questions whose statement the product's grammar cannot write.
    only_in_grammar: bool = True
    #: Every random choice follows from it.
    seed: int = 1
    #: A GGUF model that proposes steps and whole answers; none makes preferences from the gold alone.
    model: Path | None = None
    #: The adapter that it has (GGUF).
    adapter: Path | None = None
    #: The command of the product, before `complete`.
    joinery: tuple[str, ...] = ("joinery",)
    #: Minutes that the model may take for all questions; 0 is no limit. Questions are then taken in an order drawn at random.
    minutes: float = 10.0
    #: Continuations asked for at each beginning.
    children: int = 3
    #: Steps from the start at most.
    depth: int = 6
    #: Beginnings gone on from, per question at most.
    simulations: int = 8
    #: UCB's weight of what was seldom tried.
    exploration: float = 1.41
    #: Temperature of the proposals.
    temperature: float = 1.0
    #: Tokens of a proposal at most.
    answer_tokens: int = 160
    #: Threads of the model; 0 takes the product's default.
    threads: int = 0
    #: Processes that run what the model proposes.
    workers: int = 2

    def __post_init__(self) -> None:
        """Refuse what makes nothing."""
        if not self.data:
            raise ValueError("data names no file")
        if min(self.statements, self.steps) < 0 or self.statements + self.steps == 0:
            raise ValueError("statements and steps are at least 0, and one of them more")
        if self.children < 1 or self.depth < 1 or self.simulations < 1 or self.answer_tokens < 1 or self.workers < 1:
            raise ValueError("children, depth, simulations, answer_tokens and workers are at least 1")
        if self.seconds <= 0 or self.temperature <= 0 or self.exploration < 0 or self.minutes < 0:
            raise ValueError("seconds and temperature are above 0, exploration and minutes at least 0")
