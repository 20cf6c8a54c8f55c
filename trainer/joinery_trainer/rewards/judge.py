"""Runs predictions and their gold, and says what came of them: the facts that every reward profile weighs.

A gold that fails, is empty or does not end in time makes no reward: its judgement is ``unusable`` and every profile gives 0 for the whole group, so
that it moves nothing. Such items are also left out when data is built; this is the second wall.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from joinery_trainer.rewards.completion import Completion, Target, read_completion
from joinery_trainer.sql.results import orders_rows, same_rows
from joinery_trainer.sql.sandbox import Limits, Outcome, run_select

Finding = Literal["unusable", "ill_formed", "failed", "different", "match"]
#: Runs one statement on one database; never raises. `joinery_trainer.sql.workers.WorkerPool.run` is the one for training.
Runner = Callable[[str, str, Limits], Outcome]


class Compiled(NamedTuple):
    """A statement without FROM and JOIN as SQL, or why the schema does not say how its tables are joined."""

    sql: str
    refusal: str = ""


#: Compiles one statement for the database at a path; never raises for what a model wrote. Only the product knows how: see `rollouts/compiler.py`.
Compiler = Callable[[str, str], Compiled]

_GOLD_KEPT = 4_096


@dataclass(frozen=True)
class Judgement:
    """What came of one completion."""

    finding: Finding
    completion: Completion
    #: Why it is not a match, in a word or in SQLite's own sentence; for the audit log only.
    detail: str = ""


class Judge:
    """Judges completions against gold statements; results of gold are kept, the latest 4,096. For the target ``ir`` it needs a compiler."""

    def __init__(self, runner: Runner = run_select, limits: Limits = Limits(), compiler: Compiler | None = None) -> None:  # noqa: B008 - frozen
        self._runner = runner
        self._limits = limits
        self._compiler = compiler
        self._gold: OrderedDict[tuple[str, str], tuple[Outcome, bool]] = OrderedDict()

    def judge_all(self, completions: Sequence[object], databases: Sequence[str], golds: Sequence[str], target: Target = "sql") -> list[Judgement]:
        """Judge each completion. All three sequences have the same length."""
        return [self.judge(completion, database, gold, target) for completion, database, gold in zip(completions, databases, golds, strict=True)]

    def judge(self, completion: object, database: str, gold: str, target: Target = "sql") -> Judgement:
        """Judge one completion. Never raises for what a model wrote."""
        read = read_completion(completion, target)
        wanted, ordered = self._run_gold(database, gold)
        if not wanted.ran or len(wanted.rows) == 0:
            return Judgement("unusable", read, f"gold: {wanted.status} {wanted.error}".strip())
        if not read.well_formed:
            return Judgement("ill_formed", read)
        if target == "ir" and self._compiler is not None:
            compiled = self._compiler(database, read.sql)
            if compiled.refusal:
                return Judgement("failed", read, f"compiling: {compiled.refusal}")
            read = replace(read, sql=compiled.sql)
        outcome = self._runner(database, read.sql, self._limits)
        if not outcome.ran:
            return Judgement("failed", read, f"{outcome.status}: {outcome.error}")
        if same_rows(wanted.rows, outcome.rows, ordered=ordered):
            return Judgement("match", read)
        return Judgement("different", read, f"{len(outcome.rows)} rows, gold {len(wanted.rows)}")

    def _run_gold(self, database: str, gold: str) -> tuple[Outcome, bool]:
        key = (database, gold)
        if key not in self._gold:
            found = (self._runner(database, gold, self._limits), orders_rows(gold))
            if not found[0].ran:
                # A worker that hung or died says nothing of the statement: the next time may be better.
                return found
            self._gold[key] = found
        self._gold.move_to_end(key)
        while len(self._gold) > _GOLD_KEPT:
            self._gold.popitem(last=False)
        return self._gold[key]
