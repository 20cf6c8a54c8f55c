"""What pairs are worth, and that misquoted text is rewritten only where it means the same."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import apsw
import pytest

from joinery_trainer.data.pairs import Pair, read_pairs, write_pairs
from joinery_trainer.data.quality import judge_pair, judge_pairs, report
from joinery_trainer.data.split import split_by_database, without_unseen
from joinery_trainer.sql.literals import single_quoted
from joinery_trainer.sql.sandbox import Limits


def pair(database: Path | None, sql: str, db: str = "concerts", number: int = 1) -> Pair:
    return Pair(f"p{number}", db, database, "Which?", sql, "test")


@pytest.mark.parametrize(
    ("written", "rewritten"),
    [
        ('SELECT name FROM singer WHERE country = "France"', "SELECT name FROM singer WHERE country = 'France'"),
        ('SELECT name FROM singer WHERE country = "it\'s" OR name = "Joe"', "SELECT name FROM singer WHERE country = 'it''s' OR name = 'Joe'"),
        ('SELECT "name" FROM singer WHERE country = "France"', "SELECT \"name\" FROM singer WHERE country = 'France'"),
        ('SELECT title FROM concert WHERE title = "name"', "SELECT title FROM concert WHERE title = 'name'"),
        ("SELECT name FROM singer WHERE country = '\"France\"'", "SELECT name FROM singer WHERE country = '\"France\"'"),
        ('SELECT name FROM singer WHERE name LIKE "%o%"', "SELECT name FROM singer WHERE name LIKE '%o%'"),
        ("SELECT nothing FROM singer", "SELECT nothing FROM singer"),
        ("SELECT name FROM nowhere", "SELECT name FROM nowhere"),
    ],
)
def test_quotes(database: Path, written: str, rewritten: str) -> None:
    assert single_quoted(database, written) == rewritten


@pytest.mark.parametrize(
    ("sql", "label", "rewritten"),
    [
        ("SELECT name FROM singer", "ok", False),
        ('SELECT name FROM singer WHERE country = "France"', "ok", True),
        ("SELECT name FROM singer WHERE age > 99", "empty", False),
        ("SELECT nothing FROM singer", "failed", False),
        ("SELECT random() FROM singer", "unstable", False),
        ("SELECT a.name FROM singer a, singer b, singer c", "cut", False),
        ("DELETE FROM singer", "failed", False),
    ],
)
def test_labels(database: Path, sql: str, label: str, rewritten: bool) -> None:
    judged = judge_pair(pair(database, sql), Limits(rows=100))
    assert (judged.label, judged.rewritten) == (label, rewritten)


def test_databases_without_rows_are_for_sft_alone_and_absent_ones_for_nothing(tmp_path: Path) -> None:
    empty = tmp_path / "empty.sqlite"
    connection = apsw.Connection(str(empty))
    connection.execute("CREATE TABLE t (a)")
    connection.close()
    judged = list(judge_pairs([pair(empty, "SELECT a FROM t"), pair(None, "SELECT 1"), pair(tmp_path / "absent", "SELECT 1")]))
    assert [one.label for one in judged] == ["prepare_only", "no_database", "no_database"]


def test_the_report_counts_everything(database: Path) -> None:
    judged = list(judge_pairs([pair(database, "SELECT name FROM singer"), pair(database, "SELECT nothing FROM singer")]))
    assert "| test | 2 | 1 | 0 | 0 | 1 | 0 | 0 | 0 | 0 | 0 |" in report(judged)


def test_pairs_survive_writing_and_reading(database: Path, tmp_path: Path) -> None:
    written = [Pair("a", "concerts", database, "Wie viele Sänger?", "SELECT 1", "test", level="easy")]
    path = tmp_path / "pairs.jsonl"
    assert write_pairs(path, written) == 1
    assert list(read_pairs(path, "other")) == written
    with pytest.raises(ValueError, match="no database"):
        write_pairs(path, [pair(None, "SELECT 1")])


@pytest.mark.parametrize("line", ["not json", "{}", '{"question": "Q"}', "[1]"])
def test_a_malformed_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(f'{{"db": "x.db", "question": "Q", "sql": "SELECT 1"}}\n{line}\n')
    with pytest.raises(ValueError, match="line 2"):
        list(read_pairs(path, "test"))


def test_evidence_is_part_of_what_is_asked() -> None:
    told = Pair("a", "d", None, "Who is rich?", "SELECT 1", "bird", evidence="rich means income > 1e6.")
    assert told.asked == "Who is rich? (rich means income > 1e6)"


@pytest.mark.parametrize(("share", "held"), [(0.0, 0), (0.01, 1), (0.2, 2), (1.0, 10)])
def test_splits_go_by_database(share: float, held: int) -> None:
    pairs = [pair(None, "SELECT 1", db=f"db{number % 10}", number=number) for number in range(100)]
    training, held_out = split_by_database(pairs, share)
    assert len({one.db for one in held_out}) == held
    assert {one.db for one in training}.isdisjoint(one.db for one in held_out)
    assert Counter(training + held_out) == Counter(pairs)
    assert split_by_database(pairs[::-1], share)[1][::-1] == held_out


def test_a_share_is_a_share() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        split_by_database([], 1.5)


def test_databases_that_stand_for_users_own_stay_out() -> None:
    names = ["farm", "Chinook_1", "sakila_1", "store_1", "Northwind"]
    assert [one.db for one in without_unseen(pair(None, "SELECT 1", db=name) for name in names)] == ["farm"]
