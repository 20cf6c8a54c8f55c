"""Which pairs of a database to keep as examples, and how many to show: greedy forward selection on one half of the questions, judged on the other.

With a set of pairs each question shows the most alike of them, as the product does; pairs change a question's answer only where they are shown. So a
step asks again only questions among whose examples the tried pair comes. Each step tries a random part of the pairs (stochastic greedy,
Mirzasoleiman et al. 2015) and keeps the one that makes most questions right; it ends when none does, when enough are kept or the budget is spent.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from joinery_trainer.data.pairs import Pair
from joinery_trainer.demos.asking import Answers, Asked
from joinery_trainer.evaluate.bootstrap import Gain, paired_gain
from joinery_trainer.stages.demos_settings import DemosSettings
from joinery_trainer.stages.errors import BAD_RECIPE, StageError

#: ``chosen`` shows the pairs that the search kept, ``all`` every pair, ``off`` none: examples did not gain enough here.
Kind = Literal["chosen", "all", "off"]


@dataclass(frozen=True)
class Outcome:
    """What was decided for a database."""

    kind: Kind
    #: Examples shown with one question at most.
    most: int
    #: Names of the pairs that are shown.
    pairs: tuple[str, ...]
    #: Names of all pairs that took part.
    measured: tuple[str, ...]
    #: Over no examples and over random ones, on questions that the search did not see.
    over_none: Gain
    over_random: Gain
    #: Sizes of the kept set and right answers on the search's half, step by step.
    steps: tuple[tuple[int, int], ...]
    asked: int
    #: Some answer was right, with examples or without.
    any_right: bool


@dataclass
class Trial:
    """The questions, pairs and answers of one database."""

    answers: Answers
    pairs: Mapping[str, Pair]
    #: For each question's id the names of pairs that may be shown with it, best first.
    alike: Mapping[str, Sequence[str]]
    settings: DemosSettings
    steps: list[tuple[int, int]] = field(default_factory=list)
    #: Called after each step of the search with the pairs kept so far and the right answers.
    on_step: Callable[[int, int], None] = lambda kept, right: None

    def step(self, kept: int, right: int) -> None:
        """Note a step of the search."""
        self.steps.append((kept, right))
        self.on_step(kept, right)

    def shown(self, question: Pair, kept: frozenset[str], most: int) -> Asked:
        """Return the question with the ``most`` pairs of ``kept`` that are most alike to it."""
        names = [name for name in self.alike.get(question.id, ()) if name in kept][:most]
        return Asked(question, tuple(self.pairs[name] for name in names))

    def results(self, questions: Sequence[Pair], kept: frozenset[str], most: int) -> list[bool]:
        """Return whether each question is answered rightly with these pairs."""
        return self.answers.results([self.shown(question, kept, most) for question in questions])

    def affords(self, wanted: Sequence[Asked], reserve: int) -> bool:
        """Say whether the budget allows what is open of ``wanted`` and leaves ``reserve``."""
        return self.answers.used + self.answers.cost(wanted) + reserve <= self.settings.asks


def halves(questions: Sequence[Pair], seed: int) -> tuple[list[Pair], list[Pair]]:
    """Return the questions to choose by and those to measure with. Questions of one statement stay together: they would tell on each other."""
    groups: dict[str, list[Pair]] = {}
    for question in questions:
        groups.setdefault(" ".join(question.sql.split()).lower(), []).append(question)
    order = sorted(groups, key=lambda sql: hashlib.sha256(f"{seed}:{sql}".encode()).digest())
    parts: tuple[list[Pair], list[Pair]] = ([], [])
    for sql in order:
        parts[0 if len(parts[0]) <= len(parts[1]) else 1].extend(groups[sql])
    return parts


def choose_examples(trial: Trial, questions: Sequence[Pair]) -> Outcome:
    """Search on one half, measure on the other, decide. Raises StageError when the budget does not even allow the measurement."""
    settings = trial.settings
    choosing, measuring = (half[: settings.most_questions // 2] for half in halves(questions, settings.seed))
    everything = frozenset(trial.pairs)
    # None, the kept ones, all, and the draws of random ones for either: the last word must be affordable.
    reserve = len(measuring) * (3 + 2 * settings.draws)
    least = reserve + len(choosing)
    if settings.asks < least:
        raise StageError(f"asks is {settings.asks}; {len(choosing) + len(measuring)} questions need at least {least}", BAD_RECIPE)
    kept = _grow(trial, choosing, reserve)
    ways: dict[Kind, tuple[frozenset[str], int]] = {}
    for kind, pairs in (("chosen", kept), ("all", everything)):
        most = _best_count(trial, choosing, pairs, reserve)
        if most > 0 and pairs:
            ways[kind] = (pairs, most)
    return _decide(trial, measuring, ways)


def _grow(trial: Trial, choosing: Sequence[Pair], reserve: int) -> frozenset[str]:
    settings, chance = trial.settings, random.Random(trial.settings.seed)
    kept: frozenset[str] = frozenset()
    right = trial.results(choosing, kept, settings.most)
    trial.step(0, sum(right))
    useful = {name for question in choosing for name in trial.alike.get(question.id, ())[: settings.most]}
    while len(kept) < settings.kept:
        left = sorted(useful - kept)
        tried = chance.sample(left, min(settings.tries, len(left))) if settings.tries else left
        changed = {name: _changed(trial, choosing, kept, name) for name in tried}
        if not trial.affords([asked for places in changed.values() for asked in places.values()], reserve):
            break
        trial.answers.results([asked for places in changed.values() for asked in places.values()])
        gains = {name: _gain(trial, places, right) for name, places in changed.items()}
        # Of equal gains the pair that is shown most often, then the first by name: the same run gives the same choice.
        best = max(tried, key=lambda name: (gains[name], len(changed[name]), name), default=None)
        if best is None or gains[best] <= 0:
            break
        for at, asked in changed[best].items():
            right[at] = trial.answers.results([asked])[0]
        kept |= {best}
        trial.step(len(kept), sum(right))
    return kept


def _changed(trial: Trial, questions: Sequence[Pair], kept: frozenset[str], name: str) -> dict[int, Asked]:
    """Return the questions, by place, whose examples differ once ``name`` is kept as well."""
    most = trial.settings.most
    found = {}
    for at, question in enumerate(questions):
        after = trial.shown(question, kept | {name}, most)
        if after != trial.shown(question, kept, most):
            found[at] = after
    return found


def _gain(trial: Trial, places: Mapping[int, Asked], right: Sequence[bool]) -> int:
    found = trial.answers.results(list(places.values()))
    return sum(found) - sum(right[at] for at in places)


def _best_count(trial: Trial, choosing: Sequence[Pair], kept: frozenset[str], reserve: int) -> int:
    """Return how many of ``kept`` to show, 0 to ``most``: the smallest of the best as far as the budget allows to know."""
    counts: dict[int, int] = {}
    for most in range(trial.settings.most + 1):
        if trial.affords([trial.shown(question, kept, most) for question in choosing], reserve):
            counts[most] = sum(trial.results(choosing, kept, most))
    return max(counts, key=lambda most: (counts[most], -most), default=0)


def _decide(trial: Trial, measuring: Sequence[Pair], ways: Mapping[Kind, tuple[frozenset[str], int]]) -> Outcome:
    settings = trial.settings
    none = trial.results(measuring, frozenset(), 0)
    nothing = paired_gain(none, none)
    kind: Kind = "off"
    pairs, most, over_none, over_random = frozenset[str](), 0, nothing, nothing
    for tried, (kept, count) in ways.items():
        found = trial.results(measuring, kept, count)
        drawn = [trial.answers.results(_random_examples(trial, measuring, count, draw)) for draw in range(settings.draws)]
        gains = paired_gain(none, found), paired_gain([right for one in drawn for right in one], found * settings.draws)
        needed = gains[1] if settings.over == "random" else gains[0]
        if 100 * needed.gain >= settings.least_points and gains[0].gain > 0:
            kind, pairs, most, (over_none, over_random) = tried, kept, count, gains
            break
        if tried == "chosen" or not ways.get("chosen"):
            over_none, over_random = gains
    return Outcome(
        kind,
        most,
        tuple(sorted(pairs)),
        tuple(sorted(trial.pairs)),
        over_none,
        over_random,
        tuple(trial.steps),
        trial.answers.used,
        trial.answers.any_right,
    )


def _random_examples(trial: Trial, questions: Sequence[Pair], count: int, draw: int) -> list[Asked]:
    """Return each question with ``count`` pairs drawn among all others of the database."""
    asked = []
    for question in questions:
        chance = random.Random(f"{trial.settings.seed}:{draw}:{question.id}")
        others = [name for name, pair in sorted(trial.pairs.items()) if not same_question(pair, question)]
        asked.append(Asked(question, tuple(trial.pairs[name] for name in chance.sample(others, min(count, len(others))))))
    return asked


def same_question(one: Pair, other: Pair) -> bool:
    """Say whether two pairs ask the same, spelling aside."""
    return _bare(one.question) == _bare(other.question)


def _bare(question: str) -> str:
    return " ".join("".join(sign if sign.isalnum() else " " for sign in question.lower()).split())
