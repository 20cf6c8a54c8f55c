"""Settings of the choice of examples among accepted pairs. Imports without torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class DemosSettings:
    """Which accepted pairs are shown as examples, and how many, by what questions kept apart gain from them."""

    #: Folder of the workspace: its `.joinery/pairs.jsonl` is read, `.joinery/demonstrations.json` written.
    workspace: Path
    #: Where events and answers go; answers are kept, so that a resumed run asks only what is open.
    out: Path
    #: Id of the model for `joinery eval`, or the path of its file.
    model: str
    #: Its adapter (GGUF); none takes the base alone.
    adapter: Path | None = None
    #: Databases to choose for; none takes all that have pairs.
    databases: tuple[Path, ...] = ()
    #: JSON lines of further questions with SQL on these databases; without them the pairs themselves are asked, each without itself.
    questions: tuple[Path, ...] = ()
    #: How `joinery` is started.
    joinery: tuple[str, ...] = ("joinery",)
    #: Threads of the model; 0 takes what is there.
    threads: int = 0
    #: Examples shown with one question at most.
    most: int = 3
    #: Pairs kept for one database at most.
    kept: int = 12
    #: Pairs tried in one step of the search, drawn at random among those that would be shown at all; 0 tries all.
    tries: int = 8
    #: Questions asked for one database at most; the search ends earlier, the last measurement is always made.
    asks: int = 1500
    #: Questions that a database needs, half to choose by and half to measure with.
    least_questions: int = 16
    #: Questions that are used at most, a random part of them where there are more.
    most_questions: int = 80
    #: Points that the choice must gain on the half that it did not see, or nothing is shown.
    least_points: float = 3.0
    #: Over what it must gain them: as many pairs drawn at random (T5), or no examples at all.
    over: Literal["random", "none"] = "random"
    #: Draws of random examples that the choice is compared with.
    draws: int = 2
    #: Halves, tries and draws follow from it.
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot choose."""
        if not 1 <= self.most <= 8:
            raise ValueError("most lies between 1 and 8")
        if self.kept < 1 or self.tries < 0 or self.asks < 1 or self.draws < 1:
            raise ValueError("kept, asks and draws are at least 1, tries at least 0")
        if not 2 <= self.least_questions <= self.most_questions:
            raise ValueError("least_questions is at least 2 and at most most_questions")
