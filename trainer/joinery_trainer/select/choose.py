"""Which ranker to train, judged by databases that it did not see, and what it reaches there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from joinery_trainer.select.candidates import Question
from joinery_trainer.select.fit import NetSettings, fit_linear, fit_net
from joinery_trainer.select.ranker import Ranker
from joinery_trainer.stages.select_settings import SelectSettings

#: Makes rankers by name from questions.
Fit = Callable[[Sequence[Question]], dict[str, Ranker]]


@dataclass(frozen=True)
class Choice:
    """A way to train a linear ranker."""

    penalty: float
    rows_first: bool


def folds_of(questions: Sequence[Question], count: int, seed: int) -> list[list[int]]:
    """Return the places of the questions of each fold. A database is in one fold; large ones are dealt out first, to the smallest fold."""
    sizes: dict[str, int] = {}
    for question in questions:
        sizes[question.db] = sizes.get(question.db, 0) + 1
    names = sorted(sizes, key=lambda name: (-sizes[name], hashlib.sha256(f"{seed}:{name}".encode()).digest()))
    fold_of: dict[str, int] = {}
    filled = [0] * min(count, len(names))
    for name in names:
        fold_of[name] = filled.index(min(filled))
        filled[fold_of[name]] += sizes[name]
    return [[at for at, question in enumerate(questions) if fold_of[question.db] == fold] for fold in range(len(filled))]


def pick(question: Question, ranker: Ranker, names: Sequence[str]) -> int:
    """Return the place of the candidate that the ranker prefers; of equals the one that the run preferred."""
    places = [names.index(name) for name in ranker.features]

    def order(at: int) -> tuple[int, float, int]:
        score = ranker.score([question.values[at][place] for place in places])
        return (question.tiers[at] if ranker.rows_first else 0, -score, at)

    return min(range(len(question.values)), key=order)


def held_out_results(
    questions: Sequence[Question],
    names: Sequence[str],
    folds: Sequence[Sequence[int]],
    fit: Fit,
    on_fold: Callable[[int], None] = lambda fold: None,
) -> dict[str, list[bool]]:
    """Return for each ranker that ``fit`` makes whether its choices are right, each question judged by rankers of the other folds.

    A fold without which nothing is left to learn from keeps the choices of the run.
    """
    results: dict[str, list[bool]] = {}
    chosen = [question.right[0] for question in questions]
    for number, fold in enumerate(folds):
        outside = set(fold)
        try:
            rankers = fit([question for at, question in enumerate(questions) if at not in outside])
        except ValueError:
            rankers = {}
        for name, ranker in rankers.items():
            found = results.setdefault(name, list(chosen))
            for at in fold:
                found[at] = questions[at].right[pick(questions[at], ranker, names)]
        on_fold(number)
    return results


def best_choice(questions: Sequence[Question], names: Sequence[str], settings: SelectSettings) -> Choice:
    """Return the way whose rankers are right most often on folds they did not see; of equals the stronger penalty and rows first."""
    folds = folds_of(questions, settings.folds, settings.seed)
    choices = [Choice(penalty, rows_first) for rows_first in (True, False) for penalty in sorted(settings.penalties, reverse=True)]
    chosen = sum(question.right[0] for question in questions)

    def rightly(choice: Choice) -> int:
        found = held_out_results(questions, names, folds, lambda part: {"linear": linear(part, names, choice)})
        return sum(found["linear"]) if found else chosen

    return max(choices, key=rightly)


def linear(questions: Sequence[Question], names: Sequence[str], choice: Choice) -> Ranker:
    """Return the linear ranker of one way."""
    return fit_linear(questions, names, choice.penalty, rows_first=choice.rows_first)


def all_rankers(questions: Sequence[Question], names: Sequence[str], settings: SelectSettings) -> dict[str, Ranker]:
    """Return a ranker of each kind; the way to train is chosen from these questions alone, so that measuring it elsewhere is honest."""
    choice = best_choice(questions, names, settings)
    plain = linear(questions, names, choice)
    if settings.hidden == 0:
        return {"linear": plain}
    net = NetSettings(settings.hidden, settings.steps, settings.learning_rate, choice.penalty, settings.seed)
    return {"linear": plain, "net": fit_net(plain, questions, names, net)}
