"""Settings of paraphrasing. Imports without torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ParaphraseSettings:
    """Questions of synthetic pairs said as people would."""

    #: JSON lines of pairs, as `pipeline` and the importers write them.
    pairs: Path
    #: Folder for the pairs with new questions (`paraphrased.jsonl`), events and the report.
    out: Path
    #: The GGUF file of the model that says questions otherwise and writes statements back.
    base: Path
    #: How `joinery` is started.
    joinery: tuple[str, ...] = ("joinery",)
    #: Pairs to paraphrase, evenly chosen: each takes seconds.
    count: int = 200
    #: Ways of saying each question.
    tries: int = 2
    #: Statements decoded from each, one of which has to give the old result.
    checks: int = 3
    #: Threads of the model; 0 takes what is there.
    threads: int = 0
    #: Every random choice follows from it.
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot run."""
        if min(self.count, self.tries, self.checks) < 1:
            raise ValueError("count, tries and checks are at least 1")
