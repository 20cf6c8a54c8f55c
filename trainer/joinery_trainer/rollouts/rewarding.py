"""Rewards of a group by one of the profiles, every component of every distinct answer written down. It runs nothing itself. Imports without torch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from joinery_trainer.prompts.exported import PromptPair
from joinery_trainer.prompts.targets import FENCE
from joinery_trainer.rewards.completion import Target
from joinery_trainer.rewards.judge import Judge
from joinery_trainer.rewards.profile import AuditSink, Components, TokenCounter
from joinery_trainer.rewards.profiles import PROFILES
from joinery_trainer.rollouts.sampler import Sampled

#: Names of the components of a reward.
COMPONENTS = tuple(asdict(Components()))


@dataclass(frozen=True)
class Rewarded:
    """What an answer earned, and why."""

    reward: float
    finding: str
    #: One number for each of `COMPONENTS`; their sum is the reward.
    parts: Mapping[str, float]
    #: Why it is not a match, for people.
    detail: str = ""


class Rewarding:
    """Judges the answers to a question. Equal texts are judged once."""

    def __init__(
        self, profile: str, judge: Judge, *, target: Target = "sql", count_tokens: TokenCounter | None = None, audit: AuditSink | None = None
    ) -> None:
        self._entries: list[Mapping[str, Any]] = []
        self._audit = audit
        self._target = target
        self._profile = PROFILES[profile](judge, target=target, count_tokens=count_tokens, audit=self._entries.append)

    def reward(self, pair: PromptPair, answers: Sequence[Sampled], step: int) -> tuple[Rewarded, ...]:
        """Return what each answer earned. ``step`` is for the audit only."""
        counts = Counter(answer.text for answer in answers)
        texts = list(counts)
        self._entries.clear()
        judged = [_tagged(text) if self._target == "think" else text for text in texts]
        self._profile(judged, database=[str(pair.database)] * len(texts), gold_sql=[pair.gold] * len(texts))
        earned: dict[str, Rewarded] = {}
        for text, entry in zip(texts, self._entries, strict=True):
            earned[text] = Rewarded(
                float(entry["reward"]), str(entry["finding"]), {name: float(entry[name]) for name in COMPONENTS}, str(entry["detail"])
            )
            if self._audit:
                self._audit({"step": step, "question": pair.id, "count": counts[text], "answer": text, **entry})
        return tuple(earned[answer.text] for answer in answers)


def _tagged(text: str) -> str:
    """Return a plan and its statement, as the product writes them, in the form that rewards read; a text without a fence stays ill-formed."""
    plan, fence, sql = text.partition(FENCE)
    return f"<think>{plan}</think>\n<answer>\n```sql\n{sql}\n```\n</answer>" if fence else text
