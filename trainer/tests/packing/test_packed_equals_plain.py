from __future__ import annotations

import random

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: the stages of training need it", exc_type=ImportError)

from joinery_trainer.packing.batch import to_batch  # noqa: E402
from joinery_trainer.packing.forward import sum_by_span, target_logprobs  # noqa: E402
from joinery_trainer.packing.rows import Example, Row, Span, make_row, pack, plain_rows  # noqa: E402
from joinery_trainer.packing.tree_attention import TREE_ATTENTION  # noqa: E402
from tests.torch_models import minute_model  # noqa: E402


def some_examples(count: int, answers: int = 1) -> tuple[list[Example], dict[str, tuple[int, ...]]]:
    chance = random.Random(5)

    def tokens(most: int) -> tuple[int, ...]:
        return tuple(chance.randrange(259) for _ in range(chance.randint(1, most)))

    prefixes = {"a": tokens(30), "b": tokens(30)}
    return [Example(f"q{at}", "ab"[at % 2], tokens(9), tuple(tokens(8) for _ in range(answers))) for at in range(count)], prefixes


def logprobs_by_key(rows: list[Row]) -> dict[str, list[float]]:
    model = minute_model().eval()
    model.set_attn_implementation(TREE_ATTENTION)
    found: dict[str, list[float]] = {}
    for row in rows:
        batch = to_batch(row)
        with torch.no_grad():
            values = target_logprobs(model, batch)
        for index, key in enumerate(row.keys):
            if row.spans[index].is_target:
                found[key] = values[batch.span_of_target == index].tolist()
    return found


def test_packed_rows_give_the_same_losses_per_token() -> None:
    examples, prefixes = some_examples(12)
    packed = pack(examples, prefixes, max_tokens=120, max_examples=6, seed=1)
    together, alone = logprobs_by_key(list(packed.rows)), logprobs_by_key(plain_rows(examples, prefixes))
    assert together.keys() == alone.keys()
    for key, values in alone.items():
        assert together[key] == pytest.approx(values, abs=1e-4)


def test_answers_of_a_group_do_not_see_each_other() -> None:
    examples, prefixes = some_examples(2, answers=4)
    grouped = logprobs_by_key([make_row(prefixes[one.prefix_key], [one]) for one in examples])
    for one in examples:
        for at, answer in enumerate(one.answers):
            alone = logprobs_by_key([make_row(prefixes[one.prefix_key], [Example(one.key, one.prefix_key, one.question, (answer,))])])
            assert grouped[f"{one.key}/{at}"] == pytest.approx(alone[f"{one.key}/0"], abs=1e-4)


def test_the_mask_hides_siblings_and_the_future() -> None:
    row = make_row((1, 2), [Example("a", "p", (3,), ((4, 5),)), Example("b", "p", (6,), ((7,),))])
    batch = to_batch(row)
    mask = batch.attention_mask[0, 0].int().tolist()
    assert mask == [
        [1, 0, 0, 0, 0, 0, 0],
        [1, 1, 0, 0, 0, 0, 0],
        [1, 1, 1, 0, 0, 0, 0],
        [1, 1, 1, 1, 0, 0, 0],
        [1, 1, 1, 1, 1, 0, 0],
        [1, 1, 0, 0, 0, 1, 0],
        [1, 1, 0, 0, 0, 1, 1],
    ]
    assert batch.position_ids[0].tolist() == [0, 1, 2, 3, 4, 2, 3]
    assert batch.predictors.tolist() == [2, 3, 5]
    assert batch.labels.tolist() == [4, 5, 7]


def test_sums_by_span() -> None:
    row = make_row((1,), [Example("a", "p", (3,), ((4, 5), (6,)))])
    assert sum_by_span(torch.tensor([1.0, 2.0, 5.0]), to_batch(row), len(row.spans)).tolist() == [0, 0, 3, 5]


@pytest.mark.parametrize(
    ("spans", "message"),
    [
        ((Span((1,), -1, is_target=True),), "a token before"),
        ((Span((1,), 1), Span((2,), -1)), "after its parent"),
        ((Span((), -1), Span((2,), 0, is_target=True)), "at least one token"),
    ],
)
def test_malformed_rows_are_refused(spans: tuple[Span, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        to_batch(Row(spans, tuple(map(str, range(len(spans))))))
