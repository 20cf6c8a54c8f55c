"""An asker without a model: an answer is right when its question is known anyway, or when an example that teaches its kind is shown with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from joinery_trainer.data.pairs import Pair
from joinery_trainer.demos.asking import Asked, pair_id
from joinery_trainer.demos.choose import same_question


class FakeAsker:
    """``right_when`` says whether an answer is right; ``fail_at`` ends that call of `right` as Ctrl-C would."""

    def __init__(self, right_when: Callable[[Pair, Sequence[Pair]], bool], fail_at: int = 0) -> None:
        self.right_when = right_when
        self.fail_at = fail_at
        self.calls = 0
        self.asked: list[Asked] = []

    def alike(self, questions: Sequence[Pair], pairs: Sequence[Pair]) -> Mapping[str, Sequence[str]]:
        def order(question: Pair, pair: Pair) -> tuple[int, str]:
            return (-len(set(question.question.split()) & set(pair.question.split())), pair.id)

        return {
            question.id: [pair_id(pair) for pair in sorted(pairs, key=lambda one: order(question, one)) if not same_question(pair, question)]
            for question in questions
        }

    def right(self, asked: Sequence[Asked]) -> list[bool]:
        self.calls += 1
        if self.calls == self.fail_at:
            raise KeyboardInterrupt
        self.asked.extend(asked)
        return [self.right_when(one.question, one.shown) for one in asked]


def kind_of(pair: Pair) -> str:
    return pair.question.split()[0]


def pairs_of(database: Path, kinds: Sequence[str], each: int) -> list[Pair]:
    """Questions such as "count 3 of singers": the first word is the kind, and every statement is another one."""
    return [
        Pair(
            f"{kind}-{at}",
            database.stem,
            database,
            f"{kind} {at} of singers",
            f"SELECT {number * 100 + at} AS {kind} FROM singer LIMIT 1",
            "accepted",
        )
        for number, kind in enumerate(kinds)
        for at in range(each)
    ]
