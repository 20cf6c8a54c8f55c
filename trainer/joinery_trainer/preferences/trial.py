"""Runs candidates beside what is right, and counts what became of them. A preference rests on rows that differ, never on looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from joinery_trainer.sql.results import orders_rows, same_rows
from joinery_trainer.sql.sandbox import Limits, Outcome, run_select

#: Runs one statement on one database; never raises. `run_select`, or a pool of workers where statements come from a model.
Runner = Callable[[str, str, Limits], Outcome]


class Trial:
    """One right statement on one database."""

    def __init__(
        self,
        database: Path,
        right: str,
        tally: Counter[str],
        runner: Runner = run_select,
        limits: Limits = Limits(seconds=1.0),  # noqa: B008 - frozen
    ) -> None:
        self.right = right
        self._database = str(database)
        self._runner = runner
        self._limits = limits
        self._tally = tally
        self._outcomes: dict[str, Outcome] = {}

    @property
    def usable(self) -> bool:
        """True when the right statement runs and returns rows: from nothing, nothing can be told."""
        outcome = self._run(self.right)
        return outcome.ran and len(outcome.rows) > 0

    def is_wrong(self, candidate: str, right: str | None = None) -> bool:
        """Say whether a candidate runs and returns other rows than the right statement, or than ``right``, a step on its way.

        What does not run makes no preference: the product's grammar and its checks keep it away from anybody's eyes.
        """
        wanted, outcome = self._run(right or self.right), self._run(candidate)
        if not outcome.ran:
            self._tally[f"does not run: {outcome.status}"] += 1
            return False
        if wanted.ran and same_rows(wanted.rows, outcome.rows, ordered=orders_rows(right or self.right)):
            self._tally["same rows"] += 1
            return False
        return wanted.ran

    def runs(self, candidate: str) -> bool:
        """Say whether a statement runs to its end within the limits."""
        return self._run(candidate).ran

    def _run(self, sql: str) -> Outcome:
        if sql not in self._outcomes:
            self._outcomes[sql] = self._runner(self._database, sql, self._limits)
        return self._outcomes[sql]
