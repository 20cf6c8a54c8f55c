from __future__ import annotations

import threading

import pytest

from joinery_trainer.stages.working_clock import WorkingClock


class Hands:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


@pytest.mark.parametrize(
    ("gaps", "worked"),
    [
        ((), 0),
        ((1, 1, 1), 3),
        ((4.5, 0, 0.25), 4.75),
        # An hour of pause counts as the longest time between two looks.
        ((1, 3600, 1), 7),
        ((6, 6), 10),
        # A clock that was put back takes nothing away.
        ((2, -50, 2), 4),
    ],
)
def test_time_between_looks_counts_up_to_a_bound(gaps: tuple[float, ...], worked: float) -> None:
    hands = Hands()
    clock = WorkingClock(hands, beat=0)
    for gap in gaps:
        hands.at += gap
        clock()
    assert clock() == pytest.approx(worked)


def test_it_looks_by_itself_and_no_longer_than_it_is_needed() -> None:
    looks = []
    three = threading.Event()

    def now() -> float:
        looks.append(1)
        if len(looks) == 3:
            three.set()
        return 0.0

    before = set(threading.enumerate())
    clock = WorkingClock(now, beat=0.001)
    (thread,) = set(threading.enumerate()) - before
    assert three.wait(30)
    del clock
    thread.join(30)
    assert not thread.is_alive()
