"""What all reward profiles share: TRL's calling convention, and the audit of every component. A profile only says how facts are weighed."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from joinery_trainer.rewards.completion import Target
from joinery_trainer.rewards.judge import Judge, Judgement


@dataclass(frozen=True)
class Components:
    """The parts of one reward. Their sum is the reward."""

    format: float = 0.0
    execution: float = 0.0
    result: float = 0.0
    length: float = 0.0
    clauses: float = 0.0

    @property
    def total(self) -> float:
        """Sum of the parts."""
        return self.format + self.execution + self.result + self.length + self.clauses


#: Tokens of a text. Without a tokenizer words and signs are counted, which is near enough for a bounded term.
TokenCounter = Callable[[str], int]
AuditSink = Callable[[Mapping[str, object]], None]


class RewardProfile(ABC):
    """``profile(completions, database=…, gold_sql=…, **columns) -> list[float]``, TRL's convention. Never raises for what a model wrote."""

    #: TRL names its metrics by it.
    __name__ = "reward"

    def __init__(
        self,
        judge: Judge,
        *,
        target: Target = "sql",
        count_tokens: TokenCounter | None = None,
        audit: AuditSink | None = None,
    ) -> None:
        self._judge = judge
        self._target: Target = target
        self._count = count_tokens or _count_roughly
        self._audit = audit

    def __call__(
        self,
        completions: Sequence[object],
        *,
        database: Sequence[str],
        gold_sql: Sequence[str],
        **columns: Sequence[object],
    ) -> list[float]:
        """Return one reward per completion."""
        judgements = self._judge.judge_all(completions, database, gold_sql, self._target)
        rewards: list[float] = []
        for judgement, gold in zip(judgements, gold_sql, strict=True):
            unusable = judgement.finding == "unusable"
            parts = Components() if unusable else self.weigh(judgement, gold)
            rewards.append(parts.total)
            if self._audit:
                self._audit({"finding": judgement.finding, "detail": judgement.detail, "reward": parts.total, **asdict(parts)})
        return rewards

    @abstractmethod
    def weigh(self, judgement: Judgement, gold_sql: str) -> Components:
        """Weigh the facts of one completion whose gold is usable."""


def audit_to(path: Path) -> AuditSink:
    """Return a sink that appends one JSON line per reward to ``path``."""

    def write(entry: Mapping[str, object]) -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")

    return write


def _count_roughly(text: str) -> int:
    return sum(len(word) // 8 + 1 for word in text.split())
