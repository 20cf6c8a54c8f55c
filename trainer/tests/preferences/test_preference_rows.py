"""Answers of one question as a tree: paths give the answers back, what they share stands once, limits hold."""

from __future__ import annotations

import random

import pytest

from joinery_trainer.preferences.preference import Preference
from joinery_trainer.preferences.rows import (
    PreferencePair,
    Question,
    encode_preference,
    make_preference_row,
    pack_preferences,
    plain_tokens,
    questions_of,
)
from joinery_trainer.prompts.exported import Part, PromptPair


class Letters:
    """A tokenizer of characters."""

    def encode(self, text: str, **_: object) -> list[int]:
        return [ord(letter) for letter in text]

    def convert_tokens_to_ids(self, tokens: str) -> int:
        return -len(tokens)


def question(key: str, pairs: list[tuple[tuple[int, ...], tuple[int, ...]]], tokens: tuple[int, ...] = (7, 7)) -> Question:
    return Question(key, "p", tokens, tuple(PreferencePair(chosen, rejected, 0.5) for chosen, rejected in pairs))


def test_paths_give_the_answers_back_and_nothing_stands_twice() -> None:
    chance = random.Random(3)
    answers = [(*(chance.randrange(2) for _ in range(chance.randint(1, 9))), 9) for _ in range(60)]
    pairs = [(one, other) for one, other in zip(answers[::2], answers[1::2], strict=True) if one != other]
    made = make_preference_row((1, 2, 3), [question("a", pairs[:12]), question("b", pairs[12:])])
    spans = made.row.spans
    texts = [tuple(token for at in way for token in spans[at].tokens) for way in (*made.chosen, *made.rejected)]
    assert texts == [one for one, _ in pairs] + [other for _, other in pairs]
    for way in (*made.chosen, *made.rejected):
        assert [spans[at].parent for at in way[1:]] == list(way[:-1]) and all(spans[at].is_target for at in way)
        assert not spans[spans[way[0]].parent].is_target
    for at, span in enumerate(spans):  # no two children of one span begin alike
        firsts = [child.tokens[0] for child in spans if child.parent == at and child.is_target]
        assert len(firsts) == len(set(firsts)) and span.tokens
    assert len(made.row.keys) == len(spans)


def test_a_pair_costs_its_two_ends_only() -> None:
    made = make_preference_row((1,) * 10, [question("a", [((5,) * 20 + (6, 6), (5,) * 20 + (8,))])])
    assert len(made) == 10 + 2 + 20 + 2 + 1
    assert plain_tokens(made) == 2 * (10 + 2 + 20) + 2 + 1
    assert (made.margins, len(made.row.spans)) == ((0.5,), 5)


def test_rows_hold_no_more_than_they_may() -> None:
    questions = [question(str(at), [((1,) * at + (2,), (1,) * at + (3,))]) for at in range(1, 30)]
    packed = pack_preferences(questions, {"p": (4,) * 6}, max_tokens=36, max_questions=4, seed=1)
    assert all(len(row) <= 36 and len(row.margins) <= 4 for row in packed.rows)
    placed = sum(len(row.margins) for row in packed.rows)
    assert placed + len(packed.too_long) == 29 and set(packed.too_long) == {str(at) for at in range(27, 30)}
    assert packed == pack_preferences(questions, {"p": (4,) * 6}, max_tokens=36, max_questions=4, seed=1)


@pytest.mark.parametrize(
    ("prefix", "chosen", "rejected", "expected"),
    [
        ("", "SELECT a;", "SELECT b;", ("SELECT a;\n```", "SELECT b;\n```")),
        ("SELECT a", " LIMIT 1;", ";", ("SELECT a LIMIT 1;\n```", "SELECT a;\n```")),
        ("SELECT a", " WHERE x", ";", ("SELECT a WHERE x", "SELECT a;\n```")),
        ("SELECT a", " WHERE x > 20", " WHERE x > 2", None),
    ],
)
def test_texts_in_tokens(prefix: str, chosen: str, rejected: str, expected: tuple[str, str] | None) -> None:
    found = encode_preference(Letters(), Preference("a", prefix, chosen, rejected, 0.1))
    texts = None if found is None else tuple("".join(map(chr, answer)) for answer in (found.chosen, found.rejected))
    assert texts == expected


def test_preferences_go_to_their_questions(tmp_path) -> None:
    pairs = {key: PromptPair(key, "db", tmp_path, "?", "", "", "p", (Part("Q"), Part("<end>", special=True)), True) for key in "ab"}
    preferences = [Preference("b", "", "x;", "y;", 0.1), Preference("b", "", "x;", "z;", 0.2), Preference("b", "", "x1", "x", 0.3)]
    found, alike = questions_of(Letters(), preferences, pairs)
    assert [(one.key, one.tokens, len(one.pairs)) for one in found] == [("b", (ord("Q"), -5), 2)] and alike == 1
    with pytest.raises(KeyError):
        questions_of(Letters(), [Preference("c", "", "x;", "y;", 0.1)], pairs)
