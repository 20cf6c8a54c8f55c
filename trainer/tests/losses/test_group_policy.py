from __future__ import annotations

import math

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: the stages of training need it", exc_type=ImportError)

from joinery_trainer.losses.group_policy import importance_weights, score_targets  # noqa: E402

HALF, QUARTER = math.log(0.5), math.log(0.25)


@pytest.mark.parametrize(("temperature", "policy"), [(1.0, math.log(3 / 4)), (2.0, math.log(3**0.5 / (1 + 3**0.5)))])
def test_scores_worked_by_hand(temperature: float, policy: float) -> None:
    scores = score_targets(torch.tensor([[0.0, math.log(3)]]), torch.tensor([1]), temperature)
    p = math.exp(policy)
    assert scores.policy.item() == pytest.approx(policy)
    assert scores.plain.item() == pytest.approx(math.log(3 / 4))
    assert scores.entropy.item() == pytest.approx(-p * math.log(p) - (1 - p) * math.log(1 - p))


def test_only_the_policy_has_a_gradient() -> None:
    logits = torch.randn(3, 5, generator=torch.Generator().manual_seed(0), requires_grad=True)
    scores = score_targets(logits, torch.tensor([0, 1, 4]), 0.7)
    assert scores.policy.requires_grad and not scores.plain.requires_grad and not scores.entropy.requires_grad


@pytest.mark.parametrize(
    ("sampler", "mask", "per_token", "most", "expected"),
    [
        ([[QUARTER, HALF]], [[1, 1]], True, 9.0, [[2, 1]]),
        ([[QUARTER, HALF]], [[1, 1]], True, 1.5, [[1.5, 1]]),
        ([[QUARTER, HALF]], [[1, 1]], False, 9.0, [[2]]),
        ([[QUARTER, HALF]], [[1, 1]], False, 1.5, [[1.5]]),
        # How a sum is spread over the tokens is of no account.
        ([[(QUARTER + HALF) / 2] * 2], [[1, 1]], False, 9.0, [[2]]),
        # Padding weighs nothing.
        ([[QUARTER, -99.0]], [[1, 0]], False, 9.0, [[2]]),
        ([[QUARTER, -99.0]], [[1, 0]], True, 9.0, [[2, 1]]),
        # What the sampler found likelier counts less.
        ([[0.0, HALF]], [[1, 1]], True, 9.0, [[0.5, 1]]),
        # What it could not score counts as it is.
        ([[math.nan, QUARTER]], [[1, 1]], True, 9.0, [[1, 2]]),
        ([[math.nan, QUARTER]], [[1, 1]], False, 9.0, [[2]]),
        ([[-math.inf, HALF]], [[1, 1]], True, 2.0, [[2, 1]]),
    ],
)
def test_importance_weights_worked_by_hand(sampler, mask, per_token, most, expected) -> None:
    learner = torch.tensor([[HALF, HALF]], requires_grad=True)
    weights = importance_weights(learner, torch.tensor(sampler), torch.tensor(mask), per_token=per_token, most=most)
    torch.testing.assert_close(weights, torch.tensor(expected, dtype=torch.float32))
    assert not weights.requires_grad
