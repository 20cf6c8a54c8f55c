"""Asks a model the questions about schemas and says how many it gets right, letter for letter. Imports without torch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from joinery_trainer.prompts.exported import GraphTask, Part
from joinery_trainer.rollouts.sampler import Prompt, Sampler

#: Tokens of an answer at most: a path of four joins.
_MOST_TOKENS = 160


@dataclass(frozen=True)
class Score:
    """How many tasks there are and how many were answered right."""

    right: int
    asked: int

    @property
    def share(self) -> float:
        """Return the share of right answers, 0..1; 0 for none asked."""
        return self.right / self.asked if self.asked else 0.0


def ask_tasks(
    tasks: Sequence[GraphTask], prefixes: Mapping[str, tuple[Part, ...]], sampler: Sampler, *, adapter: Path | None = None
) -> dict[str, Score]:
    """Return the scores by kind of task, and under ``all``. Raises StageError when the sampler answers nothing."""
    prompts = [Prompt(task.id, task.prefix_key, prefixes[task.prefix_key], task.rest) for task in tasks]
    answers = sampler.sample(prompts, n=1, temperature=0.0, max_tokens=_MOST_TOKENS, seed=1, adapter=adapter)
    return score([(task, drawn[0].text if drawn else "") for task, drawn in zip(tasks, answers, strict=True)])


def score(answered: Sequence[tuple[GraphTask, str]]) -> dict[str, Score]:
    """Return the scores of answers by kind of task, and under ``all``. Blanks at the ends and the end of the answer do not count."""
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for task, text in answered:
        is_right = text.split("\n", 1)[0].strip() == task.answer
        for name in (task.task, "all"):
            asked[name] += 1
            right[name] += is_right
    return {name: Score(right[name], asked[name]) for name in sorted(asked)}
