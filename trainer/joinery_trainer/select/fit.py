"""Training of rankers on pairs of a right and a wrong candidate of the same question (numpy).

The loss of a question is the mean over its pairs of ``log(1 + exp(−(s_right − s_wrong)))``: RankNet's (Burges et al. 2005), of which the linear case
is a logistic regression on differences of features. Every question counts the same however many candidates it has. With ``rows_first`` only pairs
of one tier are compared, for others are decided before scores are looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from joinery_trainer.select.candidates import Question
from joinery_trainer.select.ranker import Ranker

Array = NDArray[np.float64]


@dataclass(frozen=True)
class _Pairs:
    #: Standardised features of all candidates, candidates × features.
    inputs: Array
    #: Row of the right and of the wrong candidate of each pair.
    right: NDArray[np.intp]
    wrong: NDArray[np.intp]
    #: Weight of each pair; those of a question sum to 1.
    weight: Array
    #: Questions with a pair.
    questions: int


def fit_linear(questions: Sequence[Question], names: Sequence[str], penalty: float, *, rows_first: bool) -> Ranker:
    """Return the linear ranker that minimises ``mean loss + penalty/2 · ‖w‖²``, by Newton's method.

    Features that never differ are left out. Raises ValueError when no question has a pair to learn from.
    """
    kept, mean, scale, pairs = _prepare(questions, names, rows_first=rows_first)
    differences = pairs.inputs[pairs.right] - pairs.inputs[pairs.wrong]
    weights = np.zeros(len(kept))
    for _ in range(50):
        sure = _sigmoid(differences @ weights)
        gradient = -(differences.T @ (pairs.weight * (1 - sure))) / pairs.questions + penalty * weights
        curvature = (differences * (pairs.weight * sure * (1 - sure))[:, None]).T @ differences / pairs.questions
        step = np.linalg.solve(curvature + penalty * np.eye(len(kept)), gradient)
        start, size = _loss(differences @ weights, pairs) + penalty / 2 * weights @ weights, 1.0
        # Newton's full step can overshoot far from the minimum: halve it until the loss falls.
        while size > 1e-6:
            tried = weights - size * step
            if _loss(differences @ tried, pairs) + penalty / 2 * tried @ tried <= start:
                break
            size /= 2
        weights = weights - size * step
        if np.abs(size * step).max() < 1e-9:
            break
    return Ranker(kept, _floats(mean), _floats(scale), _floats(weights), rows_first=rows_first)


def fit_net(linear: Ranker, questions: Sequence[Question], names: Sequence[str], settings: NetSettings) -> Ranker:
    """Return ``linear`` with a hidden layer added to it: full-batch Adam (Kingma & Ba 2015) from the linear solution, the layer's part at first 0."""
    kept, _, _, pairs = _prepare(questions, names, rows_first=linear.rows_first)
    if kept != linear.features:
        raise ValueError("the linear ranker was trained on other questions")
    chance = np.random.default_rng(settings.seed)
    parts = {
        "weights": np.array(linear.weights),
        "hidden": chance.normal(0, 1 / np.sqrt(len(kept)), (settings.hidden, len(kept))),
        "bias": np.zeros(settings.hidden),
        "out": np.zeros(settings.hidden),
    }
    first = {name: np.zeros_like(part) for name, part in parts.items()}
    second = {name: np.zeros_like(part) for name, part in parts.items()}
    for step in range(1, settings.steps + 1):
        for name, gradient in _net_gradients(parts, pairs, settings.penalty).items():
            first[name] = 0.9 * first[name] + 0.1 * gradient
            second[name] = 0.999 * second[name] + 0.001 * gradient**2
            moved = first[name] / (1 - 0.9**step) / (np.sqrt(second[name] / (1 - 0.999**step)) + 1e-8)
            parts[name] = parts[name] - settings.learning_rate * moved
    return Ranker(
        kept,
        linear.mean,
        linear.scale,
        _floats(parts["weights"]),
        tuple(_floats(row) for row in parts["hidden"]),
        _floats(parts["bias"]),
        _floats(parts["out"]),
        linear.rows_first,
    )


@dataclass(frozen=True)
class NetSettings:
    """How a hidden layer is trained."""

    hidden: int
    steps: int
    learning_rate: float
    penalty: float
    seed: int


def _net_gradients(parts: dict[str, Array], pairs: _Pairs, penalty: float) -> dict[str, Array]:
    before = pairs.inputs @ parts["hidden"].T + parts["bias"]
    bent = np.maximum(before, 0)
    scores = pairs.inputs @ parts["weights"] + bent @ parts["out"]
    pull = -pairs.weight * (1 - _sigmoid(scores[pairs.right] - scores[pairs.wrong])) / pairs.questions
    by_score = np.zeros(len(scores))
    np.add.at(by_score, pairs.right, pull)
    np.add.at(by_score, pairs.wrong, -pull)
    by_unit = by_score[:, None] * parts["out"] * (before > 0)
    gradients = {
        "weights": pairs.inputs.T @ by_score,
        "hidden": by_unit.T @ pairs.inputs,
        "bias": by_unit.sum(axis=0),
        "out": bent.T @ by_score,
    }
    return {name: gradient + penalty * parts[name] for name, gradient in gradients.items()}


def _prepare(questions: Sequence[Question], names: Sequence[str], *, rows_first: bool) -> tuple[tuple[str, ...], Array, Array, _Pairs]:
    values = np.array([row for question in questions for row in question.values], dtype=np.float64).reshape(-1, len(names))
    right, wrong, weight, start, counted = [], [], [], 0, 0
    for question in questions:
        mine = [
            (start + better, start + worse)
            for better, is_right in enumerate(question.right)
            for worse, is_other in enumerate(question.right)
            if is_right and not is_other and (not rows_first or question.tiers[better] == question.tiers[worse])
        ]
        start += len(question.right)
        counted += bool(mine)
        right += [better for better, _ in mine]
        wrong += [worse for _, worse in mine]
        weight += [1 / len(mine) for _ in mine]
    if not counted:
        raise ValueError("no question has a right candidate beside a wrong one")
    spread = values.std(axis=0)
    used = np.flatnonzero(spread > 1e-9)
    mean, scale = values[:, used].mean(axis=0), spread[used]
    pairs = _Pairs((values[:, used] - mean) / scale, np.array(right, dtype=np.intp), np.array(wrong, dtype=np.intp), np.array(weight), counted)
    return tuple(names[at] for at in used), mean, scale, pairs


def _loss(margins: Array, pairs: _Pairs) -> float:
    return float(pairs.weight @ np.logaddexp(0, -margins)) / pairs.questions


def _sigmoid(values: Array) -> Array:
    return 0.5 * (1 + np.tanh(values / 2))  # does not overflow


def _floats(values: Array) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
