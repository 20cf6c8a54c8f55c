"""
What group policy optimisation (GRPO, https://arxiv.org/abs/2402.03300) needs beside TRL's clipped loss: log-probabilities of packed targets, and the
correction for answers that another program drew. Pure functions on tensors.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor


class Scores(NamedTuple):
    """What a model thinks of targets; all three have one shape."""

    #: Log-probabilities of the policy, that is of the model at the temperature it is sampled with.
    policy: Tensor
    #: Log-probabilities of the model itself, at temperature 1; without gradient.
    plain: Tensor
    #: Entropy of the policy in nats; without gradient.
    entropy: Tensor


#: Targets whose whole distributions are looked at together: 64 of 151,936 numbers are 39 MB.
_ROWS = 64


def score_targets(logits: Tensor, labels: Tensor, temperature: float) -> Scores:
    """Return the scores [N] of ``labels`` [N] under ``logits`` [N, V]. Beside the logits it needs room for few more rows of V at a time.

    With logits [[0, ln 3]] and label 1: ln 3/4 = −0.2877 at temperature 1, and ln (√3 / (1 + √3)) = −0.4559 at temperature 2.
    """
    chosen = logits.gather(1, labels[:, None])[:, 0]
    tempered = logits if temperature == 1 else logits / temperature
    policy = chosen / temperature - torch.logsumexp(tempered, dim=1)
    with torch.no_grad():
        parts = tempered.detach().split(_ROWS)
        entropy = torch.cat([_entropy(part) for part in parts]) if len(labels) else torch.zeros_like(policy)
        plain = policy.detach() if temperature == 1 else chosen - torch.cat([part.logsumexp(dim=1) for part in logits.detach().split(_ROWS)])
    return Scores(policy, plain.detach(), entropy)


def _entropy(logits: Tensor) -> Tensor:
    scores = logits.log_softmax(dim=1)
    return -(scores.exp() * scores).sum(dim=1)


def importance_weights(learner: Tensor, sampler: Tensor, mask: Tensor, *, per_token: bool, most: float) -> Tensor:
    """Return what each token's share of the loss is multiplied with, because the sampler's distribution is not quite the learner's.

    ``learner``, ``sampler`` and ``mask`` [B, T]: log-probabilities of the same tokens, and 1 for tokens, 0 for padding. The weight is
    ``min(exp(learner − sampler), most)`` (truncated importance sampling, https://fengyao.notion.site/off-policy-rl), [B, T] token by token. Where
    the sampler knows sums only it is [B, 1]: the same of the differences summed over each answer; how a sum is spread over ``sampler`` is then of no
    account. Tokens that the sampler could not score (not a number) weigh 1. Nothing of it has a gradient.

    Two tokens with learner ln 0.5, ln 0.5 and sampler ln 0.25, ln 0.5: token by token 2 and 1, as a whole 2; with ``most`` 1.5 it is 1.5, 1 and 1.5.
    """
    with torch.no_grad():
        difference = torch.nan_to_num((learner - sampler) * mask, nan=0.0)
        if not per_token:
            difference = difference.sum(dim=-1, keepdim=True)
        return torch.exp(difference).clamp(max=most)
