"""Rewards of a group by one of the profiles, every component of every distinct answer written down. It runs nothing itself. Imports without torch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from joinery_trainer.prompts.exported import PromptPair
from joinery_trainer.rewards.completion import Target
from joinery_trainer.rewards.judge import Judge
from joinery_trainer.rewards.profile import AuditSink, TokenCounter
from joinery_trainer.rewards.profiles import PROFILES
from joinery_trainer.rollouts.sampler import Sampled


class Rewarding:
    """Judges the answers to a question. Equal texts are judged once."""

    def __init__(
        self, profile: str, judge: Judge, *, target: Target = "sql", count_tokens: TokenCounter | None = None, audit: AuditSink | None = None
    ) -> None:
        self.name = profile
        self._entries: list[Mapping[str, Any]] = []
        self._audit = audit
        self._profile = PROFILES[profile](judge, target=target, count_tokens=count_tokens, audit=self._entries.append)

    def reward(self, pair: PromptPair, answers: Sequence[Sampled], step: int) -> tuple[tuple[float, ...], tuple[str, ...]]:
        """Return the reward and the finding of each answer."""
        counts = Counter(answer.text for answer in answers)
        texts = list(counts)
        self._entries.clear()
        self._profile(texts, database=[str(pair.database)] * len(texts), gold_sql=[pair.gold] * len(texts))
        by_text = dict(zip(texts, self._entries, strict=True))
        if self._audit:
            for text, entry in by_text.items():
                self._audit({"step": step, "question": pair.id, "count": counts[text], "answer": text, **entry})
        rewards = tuple(float(by_text[answer.text]["reward"]) for answer in answers)
        return rewards, tuple(str(by_text[answer.text]["finding"]) for answer in answers)
