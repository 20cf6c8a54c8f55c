from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: the stages of training need it", exc_type=ImportError)

from torch import Tensor  # noqa: E402
from transformers.integrations.sdpa_attention import sdpa_attention_forward  # noqa: E402

from joinery_trainer.packing.batch import to_batch  # noqa: E402
from joinery_trainer.packing.rows import Row, Span  # noqa: E402
from joinery_trainer.packing.tree_attention import Block, blocks_of, tree_attention  # noqa: E402

HEADS, SHARED, WIDTH = 6, 2, 8


def row_of(lengths: Sequence[int], parents: Sequence[int]) -> Row:
    spans = tuple(Span(tuple(range(length)), parent) for length, parent in zip(lengths, parents, strict=True))
    return Row(spans, tuple(str(at) for at in range(len(spans))))


def blocks(row: Row) -> tuple[Block, ...]:
    return blocks_of([(start, end, parent) for start, end, parent in to_batch(row).spans.tolist()])


TREES = {
    "a prefix, questions with one answer": row_of([7, 3, 4, 2, 5], [-1, 0, 1, 0, 3]),
    "a prefix of several pieces": row_of([600, 3, 4, 2, 5], [-1, 0, 1, 0, 3]),
    "several answers to a question": row_of([7, 3, 4, 4, 4, 2, 5], [-1, 0, 1, 1, 1, 0, 5]),
    "no prefix": row_of([3, 4, 2, 5], [-1, 0, -1, 2]),
    "a prefix alone": row_of([9], [-1]),
    "branches that lie in each other": row_of([4, 3, 2, 5, 1, 2], [-1, 0, 0, 1, 2, 0]),
    "an empty question": row_of([4, 2, 0, 3], [-1, 0, 0, 0]),
}


@pytest.mark.parametrize("name", TREES)
@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-5), ("bfloat16", 2e-2)])
def test_answers_and_gradients_are_those_of_the_mask(name: str, dtype: str, tolerance: float) -> None:
    row = TREES[name]
    batch = to_batch(row)
    draw = torch.Generator().manual_seed(3)

    def leaf(heads: int) -> Tensor:
        values = torch.randn(1, heads, len(row), WIDTH, generator=draw) * 2
        return values.to(getattr(torch, dtype)).requires_grad_()

    inputs = (leaf(HEADS), leaf(SHARED), leaf(SHARED))
    module = torch.nn.Module()
    module.num_key_value_groups = HEADS // SHARED  # type: ignore[assignment]
    back = torch.randn(1, len(row), HEADS, WIDTH, generator=draw).to(getattr(torch, dtype))
    found = []
    for tree in (None, blocks(row)):
        out, _ = tree_attention(module, *inputs, batch.attention_mask, tree=tree, scaling=0.3)
        gradients = torch.autograd.grad(out, inputs, back)
        found.append([out, *gradients])
    for wanted, got in zip(*found, strict=True):
        assert got.shape == wanted.shape
        assert (got.float() - wanted.float()).norm() <= tolerance * wanted.float().norm()


def test_scores_keep_their_precision_under_autocast() -> None:
    """Large scores in 16 bits are off by whole units: the softmax would be another one."""
    row = TREES["a prefix, questions with one answer"]
    draw = torch.Generator().manual_seed(4)
    query, key, value = (torch.randn(1, heads, len(row), WIDTH, generator=draw) * 12 for heads in (HEADS, SHARED, SHARED))
    module = torch.nn.Module()
    module.num_key_value_groups = HEADS // SHARED  # type: ignore[assignment]
    exact, _ = sdpa_attention_forward(module, query, key, value, to_batch(row).attention_mask, scaling=1.0)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        got, _ = tree_attention(module, query, key, value, None, tree=blocks(row), scaling=1.0)
    assert (got - exact).norm() <= 1e-2 * exact.norm()


def test_blocks_hold_what_hangs_together() -> None:
    shape = [(block.start, block.end, block.seen, block.hidden is None) for block in blocks(TREES["several answers to a question"])]
    assert shape == [(0, 7, 0, True), (7, 22, 7, False), (22, 29, 7, True)]
    pieces = [(block.start, block.end, block.seen) for block in blocks(TREES["a prefix of several pieces"])]
    assert pieces == [(0, 256, 0), (256, 512, 256), (512, 600, 512), (600, 607, 600), (607, 614, 600)]


def test_random_trees_see_what_the_mask_says() -> None:
    chance = random.Random(2)
    for _ in range(200):
        count = chance.randint(1, 7)
        row = row_of([chance.randint(1, 5) for _ in range(count)], [-1, *(chance.randrange(index) for index in range(1, count))])
        sees = torch.zeros(len(row), len(row), dtype=torch.bool)
        for block in blocks(row):
            own = torch.ones(block.end - block.start, block.end - block.start, dtype=torch.bool).tril() if block.hidden is None else ~block.hidden
            sees[block.start : block.end, : block.seen] = True
            sees[block.start : block.end, block.start : block.end] |= own
        assert torch.equal(sees, to_batch(row).attention_mask[0, 0])
