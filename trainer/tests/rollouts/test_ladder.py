"""The ladder starts easy, rises where there is something to learn, and comes back from what is too hard."""

from __future__ import annotations

import pytest

from joinery_trainer.rollouts.ladder import Ladder, rank_of


@pytest.mark.parametrize(
    ("level", "gold", "rank"),
    [
        ("easy", "", 0),
        ("Simple", "", 0),
        ("moderate", "", 1),
        ("hard", "", 2),
        ("challenging", "", 2),
        ("Highly Complex", "", 3),
        ("", "SELECT a FROM t", 0),
        ("unheard of", "SELECT a FROM t", 0),
        ("", "SELECT a, b, count(*) FROM t JOIN u ON t.i = u.i WHERE a > 1 GROUP BY a, b", 2),
        ("", "this is no statement (", 3),
    ],
)
def test_questions_have_a_rank(level: str, gold: str, rank: int) -> None:
    assert rank_of(level, gold) == rank


@pytest.mark.parametrize(
    ("seen", "top"),
    [
        ([], 0),
        ([(0, 0.5)] * 3, 0),  # the window is not full
        ([(0, 0.5)] * 4, 1),
        ([(0, 0.1)] * 4, 1),
        ([(0, 0.05)] * 40, 0),  # too hard, and nothing easier to go to
        ([(0, 1.0)] * 2, 1),  # mastered: half a window says enough
        ([(0, 0.9)] * 2, 0),
        ([(1, 1.0)] * 40, 0),  # of another level
        ([(0, 0.5)] * 8, 1),  # what is below the newest level no longer counts
        ([(0, 0.5)] * 4 + [(1, 0.4)] * 4, 3),  # there is no level 2
        ([(0, 0.5)] * 4 + [(1, 0.0)] * 4, 0),
        ([(0, 0.5)] * 4 + [(1, 0.0)] * 4 + [(0, 0.5)] * 4, 1),
        ([(0, 1.0)] * 4 + [(1, 1.0)] * 4 + [(3, 1.0)] * 40, 3),
        ([(0, 0.0)] * 4 + [(0, 0.5)] * 4, 1),  # only the last window counts
    ],
)
def test_the_ladder(seen: list[tuple[int, float]], top: int) -> None:
    ladder = Ladder([3, 0, 1, 1], window=4)
    for rank, success in seen:
        ladder.observe(rank, success)
    assert ladder.top == top
    assert ladder.open == tuple(rank for rank in (0, 1, 3) if rank <= top)


def test_a_restored_ladder_goes_on_where_it_was() -> None:
    seen = [(0, 0.5)] * 4 + [(1, 0.3)] * 3
    ladder, other = Ladder([0, 1, 2], window=4), Ladder([0, 1, 2], window=4)
    for rank, success in seen:
        ladder.observe(rank, success)
    other.restore(ladder.state())
    for each in (ladder, other):
        each.observe(1, 0.3)
    assert ladder.top == other.top == 2
    other.restore({"top": 9, "seen": []})
    assert other.top == 0


def test_a_ladder_has_a_rank() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Ladder([])
