"""The loss of supervised training: cross entropy of the answer's tokens, nothing of the prompt."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional


def completion_loss(logits: Tensor, labels: Tensor, total: Tensor | int | None = None) -> Tensor:
    """Return the mean cross entropy, a scalar.

    ``logits`` [N, V], ``labels`` [N]. ``total`` is the number of targets of the whole step when it is accumulated over several rows: the sum of
    the parts then equals the loss of one big batch. With logits [[0, 0]] and label 0 it is ln 2 = 0.6931; a row without targets gives 0.
    """
    summed = functional.cross_entropy(logits, labels, reduction="sum")
    return summed / (total if total is not None else max(len(labels), 1))
