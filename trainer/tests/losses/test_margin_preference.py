"""Arithmetic, monotony, gradients and limits of the loss with a margin."""

from __future__ import annotations

import itertools
import math

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: the stages of training need it", exc_type=ImportError)

from joinery_trainer.losses.margin_preference import margin_preference_loss  # noqa: E402


def loss_of(chosen: float, rejected: float, margin: float, beta: float = 0.1) -> float:
    zero = torch.zeros(1)
    found = margin_preference_loss(torch.tensor([chosen]), torch.tensor([rejected]), zero, zero, torch.tensor([margin]), beta)
    return found.loss.item()


@pytest.mark.parametrize(
    ("chosen", "rejected", "margin", "beta", "expected"),
    [
        (2, -3, 0.4, 0.1, 0.6444),
        (2, -3, 0.0, 0.1, 0.4741),
        (0, 0, 0.0, 0.1, math.log(2)),
        (0, 0, 1.0, 0.1, math.log(1 + math.e)),
        (0, 0, -1.0, 0.1, math.log(1 + 1 / math.e)),
        (-3, 2, 0.0, 1.0, 5.0067),
    ],
)
def test_worked_arithmetic(chosen: float, rejected: float, margin: float, beta: float, expected: float) -> None:
    assert loss_of(chosen, rejected, margin, beta) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("logit", [-30.0, -1.0, 0.0, 0.5, 3.0, 30.0])
def test_a_larger_margin_is_a_larger_loss_at_equal_logits(logit: float) -> None:
    losses = [loss_of(logit, 0, margin, beta=1.0) for margin in (-1.0, -0.2, 0.0, 0.1, 0.5, 0.9, 1.0)]
    assert all(small < large for small, large in itertools.pairwise(losses))


def test_without_a_margin_it_is_dpo() -> None:
    torch.manual_seed(1)
    chosen, rejected, reference_chosen, reference_rejected = torch.randn(4, 20) * 10
    found = margin_preference_loss(chosen, rejected, reference_chosen, reference_rejected, torch.zeros(20), 0.1)
    dpo = -torch.nn.functional.logsigmoid(0.1 * ((chosen - rejected) - (reference_chosen - reference_rejected)))
    torch.testing.assert_close(found.loss, dpo)


def test_gradients_raise_the_chosen_and_lower_the_rejected_more_so_with_a_margin() -> None:
    pulls = []
    for margin in (0.0, 0.8):
        chosen, rejected = torch.zeros(1, requires_grad=True), torch.zeros(1, requires_grad=True)
        margin_preference_loss(chosen, rejected, torch.zeros(1), torch.zeros(1), torch.tensor([margin]), 0.1).loss.sum().backward()
        assert chosen.grad is not None and rejected.grad is not None
        assert chosen.grad.item() < 0 < rejected.grad.item()
        assert chosen.grad.item() == pytest.approx(-rejected.grad.item())
        pulls.append(rejected.grad.item())
    assert pulls[0] == pytest.approx(0.05)  # β · σ(0)
    assert pulls[1] > pulls[0]


@pytest.mark.parametrize("margin", [0.0, -0.5, -1.0, 1.0])
@pytest.mark.parametrize("difference", [-1e6, 0.0, 1e6])
def test_no_margin_and_no_logit_makes_what_is_no_number(margin: float, difference: float) -> None:
    chosen = torch.tensor([difference], requires_grad=True)
    loss = margin_preference_loss(chosen, torch.zeros(1), torch.zeros(1), torch.zeros(1), torch.tensor([margin]), 0.1).loss
    loss.sum().backward()
    assert torch.isfinite(loss).all() and chosen.grad is not None and torch.isfinite(chosen.grad).all()


def test_rewards_are_told_and_carry_no_gradient() -> None:
    chosen = torch.tensor([4.0, 0.0], requires_grad=True)
    found = margin_preference_loss(chosen, torch.tensor([1.0, 2.0]), torch.ones(2), torch.ones(2), torch.zeros(2), 0.5)
    assert found.chosen_reward.tolist() == [1.5, -0.5] and found.rejected_reward.tolist() == [0.0, 0.5]
    assert not found.chosen_reward.requires_grad


@pytest.mark.parametrize(("beta", "pairs"), [(0.0, 1), (-0.1, 1), (0.1, 2)])
def test_what_cannot_be_meant_is_refused(beta: float, pairs: int) -> None:
    with pytest.raises(ValueError):
        margin_preference_loss(torch.zeros(1), torch.zeros(pairs), torch.zeros(1), torch.zeros(1), torch.zeros(1), beta)
