from __future__ import annotations

import pytest

from joinery_trainer.packing.rows import Example, make_row, pack, plain_rows


def example(key: str, prefix: str = "a", question: int = 3, answer: int = 2) -> Example:
    return Example(key, prefix, tuple(range(question)), (tuple(range(answer)),))


def test_a_row_shares_its_prefix_and_bounds_its_tokens() -> None:
    examples = [example(str(at)) for at in range(10)]
    packed = pack(examples, {"a": range(7)}, max_tokens=7 + 4 * 5, max_examples=16, seed=1)
    assert sorted(len(row) for row in packed.rows) == [7 + 2 * 5, 7 + 4 * 5, 7 + 4 * 5]
    assert sum(len(row) for row in packed.rows) == 3 * 7 + 10 * 5
    assert sum(row.targets for row in packed.rows) == 20
    assert sum(len(row) for row in plain_rows(examples, {"a": range(7)})) == 10 * 12


def test_groups_are_even() -> None:
    packed = pack([example(str(at)) for at in range(9)], {"a": range(7)}, max_tokens=1000, max_examples=8, seed=1)
    assert sorted(sum(span.is_target for span in row.spans) for row in packed.rows) == [4, 5]


def test_every_example_is_in_one_row_or_named() -> None:
    examples = [example(str(at), "ab"[at % 2], question=at) for at in range(1, 20)]
    packed = pack(examples, {"a": range(5), "b": range(9)}, max_tokens=24, max_examples=4, seed=3)
    placed = [key.removesuffix("/0") for row in packed.rows for key in row.keys if key.endswith("/0")]
    assert sorted([*placed, *packed.too_long], key=int) == [str(at) for at in range(1, 20)]
    assert set(packed.too_long) == {"18", "15", "17", "19"}  # 5 + 18 + 2 and 9 + 15 + 2 are more than 24


def test_same_seed_same_rows() -> None:
    examples = [example(str(at), question=at % 5 + 1) for at in range(40)]
    rows = [pack(examples, {"a": range(5)}, max_tokens=60, max_examples=6, seed=seed).rows for seed in (1, 1, 2)]
    assert rows[0] == rows[1] != rows[2]


def test_answers_of_one_question_share_it() -> None:
    row = make_row((1, 2), [Example("q", "a", (3, 4), ((5,), (6, 7)))])
    assert [(span.parent, span.is_target) for span in row.spans] == [(-1, False), (0, False), (1, True), (1, True)]
    assert row.keys == ("prefix", "q/question", "q/0", "q/1")


def test_limits_are_checked() -> None:
    with pytest.raises(ValueError, match="room"):
        pack([], {}, max_tokens=0, max_examples=1, seed=1)
