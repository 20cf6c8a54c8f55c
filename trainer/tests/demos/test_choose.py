"""T5: examples are shown where questions kept apart gain from them, and only then; no question ever sees its own answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from joinery_trainer.data.pairs import Pair
from joinery_trainer.demos.asking import Answers, Asked, pair_id
from joinery_trainer.demos.choose import Outcome, Trial, choose_examples, halves, same_question
from joinery_trainer.stages.demos_settings import DemosSettings
from joinery_trainer.stages.errors import BAD_RECIPE, StageError
from tests.demos.fake_asker import FakeAsker, kind_of, pairs_of

KINDS = ["count", "average", "list"]
PLAIN = DemosSettings(workspace=Path("w"), out=Path("o"), model="m", tries=0)


def choose(asker: FakeAsker, pairs: Sequence[Pair], tmp_path: Path, **more: object) -> Outcome:
    settings = replace(PLAIN, **more)
    trial = Trial(Answers(asker, tmp_path / "answers.jsonl"), {pair_id(pair): pair for pair in pairs}, asker.alike(pairs, pairs), settings)
    return choose_examples(trial, pairs)


def taught(question: Pair, shown: Sequence[Pair]) -> bool:
    """One kind is known anyway; the others need an example of their kind, and the pair number 0 misleads."""
    if any(pair.question.split()[1] == "0" for pair in shown):
        return False
    return kind_of(question) == "list" or any(kind_of(pair) == kind_of(question) for pair in shown)


def test_what_helps_is_kept_and_what_misleads_is_not(tmp_path: Path) -> None:
    pairs = pairs_of(tmp_path / "d.db", KINDS, 8)
    asker = FakeAsker(taught)
    outcome = choose(asker, pairs, tmp_path)
    assert outcome.kind == "chosen"
    # A question whose own pair was kept goes without it.
    assert outcome.over_none.after >= 1 - len(outcome.pairs) / outcome.over_none.questions
    assert outcome.over_none.gain > 0.3
    assert outcome.over_none.is_certain
    assert outcome.over_random.gain >= 0.03
    names = {pair_id(pair): pair for pair in pairs}
    kept = [names[name] for name in outcome.pairs]
    assert {kind_of(pair) for pair in kept} >= {"count", "average"}
    assert not any(pair.question.split()[1] == "0" for pair in kept)
    assert set(outcome.measured) == set(names)
    rights = [right for _, right in outcome.steps]
    assert rights == sorted(set(rights))  # every step makes more questions right


def test_fewer_are_shown_when_fewer_are_better(tmp_path: Path) -> None:
    def crowded(question: Pair, shown: Sequence[Pair]) -> bool:
        return len(shown) == 1 and kind_of(shown[0]) == kind_of(question)

    outcome = choose(FakeAsker(crowded), pairs_of(tmp_path / "d.db", KINDS, 8), tmp_path)
    assert (outcome.kind, outcome.most) == ("all", 1)
    assert outcome.over_random.gain >= 0.03


@pytest.mark.parametrize(
    "rule",
    [
        lambda question, shown: True,
        lambda question, shown: False,
        lambda question, shown: not shown,
        lambda question, shown: kind_of(question) == "list",
    ],
)
def test_examples_that_do_not_help_are_switched_off(tmp_path: Path, rule: object) -> None:
    outcome = choose(FakeAsker(rule), pairs_of(tmp_path / "d.db", KINDS, 8), tmp_path)  # type: ignore[arg-type]
    assert (outcome.kind, outcome.most, outcome.pairs) == ("off", 0, ())
    assert len(outcome.measured) == 24


def test_a_choice_that_is_no_better_than_chance_is_switched_off_unless_none_is_what_counts(tmp_path: Path) -> None:
    def any_will_do(question: Pair, shown: Sequence[Pair]) -> bool:
        return bool(shown)

    pairs = pairs_of(tmp_path / "d.db", KINDS, 8)
    assert choose(FakeAsker(any_will_do), pairs, tmp_path).kind == "off"
    outcome = choose(FakeAsker(any_will_do), pairs, tmp_path, over="none")
    assert outcome.kind == "chosen"
    assert outcome.over_none.gain > 0.9
    assert outcome.over_random.gain <= 0


def test_all_pairs_stay_where_only_all_of_them_help(tmp_path: Path) -> None:
    """A single pair of a kind changes nothing; two beside each other do: the search, one at a time, does not get there."""

    def two_of_a_kind(question: Pair, shown: Sequence[Pair]) -> bool:
        return sum(kind_of(pair) == kind_of(question) for pair in shown) >= 2

    outcome = choose(FakeAsker(two_of_a_kind), pairs_of(tmp_path / "d.db", KINDS, 8), tmp_path)
    assert outcome.kind == "all"
    assert outcome.most >= 2
    assert outcome.pairs == outcome.measured


def test_no_question_sees_its_own_answer(tmp_path: Path) -> None:
    asker = FakeAsker(taught)
    pairs = pairs_of(tmp_path / "d.db", KINDS, 8)
    twins = [replace(pair, id=f"{pair.id}-twin", question=f"{pair.question.upper()}?", sql=f"{pair.sql} ") for pair in pairs[:6]]
    choose(asker, [*pairs, *twins], tmp_path)
    assert asker.asked
    assert not [one for one in asker.asked for shown in one.shown if same_question(shown, one.question)]


def test_the_half_that_measures_is_not_seen_by_the_search(tmp_path: Path) -> None:
    pairs = pairs_of(tmp_path / "d.db", KINDS, 8)
    _, measuring = halves(pairs, PLAIN.seed)
    asker = FakeAsker(lambda question, shown: question in measuring and bool(shown))
    outcome = choose(asker, pairs, tmp_path)
    assert outcome.kind == "off"  # what helps there alone cannot be found
    assert [right for _, right in outcome.steps] == [0]


@pytest.mark.parametrize("asks", [97, 140, 200])
def test_the_budget_holds(tmp_path: Path, asks: int) -> None:
    pairs = pairs_of(tmp_path / "d.db", KINDS, 8)
    asker = FakeAsker(taught)
    outcome = choose(asker, pairs, tmp_path, asks=asks)
    assert len(asker.asked) == outcome.asked <= asks
    assert len({one.key for one in asker.asked}) == len(asker.asked)


def test_a_budget_without_a_measurement_is_refused(tmp_path: Path) -> None:
    asker = FakeAsker(taught)
    with pytest.raises(StageError, match="need at least 96") as caught:
        choose(asker, pairs_of(tmp_path / "d.db", KINDS, 8), tmp_path, asks=95)
    assert caught.value.code == BAD_RECIPE
    assert not asker.asked


def test_resumed_equals_uninterrupted(tmp_path: Path) -> None:
    pairs = pairs_of(tmp_path / "d.db", KINDS, 8)
    whole = choose(first := FakeAsker(taught), pairs, tmp_path / ".", asks=300)
    (tmp_path / "answers.jsonl").unlink()
    for call in range(1, first.calls + 1):
        with pytest.raises(KeyboardInterrupt):
            choose(FakeAsker(taught, fail_at=2), pairs, tmp_path, asks=300)
        if call == 2:
            with (tmp_path / "answers.jsonl").open("a", encoding="utf-8") as file:
                file.write('{"asked": ["torn')
            break
    resumed = FakeAsker(taught)
    assert choose(resumed, pairs, tmp_path, asks=300) == whole
    assert 0 < len(resumed.asked) < len(first.asked)


def test_halves_keep_equal_statements_together() -> None:
    questions = [Pair(str(at), "d", None, f"q{at}", f"SELECT {at // 3}", "x") for at in range(30)]
    one, other = halves(questions, 1)
    assert sorted(pair.id for pair in [*one, *other]) == sorted(pair.id for pair in questions)
    assert not {pair.sql for pair in one} & {pair.sql for pair in other}
    assert abs(len(one) - len(other)) <= 3


def test_ids_are_those_of_the_extension() -> None:
    def named(question: str, sql: str) -> str:
        return pair_id(Pair("1", "d", None, question, sql, "x"))

    assert named("How many singers are there?", "SELECT COUNT(*) FROM singer") == "b12738c34efeabad"
    assert named("Größe?", "SELECT 'ß'") == "9611080e7f6ec3cc"


def test_an_answer_is_asked_once_and_kept(tmp_path: Path) -> None:
    pair, example = pairs_of(tmp_path / "d.db", ["count"], 2)
    asker = FakeAsker(lambda question, shown: bool(shown))
    answers = Answers(asker, tmp_path / "a.jsonl")
    wanted = [Asked(pair, ()), Asked(pair, (example,)), Asked(pair, ())]
    assert answers.results(wanted) == [False, True, False]
    assert (len(asker.asked), answers.used, answers.cost(wanted)) == (2, 2, 0)
    assert Answers(asker, tmp_path / "a.jsonl").results(wanted) == [False, True, False]
    assert len(asker.asked) == 2
    assert len((tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    assert json.loads((tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()[1])["right"] is True


def test_many_questions_are_a_part_of_them(tmp_path: Path) -> None:
    asker = FakeAsker(taught)
    outcome = choose(asker, pairs_of(tmp_path / "d.db", KINDS, 20), tmp_path, most_questions=20, tries=4, asks=400)
    assert outcome.over_none.questions == 10
    assert len({one.question.id for one in asker.asked}) == 20
    assert len(outcome.measured) == 60  # every pair may be shown all the same
    assert outcome.kind == "chosen"
