from __future__ import annotations

import pytest

from joinery_trainer.evaluate.bootstrap import paired_gain


def test_the_same_answers_gain_nothing() -> None:
    found = paired_gain([True, False] * 50, [True, False] * 50)
    assert (found.before, found.after, found.gain, found.low, found.high) == (0.5, 0.5, 0, 0, 0)
    assert not found.is_certain


def test_all_won_is_certain() -> None:
    found = paired_gain([False, False], [True, True])
    assert (found.low, found.high) == (1, 1)
    assert found.is_certain


def test_the_interval_is_that_of_the_normal_law() -> None:
    # 40 won, 20 lost of 200: mean 0.1, variance (60 - 200 * 0.01) / 200 = 0.29, so 1.96 * sqrt(0.29 / 200) = 0.0746
    before = [False] * 40 + [True] * 20 + [True] * 140
    after = [True] * 40 + [False] * 20 + [True] * 140
    found = paired_gain(before, after)
    assert found.gain == pytest.approx(0.1)
    assert found.low == pytest.approx(0.1 - 0.0746, abs=0.011)
    assert found.high == pytest.approx(0.1 + 0.0746, abs=0.011)


def test_few_questions_are_not_certain() -> None:
    assert not paired_gain([False, True, True], [True, True, False]).is_certain


def test_same_seed_same_interval() -> None:
    before, after = [True, False, False, True] * 9, [True, True, False, False] * 9
    assert paired_gain(before, after, seed=4) == paired_gain(before, after, seed=4)


@pytest.mark.parametrize(("before", "after"), [([], []), ([True], [True, False])])
def test_what_cannot_be_compared_is_refused(before: list[bool], after: list[bool]) -> None:
    with pytest.raises(ValueError, match="same questions"):
        paired_gain(before, after)
