"""A row as tensors: tokens, positions, the mask of a tree, and where the targets stand. See `rows.py` for what a row is."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from joinery_trainer.packing.rows import Row


@dataclass(frozen=True)
class RowBatch:
    """One row of T tokens, N of them targets in S spans."""

    #: [1, T] int64.
    input_ids: Tensor
    #: [1, T] int64: a span goes on from the end of its parent.
    position_ids: Tensor
    #: [1, 1, T, T] bool, True where a token (row) sees another (column).
    attention_mask: Tensor
    #: [N] int64: place in the row whose logits predict the target.
    predictors: Tensor
    #: [N] int64: the targets.
    labels: Tensor
    #: [N] int64: index of the span of each target.
    span_of_target: Tensor
    #: [S, 3] int64: start and end of each span in the row, and its parent.
    spans: Tensor

    def to(self, device: torch.device | str) -> RowBatch:
        """Return the same row on another device."""
        return RowBatch(*(tensor.to(device) for tensor in vars(self).values()))


def to_batch(row: Row) -> RowBatch:
    """Turn a row into tensors. Raises ValueError for a target without a token before it, and for a span that comes before its parent."""
    starts, positions = _places(row)
    span_of = torch.tensor([index for index, span in enumerate(row.spans) for _ in span.tokens])
    sees = _ancestors(row)
    mask = sees[span_of][:, span_of].tril()
    predictors: list[int] = []
    labels: list[int] = []
    owners: list[int] = []
    for index, span in enumerate(row.spans):
        if not span.is_target or not span.tokens:
            continue
        if span.parent < 0:
            raise ValueError("a target needs a token before it")
        before = starts[span.parent] + len(row.spans[span.parent].tokens) - 1
        predictors.extend([before, *range(starts[index], starts[index] + len(span.tokens) - 1)])
        labels.extend(span.tokens)
        owners.extend([index] * len(span.tokens))
    return RowBatch(
        input_ids=torch.tensor([[token for span in row.spans for token in span.tokens]]),
        position_ids=torch.tensor([positions]),
        attention_mask=mask[None, None],
        predictors=torch.tensor(predictors, dtype=torch.int64),
        labels=torch.tensor(labels, dtype=torch.int64),
        span_of_target=torch.tensor(owners, dtype=torch.int64),
        spans=torch.tensor([[start, start + len(span.tokens), span.parent] for start, span in zip(starts, row.spans, strict=True)]),
    )


def _places(row: Row) -> tuple[list[int], list[int]]:
    """Return where each span starts in the row, and the position of every token."""
    starts: list[int] = []
    ends: list[int] = []
    positions: list[int] = []
    at = 0
    for index, span in enumerate(row.spans):
        if span.parent >= index:
            raise ValueError("a span comes after its parent")
        if span.parent >= 0 and not row.spans[span.parent].tokens:
            raise ValueError("a parent has at least one token")
        first = ends[span.parent] if span.parent >= 0 else 0
        starts.append(at)
        ends.append(first + len(span.tokens))
        positions.extend(range(first, first + len(span.tokens)))
        at += len(span.tokens)
    return starts, positions


def _ancestors(row: Row) -> Tensor:
    """[S, S] bool: True where a span (row) hangs on another (column) or is it."""
    sees = torch.eye(len(row.spans), dtype=torch.bool)
    for index, span in enumerate(row.spans):
        if span.parent >= 0:
            sees[index] |= sees[span.parent]
    return sees
