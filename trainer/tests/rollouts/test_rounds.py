"""Rounds keep the groups that teach, ask again for the others, and are the same when made again."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from joinery_trainer.prompts.exported import read_exported
from joinery_trainer.rewards.judge import Judge
from joinery_trainer.rewards.profile import audit_to
from joinery_trainer.rollouts.audit import drop_from, summarise_audit
from joinery_trainer.rollouts.ladder import Ladder
from joinery_trainer.rollouts.rewarding import Rewarding
from joinery_trainer.rollouts.rounds import Round, RoundPlan, Rounds
from joinery_trainer.rollouts.sampler import Prompt, Sampled, expand
from joinery_trainer.stages.errors import NO_DATA, StageError
from tests.rollouts_support import AGES, RIGHT, MadeUpSampler, age_of, mixed, write_questions

PLAN = RoundPlan(groups=2, answers=4, tries=3, together=1, temperature=1.0, max_tokens=60, seed=1)


def make(
    tmp_path: Path, database: Path, answer: Any = mixed, plan: RoundPlan = PLAN, ranks: tuple[int, ...] = (0,), **questions: Any
) -> tuple[Rounds, MadeUpSampler]:
    exported = read_exported([write_questions(tmp_path / "questions.jsonl", database, **questions)])
    sampler = MadeUpSampler(answer)
    rewarding = Rewarding("sqlr1", Judge(), audit=audit_to(tmp_path / "audit.jsonl"))
    return Rounds(plan, exported, exported.pairs, sampler, rewarding, Ladder(ranks, window=4)), sampler


def ids(made: Round) -> list[str]:
    return [group.pair.id for group in made.groups]


def test_a_round_has_groups_with_rewards(tmp_path: Path, database: Path) -> None:
    rounds, sampler = make(tmp_path, database)
    made = rounds.make(0, Path("adapter.gguf"))
    assert len(made.groups) == made.teaching == len(sampler.asked) == 2
    assert sampler.adapters == [Path("adapter.gguf")]
    for group in made.groups:
        assert sorted(group.rewards) == pytest.approx([-1, -1, 0, 7])
        assert [one.finding == "match" for one in group.earned] == [answer.text.endswith(str(group.pair.id[-2:])) for answer in group.answers]
        assert group.success == 0.25


def test_groups_that_teach_nothing_are_dropped_and_asked_for_again(tmp_path: Path, database: Path) -> None:
    dull = {30, 31, 40}
    rounds, sampler = make(tmp_path, database, lambda prompt, chance: [RIGHT.format(age=99)] if age_of(prompt) in dull else mixed(prompt, chance))
    for number in range(8):
        sampler.asked.clear()
        made = rounds.make(number, None)
        assert made.teaching == 2
        assert all(int(identity[-2:]) not in dull for identity in ids(made))
        assert len(sampler.asked) == len(set(sampler.asked)) == len(made.asked) >= 2


@pytest.mark.parametrize(("answers", "asked"), [(["no idea"], 6), ([RIGHT], 6), ([RIGHT, RIGHT + " "], 6)])
def test_a_round_without_anything_to_learn_is_filled_up(tmp_path: Path, database: Path, answers: list[str], asked: int) -> None:
    rounds, sampler = make(tmp_path, database, lambda prompt, _: [text.format(age=age_of(prompt)) for text in answers])
    made = rounds.make(0, None)
    assert (made.teaching, len(made.groups), len(sampler.asked)) == (0, 2, asked)


def test_the_same_number_gives_the_same_round_and_another_process_another(tmp_path: Path, database: Path) -> None:
    rounds, _ = make(tmp_path, database, databases=3)
    first = [rounds.make(number, None) for number in range(4)]
    again = [rounds.make(number, None) for number in range(4)]
    other = [rounds.make(number, None, process=1) for number in range(4)]
    assert [made.groups for made in first] == [made.groups for made in again]
    assert [ids(made) for made in first] != [ids(made) for made in other]


def test_questions_of_one_prefix_come_together(tmp_path: Path, database: Path) -> None:
    plan = RoundPlan(groups=6, answers=4, tries=3, together=3, temperature=1.0, max_tokens=60, seed=1)
    rounds, _ = make(tmp_path, database, plan=plan, databases=5)
    for number in range(6):
        keys = [group.pair.prefix_key for group in rounds.make(number, None).groups]
        assert keys == sorted(keys) and all(keys.count(key) % 3 == 0 for key in keys)


def test_only_open_levels_are_asked_and_what_is_learnt_opens_the_next(tmp_path: Path, database: Path) -> None:
    rounds, sampler = make(tmp_path, database, ranks=(0, 1), levels=("easy", "medium"))
    rounds.make(0, None)
    assert all("easy" in asked for asked in sampler.asked)
    rounds.make(1, None)
    assert rounds.ladder.top == 1
    sampler.asked.clear()
    for number in range(2, 30):
        rounds.make(number, None)
    share = sum("medium" in asked for asked in sampler.asked) / len(sampler.asked)
    assert 0.35 < share < 0.65


def test_dropped_groups_count_on_the_ladder_too(tmp_path: Path, database: Path) -> None:
    rounds, _ = make(tmp_path, database, lambda prompt, _: [RIGHT.format(age=age_of(prompt))], ranks=(0, 1), levels=("easy", "medium"))
    rounds.make(0, None)
    assert rounds.ladder.top == 1


def test_what_other_processes_saw_counts_too(tmp_path: Path, database: Path) -> None:
    rounds, _ = make(tmp_path, database, ranks=(0, 1), levels=("easy", "medium"))
    rounds.share = lambda seen: [*seen, *seen]
    rounds.make(0, None)
    assert rounds.ladder.top == 1


def test_questions_without_an_answer_are_counted_and_none_at_all_is_said(tmp_path: Path, database: Path) -> None:
    silent = {30, 31, 40, 42}
    rounds, _ = make(tmp_path, database, lambda prompt, chance: [] if age_of(prompt) in silent else mixed(prompt, chance))
    made = [rounds.make(number, None) for number in range(6)]
    assert sum(one.unanswered for one in made) > 0
    assert all(len(one.groups) == 2 for one in made)
    rounds, _ = make(tmp_path, database, lambda *_: [])
    with pytest.raises(StageError, match="answered none") as caught:
        rounds.make(0, None)
    assert caught.value.code == NO_DATA


def test_fewer_questions_than_groups_repeat(tmp_path: Path, database: Path) -> None:
    plan = RoundPlan(groups=8, answers=4, tries=2, together=2, temperature=1.0, max_tokens=60, seed=1)
    rounds, _ = make(tmp_path, database, plan=plan)
    made = rounds.make(0, None)
    assert len(made.groups) == 8 and len(set(ids(made))) == len(AGES)


@pytest.mark.parametrize(
    ("counts", "n", "texts"),
    [([2, 2], 4, "aabb"), ([1], 3, "aaa"), ([3, 2], 4, "aaab"), ([1, 1], 3, "aba"), ([], 3, ""), ([0, 2], 2, "bb")],
)
def test_answers_are_laid_out_as_often_as_they_were_drawn(counts: list[int], n: int, texts: str) -> None:
    answers = [Sampled(text, count) for text, count in zip("abc", counts, strict=False)]
    assert "".join(answer.text for answer in expand(answers, n)) == texts


def test_the_audit_says_what_paid(tmp_path: Path, database: Path) -> None:
    rounds, _ = make(tmp_path, database)
    rounds.make(0, None)
    rounds.make(1, None)
    path = tmp_path / "audit.jsonl"
    entries = [json.loads(line) for line in path.read_text().splitlines()]
    assert {"step", "question", "count", "answer", "finding", "format", "execution", "result", "length"} <= entries[0].keys()
    summary = summarise_audit(path)
    # A quarter right with 7, one wrong with 0, one that fails and one ill-formed with −1 each.
    assert summary["reward"]["mean"] == pytest.approx(1.25, abs=0.01)
    assert summary["reward"]["mean_when_wrong"] == pytest.approx(-2 / 3, abs=0.01)
    assert summary["result"]["correlation"] > 0.8 > summary["format"]["correlation"] > 0
    assert "clauses" not in summary
    with path.open("a") as file:
        file.write('{"step": 1, "cut')
    drop_from(path, 1)
    assert {json.loads(line)["step"] for line in path.read_text().splitlines()} == {0}
    assert summarise_audit(tmp_path / "absent.jsonl") == {}


def test_equal_answers_are_judged_once(tmp_path: Path, database: Path) -> None:
    rounds, _ = make(tmp_path, database, lambda prompt, chance: random.Random(1).sample([RIGHT.format(age=age_of(prompt)), "no"], 2))
    rounds.make(0, None)
    entries = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text().splitlines()]
    assert [entry["count"] for entry in entries] == [2] * 4


def test_a_plan_and_its_statement_are_rewarded_as_thought_and_answer(tmp_path: Path, database: Path) -> None:
    make(tmp_path, database)
    (pair, *_) = read_exported([tmp_path / "questions.jsonl"]).pairs
    statement = RIGHT.format(age=pair.id[-2:])
    texts = [f"1. Who is older?\n```sql\n{statement}", f"1. Who?\n```sql\n{statement} AND", statement, "1. Who?"]
    rewarding = Rewarding("sparse", Judge(), target="think")
    earned = rewarding.reward(pair, [Sampled(text) for text in texts], 0)
    assert [one.finding for one in earned] == ["match", "failed", "ill_formed", "ill_formed"]


def test_a_prompt_is_handed_on_whole(tmp_path: Path, database: Path) -> None:
    seen: list[Prompt] = []
    rounds, _ = make(tmp_path, database, lambda prompt, chance: (seen.append(prompt), mixed(prompt, chance))[1])
    rounds.make(0, None)
    assert seen[0].prefix_key == "p0"
    assert [part.text for part in seen[0].prefix] == ["<|im_start|>", "user\nsinger 0\n"] and seen[0].prefix[0].special
    assert seen[0].rest[0].text == f"easy older than {age_of(seen[0])}? "
