from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from joinery_trainer.data.pairs import Pair
from joinery_trainer.synth.paraphrase import literals_of, paraphrase_pairs, sample_of, unfit_reason


def pair(database: Path, question: str = 'What are the names of singers whose country is "France"?', sql: str = "") -> Pair:
    return Pair("a", "concerts", database, question, sql or "SELECT name FROM singer WHERE country = 'France'", "synthesis:t")


class Fake:
    def __init__(self, said: list[str], statements: list[str]) -> None:
        self.said, self.statements = said, statements
        self.decoded: list[str] = []

    def paraphrase(self, questions: Sequence[str], *, n: int, temperature: float, seed: int) -> list[list[str]]:
        return [self.said for _ in questions]

    def decode(self, pairs: Sequence[Pair], *, n: int, temperature: float, seed: int) -> list[list[str]]:
        self.decoded.extend(pair.question for pair in pairs)
        return [self.statements for _ in pairs]


def test_a_paraphrase_that_leads_back_survives(database: Path) -> None:
    fake = Fake(['"which singers are from France?"'], ["SELECT 1", "SELECT name FROM singer WHERE country LIKE 'France'"])
    made = paraphrase_pairs([pair(database)], fake, fake)
    (found,) = made.survived
    assert (found.question, found.sql, found.source) == ("which singers are from France?", pair(database).sql, "synthesis:t:paraphrase")
    assert found.id != "a" and made.share == 1


def test_one_that_does_not_lead_back_is_dropped(database: Path) -> None:
    fake = Fake(["Who lives in France?"], ["SELECT name FROM singer", "no SQL", "SELECT name FROM singer WHERE 0"])
    made = paraphrase_pairs([pair(database)], fake, fake)
    assert made.survived == () and made.dropped["no statement leads back"] == 1


def test_only_the_first_that_passes_is_kept_and_twins_are_asked_once(database: Path) -> None:
    fake = Fake(["singers of France?", "singers of France?", "France: which singers?"], [pair(database).sql])
    made = paraphrase_pairs([pair(database)], fake, fake, tries=3)
    assert [one.question for one in made.survived] == ["singers of France?"]
    assert fake.decoded == ["singers of France?", "France: which singers?"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "nothing new"),
        ('what are the names of singers whose country is "france"?', "nothing new"),
        ("Who sings?", "a literal is lost"),
        ("SELECT name FROM singer WHERE country = 'France'", "a statement, not a question"),
        ("Sure! Here is the question in other words: " + "France " * 60, "too long"),
        ("singers from france", ""),
    ],
)
def test_what_cannot_stand_for_a_question(database: Path, text: str, reason: str) -> None:
    assert unfit_reason(pair(database), text) == reason


def test_a_failing_gold_lets_nothing_survive(database: Path) -> None:
    broken = pair(database, sql="SELECT nothing FROM singer WHERE country = 'France'")
    fake = Fake(["singers from France"], ["SELECT nothing FROM singer WHERE country = 'France'"])
    assert paraphrase_pairs([broken], fake, fake).survived == ()


@pytest.mark.parametrize(
    ("sql", "literals"),
    [
        ("SELECT a FROM t WHERE b = 'O''Brien' AND c > 2.5 LIMIT 3", ["O'Brien", "2.5", "3"]),
        ("SELECT a1 FROM t2 ORDER BY b DESC LIMIT 1", []),
        ("SELECT count(*) FROM t", []),
    ],
)
def test_literals(sql: str, literals: list[str]) -> None:
    assert literals_of(sql) == literals


def test_an_even_sample(database: Path) -> None:
    listed = [pair(database, question=str(at)) for at in range(10)]
    assert [one.question for one in sample_of(listed, 3)] == ["0", "3", "6"]
    assert len(sample_of(listed, 20)) == 10
