"""
Runs a causal model over a packed row and returns what it thinks of the targets. Logits exist at targets only: with a vocabulary of 151,936 they
are what fills the memory.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from joinery_trainer.packing.batch import RowBatch
from joinery_trainer.packing.tree_attention import Block, blocks_of


def target_logits(model: nn.Module, batch: RowBatch) -> Tensor:
    """Return logits [N, V] in float32 at the N targets. Any transformers causal model that takes a 4-D mask and `logits_to_keep` will do."""
    output = model(
        input_ids=batch.input_ids,
        position_ids=batch.position_ids,
        attention_mask=batch.attention_mask,
        logits_to_keep=batch.predictors,
        use_cache=False,
        tree=_tree(batch),
    )
    logits: Tensor = output.logits[0]
    return logits.float()


def _tree(batch: RowBatch) -> tuple[Block, ...] | None:
    """Return what `tree_attention` goes by; None where kernels with a mask are faster."""
    if batch.input_ids.device.type != "cpu":
        return None
    return blocks_of([(start, end, parent) for start, end, parent in batch.spans.tolist()])


def target_logprobs(model: nn.Module, batch: RowBatch) -> Tensor:
    """Return log-probabilities [N] of the targets."""
    logits = target_logits(model, batch)
    chosen = logits.gather(1, batch.labels[:, None])[:, 0]
    return chosen - torch.logsumexp(logits, dim=1)


def sum_by_span(values: Tensor, batch: RowBatch, spans: int) -> Tensor:
    """Return the sums [S] of values [N] over the targets of each of ``spans`` spans; 0 for a span without targets."""
    return torch.zeros(spans, dtype=values.dtype, device=values.device).index_add(0, batch.span_of_target, values)
