"""Pairs of better and worse: all that is rejected runs and returns other rows; steps share their prefix; margins are differences of R."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from joinery_trainer.decompose.tree import Tree, tree_of
from joinery_trainer.preferences.preference import Preference, read_preferences, write_preferences
from joinery_trainer.preferences.statements import against_gold, statement_preferences
from joinery_trainer.preferences.steps import beginnings, states_of, step_preferences, value_of
from joinery_trainer.preferences.trial import Trial
from joinery_trainer.prompts.exported import PromptPair
from joinery_trainer.sql.results import orders_rows, same_rows
from joinery_trainer.sql.sandbox import run_select
from joinery_trainer.synth.schema import read_schema

GOLD = (
    "SELECT singer.name, COUNT(*) FROM singer JOIN singer_in_concert ON singer_in_concert.singer_id = singer.singer_id "
    "WHERE singer.age BETWEEN 20 AND 60 AND singer.country = 'France' GROUP BY singer.singer_id ORDER BY COUNT(*) DESC LIMIT 1"
)
GOLDS = [
    GOLD,
    "SELECT name FROM singer WHERE age > (SELECT AVG(age) FROM singer)",
    "SELECT name FROM singer WHERE country = 'France' EXCEPT SELECT name FROM singer WHERE age > 42",
    "SELECT COUNT(DISTINCT country) FROM singer",
]


def pair_of(sql: str, database: Path) -> PromptPair:
    return PromptPair("p", "concerts", database, "?", sql, sql, "key", (), True)


def tree(sql: str) -> Tree:
    made = tree_of(sql)
    assert made is not None
    return made


@pytest.mark.parametrize("gold", GOLDS)
def test_whole_statements_are_wrong_by_their_rows(database: Path, gold: str) -> None:
    tally: Counter[str] = Counter()
    found = statement_preferences(
        pair_of(gold, database), read_schema(database), Trial(database, gold, tally), count=6, chance=random.Random(1), tally=tally
    )
    assert 3 <= len(found) <= 6 and tally["statements"] == len(found)
    wanted = run_select(database, gold)
    for one in found:
        assert (one.prefix, one.chosen, one.kind) == ("", f"{gold};", "statement")
        outcome = run_select(database, one.rejected.removesuffix(";"))
        assert outcome.ran and not same_rows(wanted.rows, outcome.rows, ordered=orders_rows(gold))
        assert one.margin == pytest.approx(1 - tree(one.rejected).similarity(tree(gold))) and one.margin >= 0
    assert len({one.source for one in found}) >= 2


@pytest.mark.parametrize("gold", GOLDS)
def test_steps_share_their_prefix_and_differ_in_what_they_cover(database: Path, gold: str) -> None:
    tally: Counter[str] = Counter()
    pair, trial = pair_of(gold, database), Trial(database, gold, tally)
    states = {state.sql: state for state in states_of(gold, trial)}
    found = step_preferences(pair, read_schema(database), trial, count=40, chance=random.Random(1), tally=tally)
    assert found
    for one in found:
        right, wrong = (f"{one.prefix}{text}".removesuffix(";") for text in (one.chosen, one.rejected))
        assert right in states and (one.prefix == "" or one.prefix in states)
        assert one.chosen.endswith(";") == (right == gold)
        before = states[one.prefix].tree if one.prefix else Tree()
        kind, reward = value_of(tree(wrong), before, tree(gold))
        assert kind != "progress" or tree(wrong) <= tree(gold)
        assert one.margin == pytest.approx(states[right].reward - reward) and one.margin > 0
        assert run_select(database, wrong).ran
        if one.source == "ends early":
            assert one.rejected == ";" and kind == "redundant"


def test_states_are_progress_and_end_in_the_gold(database: Path) -> None:
    states = states_of(GOLD, Trial(database, GOLD, Counter()))
    assert states[-1].sql == GOLD and states[-1].reward == pytest.approx(1)
    assert all(first.reward < second.reward and first.tree <= second.tree for first, second in pairwise(states))
    assert len(states) == 7


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT a FROM t", []),
        ("SELECT a FROM t WHERE x BETWEEN 1 AND 2 AND y = 'AND' LIMIT 1", ["SELECT a FROM t", "… WHERE x BETWEEN 1 AND 2", "… AND y = 'AND'"]),
        ("SELECT a FROM t WHERE (x = 1 AND y = 2) GROUP BY a", ["SELECT a FROM t", "… WHERE (x = 1 AND y = 2)"]),
        ("SELECT a FROM t LEFT JOIN u ON u.x = t.x", ["SELECT a FROM t"]),
        ("SELECT a FROM t EXCEPT SELECT b FROM u", ["SELECT a FROM t"]),
        ("SELECT 'open", None),
    ],
)
def test_beginnings(sql: str, expected: list[str] | None) -> None:
    found = beginnings(sql)
    if expected is None:
        assert found == []
        return
    assert found[-1] == sql and len(found) == len(expected) + 1
    for text, wanted in zip(found, expected, strict=False):
        assert text == wanted if not wanted.startswith("…") else text.endswith(wanted.removeprefix("…"))
    assert all(sql.startswith(text) for text in found)


def test_what_cannot_be_told_apart_makes_no_preference(database: Path) -> None:
    for gold, reason in [
        ("SELECT name FROM singer WHERE age > 100", "gold cannot be told from others"),
        ("SELECT nothing FROM singer", "gold cannot be told from others"),
        ("select name from singer", "gold is not in the product's style"),
    ]:
        tally: Counter[str] = Counter()
        made = statement_preferences(
            pair_of(gold, database), read_schema(database), Trial(database, gold, tally), count=4, chance=random.Random(1), tally=tally
        )
        assert (made, tally[reason]) == ([], 1)
    tally = Counter()
    gold = "SELECT name FROM singer"
    candidates = [("model", text) for text in (gold, "SELECT singer.name FROM singer", "SELECT absent FROM singer", "DROP TABLE singer", "garbage (")]
    assert against_gold(pair_of(gold, database), candidates, Trial(database, gold, tally), count=9, tally=tally) == []
    assert tally["same rows"] == 1 and tally["does not run: failed"] == 1


def test_lines_are_read_as_they_were_written(tmp_path: Path) -> None:
    file = tmp_path / "p.jsonl"
    preferences = [Preference("a", "", "SELECT 'ä';", "SELECT 2;", 0.25), Preference("b", "SELECT 1", " LIMIT 1", ";", 0.5, "step", "ends early")]
    assert write_preferences(file, preferences) == 2
    assert read_preferences([file, file]) == [*preferences, *preferences]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"pairId": "a", "prefix": "", "chosen": "x", "rejected": "y"}',
        '{"pairId": "a", "prefix": "", "chosen": "x", "rejected": "x", "margin": 0}',
        '{"pairId": "a", "prefix": "", "chosen": "x", "rejected": "", "margin": 0}',
        '{"pairId": "a", "prefix": null, "chosen": "x", "rejected": "y", "margin": 0}',
        '{"pairId": "a", "prefix": "", "chosen": "x", "rejected": "y", "margin": 2}',
        '{"pairId": "a", "prefix": "", "chosen": "x", "rejected": "y", "margin": NaN}',
    ],
)
def test_malformed_lines_are_refused(tmp_path: Path, line: str) -> None:
    file = tmp_path / "p.jsonl"
    file.write_text(line + "\n")
    with pytest.raises(ValueError, match="line 1"):
        read_preferences([file])
