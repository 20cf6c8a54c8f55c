"""Settings of the collection of pairs from public data sets. Imports without torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class PairsSettings:
    """Pairs of public data sets, judged, split by database."""

    #: Folder for `training.jsonl`, `mixture.jsonl`, `synthetic.jsonl`, `held_out.jsonl`, `report.md` and databases made from DDL.
    out: Path
    #: Folder in Spider's layout; none leaves it out.
    spider: Path | None = None
    #: Its splits; dev is refused.
    splits: tuple[str, ...] = ("train", "train_others")
    #: Spider-Syn's file: the same questions in words that do not name the schema.
    synonyms: Path | None = None
    #: Spider's file of verdicts on its pairs; pairs that are called wrong there are left out.
    verdicts: Path | None = None
    #: BIRD's training questions.
    bird: Path | None = None
    #: BIRD's DDL by database: questions become prepare-only pairs on databases without rows.
    bird_schemas: Path | None = None
    #: Share of the databases whose pairs are held out; those without rows never are.
    held_out: float = 0.0
    #: Databases kept out beside those that no shipped adapter may see.
    without: tuple[str, ...] = ()
    #: Pairs of `training.jsonl` that `mixture.jsonl` takes: half of BIRD, a quarter each of Spider-Syn and Spider, three quarters of them with joins;
    #: 0 takes none.
    mixture: int = 0
    #: Made pairs over the databases that train, in `synthetic.jsonl`: 45 % over three tables and more, 35 % over two; 0 makes none.
    synthetic: int = 0
    #: Chooses the databases that are held out, what is taken and what is made.
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse what gives nothing."""
        if self.spider is None and self.bird is None:
            raise ValueError("neither spider nor bird is named")
        if not 0 <= self.held_out < 1:
            raise ValueError("held_out is a share from 0 to below 1")
        if min(self.synthetic, self.mixture) < 0:
            raise ValueError("synthetic and mixture are at least 0")
        if (self.bird is None) != (self.bird_schemas is None):
            raise ValueError("bird needs bird_schemas, and the other way round")
