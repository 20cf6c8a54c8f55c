"""
Attention of a packed row on a CPU, over what its tokens see and nothing else. A general kernel computes every pair of a row and masks most of them
away: in a row of one schema and eight questions two thirds. Here each block of the row (a piece of the schema, a question with its answers) is
multiplied with the tokens that all of it sees and with itself. Scores and their softmax are in float32, products in the numbers of the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

#: What models are told as `attn_implementation`.
TREE_ATTENTION = "joinery_tree"
#: Tokens of a piece of the root: smaller ones mask less away, larger ones multiply faster.
_PIECE = 256


@dataclass(frozen=True)
class Block:
    """Tokens ``start`` to ``end`` of a row. All of them see its first ``seen`` tokens, and nothing else outside of the block."""

    start: int
    end: int
    seen: int
    #: [n, n] bool, True where a token (row) of the block does not see another (column); None where each sees those before it.
    hidden: Tensor | None = None


def blocks_of(spans: Sequence[tuple[int, int, int]]) -> tuple[Block, ...]:
    """Return the blocks of a row whose spans are given as start, end and index of the parent (-1 for none), in their order."""
    has_root = len(spans) > 0 and spans[0][2] < 0 and all(parent >= 0 for _, _, parent in spans[1:])
    root = spans[0][1] if has_root else 0
    pieces = [Block(start, min(start + _PIECE, root), start) for start in range(0, root, _PIECE)]
    first = 1 if has_root else 0
    return (*pieces, *(_block(spans, members, root) for members in _branches(spans, first) if spans[members[-1]][1] > spans[members[0]][0]))


def _branches(spans: Sequence[tuple[int, int, int]], first: int) -> list[range]:
    """Return runs of spans that hang together. Those of two branches that lie in each other are one run."""
    runs: list[range] = []
    for index in range(first, len(spans)):
        parent = spans[index][2]
        at = next((at for at, run in enumerate(runs) if parent in run), len(runs)) if parent >= first else len(runs)
        runs[at:] = [range(runs[at].start if at < len(runs) else index, index + 1)]
    return runs


def _block(spans: Sequence[tuple[int, int, int]], members: range, root: int) -> Block:
    start, end = spans[members[0]][0], spans[members[-1]][1]
    if all(spans[index][2] == index - 1 for index in members[1:]):
        return Block(start, end, root)
    sees = torch.zeros(end - start, end - start, dtype=torch.bool)
    for index in members:
        rows = slice(spans[index][0] - start, spans[index][1] - start)
        at = index
        while at in members:
            sees[rows, spans[at][0] - start : spans[at][1] - start] = True
            at = spans[at][2]
    return Block(start, end, root, ~sees.tril())


def tree_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    *,
    tree: tuple[Block, ...] | None = None,
    scaling: float | None = None,
    **more: object,
) -> tuple[Tensor, None]:
    """Attention as transformers calls it: query [1, H, T, D], key and value [1, K, T, D], H a multiple of K; returns [1, T, H, D].

    Without a ``tree``, as in generation and on a GPU, it is PyTorch's own with the mask.
    """
    if tree is None:
        return sdpa_attention_forward(module, query, key, value, attention_mask, scaling=scaling, **more)
    scale = scaling if scaling is not None else query.shape[-1] ** -0.5
    out: Tensor = _TreeAttention.apply(query.to(value.dtype), key.to(value.dtype), value, tree, scale)  # type: ignore[no-untyped-call]
    return out, None


AttentionInterface.register(TREE_ATTENTION, tree_attention)
AttentionMaskInterface.register(TREE_ATTENTION, sdpa_mask)


class _TreeAttention(torch.autograd.Function):
    """Keeps the probabilities, which are few, instead of computing them again."""

    @staticmethod
    def forward(ctx: FunctionCtx, query: Tensor, key: Tensor, value: Tensor, tree: tuple[Block, ...], scale: float) -> Tensor:
        ctx.tree, ctx.scale = tree, scale
        heads, count = query.shape[1], key.shape[1]
        out = torch.empty(query.shape[0], query.shape[2], query.shape[1], query.shape[3], dtype=query.dtype)
        kept: list[Tensor] = []
        with torch.autocast("cpu", enabled=False):
            wide_key = key[0].float()
            for block in tree:
                scores = (_rows(query, block, count).float() * scale) @ _seen(wide_key, block).transpose(1, 2)
                _hide(scores, block)
                probabilities = torch.softmax(scores, dim=-1).to(query.dtype)
                answer = probabilities @ _seen(value[0], block)
                out[0, block.start : block.end] = answer.view(heads, -1, query.shape[3]).transpose(0, 1)
                kept.append(probabilities)
        ctx.save_for_backward(query, key, value, *kept)
        return out

    @staticmethod
    def backward(ctx: FunctionCtx, *gradients: Tensor) -> tuple[Tensor, Tensor, Tensor, None, None]:
        query, key, value, *kept = ctx.saved_tensors
        heads, count = query.shape[1], key.shape[1]
        back = gradients[0].transpose(1, 2)
        to_query = torch.empty_like(query)
        to_key = torch.zeros(key.shape[1:], dtype=torch.float32)
        to_value = torch.zeros(value.shape[1:], dtype=torch.float32)
        with torch.autocast("cpu", enabled=False):
            for block, probabilities in zip(ctx.tree, kept, strict=True):
                rows = _rows(back, block, count)
                _add(to_value, block, probabilities.transpose(1, 2) @ rows)
                to_probabilities = rows @ _seen(value[0], block).transpose(1, 2)
                to_scores = torch._softmax_backward_data(to_probabilities, probabilities, -1, probabilities.dtype)
                answer = (to_scores @ _seen(key[0], block)).mul_(ctx.scale)
                to_query[0, :, block.start : block.end] = answer.view(heads, -1, query.shape[3])
                _add(to_key, block, (to_scores.transpose(1, 2) @ _rows(query, block, count)).mul_(ctx.scale))
        return to_query, to_key[None].to(key.dtype), to_value[None].to(value.dtype), None, None


def _rows(heads: Tensor, block: Block, count: int) -> Tensor:
    """[K, H / K · n, D] of heads [1, H, T, D]: the n tokens of a block in all heads that share one of K keys, below each other."""
    return heads[0, :, block.start : block.end].reshape(count, -1, heads.shape[3])


def _hide(scores: Tensor, block: Block) -> None:
    """Take out of scores [K, H / K · n, seen + n] what a token does not see of its own block."""
    length = block.end - block.start
    hidden = torch.ones(length, length, dtype=torch.bool).triu(1) if block.hidden is None else block.hidden
    own = scores.view(scores.shape[0], -1, length, scores.shape[2])[..., block.seen :]
    own.masked_fill_(hidden, float("-inf"))


def _seen(heads: Tensor, block: Block) -> Tensor:
    """[K, seen + n, D]: what a block sees before it, and itself."""
    if block.seen == block.start:
        return heads[:, : block.end]
    return torch.cat([heads[:, : block.seen], heads[:, block.start : block.end]], dim=1)


def _add(total: Tensor, block: Block, part: Tensor) -> None:
    total[:, : block.seen] += part[:, : block.seen]
    total[:, block.start : block.end] += part[:, block.seen :]
