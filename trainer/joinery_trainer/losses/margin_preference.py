"""
The loss of preferences with a margin (LearNAT's MDPO): the better answer is to win by at least as much as it is better.

With ``r(y) = β · (log π(y) − log π_ref(y))``, DPO's implicit reward (https://arxiv.org/abs/2305.18290), and Δr = R(chosen) − R(rejected) from the
syntax trees: ``L = −log σ(r(y_w) − r(y_l) − Δr)``. This is the paper's formula (https://arxiv.org/abs/2504.02327); its released code takes the
logarithm of the margin instead, which relaxes every pair and is no number where the margin is 0 or below.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True)
class PreferenceLoss:
    """What one batch of P pairs gives. All tensors are [P], float32."""

    #: Loss per pair; the gradient goes through it.
    loss: Tensor
    #: Implicit reward of the chosen answers, detached.
    chosen_reward: Tensor
    #: Implicit reward of the rejected answers, detached.
    rejected_reward: Tensor


def margin_preference_loss(
    chosen: Tensor, rejected: Tensor, reference_chosen: Tensor, reference_rejected: Tensor, margin: Tensor, beta: float
) -> PreferenceLoss:
    """Return the loss of each pair.

    All tensors are [P]: sums of log-probabilities of the chosen and rejected answers under the policy and the reference, and margins of any sign.
    With β = 0.1, log-ratios 2 and −3 and margin 0.4 the logit is 0.2 + 0.3 − 0.4 = 0.1 and the loss −log σ(0.1) = 0.6444; without the margin,
    which is DPO, it is −log σ(0.5) = 0.4741. Raises ValueError for a β that is not above 0 and for tensors of different shapes.
    """
    if beta <= 0:
        raise ValueError("beta is above 0")
    if len({tensor.shape for tensor in (chosen, rejected, reference_chosen, reference_rejected, margin)}) != 1:
        raise ValueError("one log-probability per answer and one margin per pair are needed")
    chosen_reward = beta * (chosen.float() - reference_chosen.float())
    rejected_reward = beta * (rejected.float() - reference_rejected.float())
    loss = -functional.logsigmoid(chosen_reward - rejected_reward - margin.float())
    return PreferenceLoss(loss, chosen_reward.detach(), rejected_reward.detach())
