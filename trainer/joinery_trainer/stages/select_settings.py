"""Settings of the ranker among candidates. Imports without numpy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from joinery_trainer.data.split import UNSEEN_DATABASES


@dataclass(frozen=True)
class SelectSettings:
    """A ranker from candidates that `joinery eval --features` wrote."""

    #: Where events, figures and `ranker.json` go.
    out: Path
    #: Files of `joinery eval --features`; the same question may come several times, from runs with other seeds or models.
    data: tuple[Path, ...] = ()
    #: Databases whose questions are not learnt from, by name: they are measured on.
    leave_out: tuple[str, ...] = tuple(sorted(UNSEEN_DATABASES))
    #: A copy of the ranker goes here when its gain is sure: the lower bound of its interval lies above 0. None copies nothing.
    install: Path | None = None
    #: Parts of the databases for the cross-validation.
    folds: int = 5
    #: Strengths of the L2 penalty that are tried, per question.
    penalties: tuple[float, ...] = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
    #: Units of the hidden layer that is tried beside the linear ranker; 0 tries none.
    hidden: int = 8
    #: Steps of the hidden layer's training.
    steps: int = 300
    #: Learning rate of the hidden layer's training.
    learning_rate: float = 0.02
    #: Draws of the bootstrap behind the intervals.
    draws: int = 2000
    #: Folds, first weights and draws follow from it.
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot train."""
        if not self.data:
            raise ValueError("data names no file")
        if self.folds < 2:
            raise ValueError("folds is at least 2")
        if not self.penalties or min(self.penalties) <= 0:
            raise ValueError("penalties are above 0")
        if self.hidden < 0 or self.steps < 1 or self.draws < 1 or not self.learning_rate > 0:
            raise ValueError("hidden is at least 0; steps, draws and learning_rate are above 0")
