"""What runs, what is refused, and that nothing ever changes."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest

from joinery_trainer.sql.sandbox import Limits, run_select

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("SELECT count(*) FROM singer", ((5,),)),
        ("SELECT name FROM singer WHERE age > 45;", (("Joe",),)),
        ("SELECT photo, score FROM singer WHERE singer_id = 1", ((b"\x00\xff", 1.5),)),
        ("SELECT CAST(score AS INTEGER) FROM singer WHERE singer_id = 5", ((9007199254740992,),)),
        ("SELECT score FROM singer WHERE singer_id = 3", ((None,),)),
        ("WITH old AS (SELECT * FROM singer WHERE age > 42) SELECT count(*) FROM old", ((2,),)),
        ("-- a comment\nSELECT 1 /* and another */; -- the end", ((1,),)),
        ("SELECT name FROM singer WHERE 0", ()),
        ("VALUES (1), (2)", ((1,), (2,))),
    ],
)
def test_runs(database: Path, sql: str, rows: tuple[object, ...]) -> None:
    outcome = run_select(database, sql)
    assert (outcome.status, outcome.rows) == ("rows", rows)


def test_an_empty_result_keeps_its_columns(database: Path) -> None:
    assert run_select(database, "SELECT name AS n, age FROM singer WHERE 0").columns == ("n", "age")


@pytest.mark.parametrize(
    ("sql", "status"),
    [
        ("", "refused"),
        (" -- nothing\n;", "refused"),
        ("SELECT 1; SELECT 2", "refused"),
        ("DROP TABLE singer", "refused"),
        ("DELETE FROM singer", "refused"),
        ("INSERT INTO concert VALUES (9, 'x', 1)", "refused"),
        ("WITH a AS (SELECT 1) UPDATE singer SET age = 1", "refused"),
        ("PRAGMA journal_mode = WAL", "refused"),
        ("PRAGMA query_only = OFF", "refused"),
        ("ATTACH 'other.db' AS other", "refused"),
        ("VACUUM INTO 'copy.db'", "refused"),
        ("CREATE TEMP TABLE t (a)", "refused"),
        ("SELECT load_extension('x')", "failed"),
        ("BEGIN", "refused"),
        ("SELECT 1\0; DROP TABLE singer", "refused"),
        ('SELECT name FROM singer WHERE country = "France"', "failed"),
        ("SELECT nothing FROM singer", "failed"),
        ("SELECT name FROM nowhere", "failed"),
        ("SELEC 1", "failed"),
        (ENDLESS, "timeout"),
        ("SELECT a.name FROM singer a, singer b, singer c", "too_many_rows"),
        ("SELECT hex(zeroblob(200000))", "too_large"),
        ("SELECT zeroblob(2000000000)", "too_large"),
    ],
)
def test_is_stopped(database: Path, sql: str, status: str) -> None:
    outcome = run_select(database, sql, Limits(seconds=0.2, rows=100, size=100_000))
    assert (outcome.status, outcome.rows) == (status, ())
    assert outcome.error


@pytest.mark.parametrize("name", ["missing.sqlite", ".", "text.txt"])
def test_what_is_no_database_fails(tmp_path: Path, name: str) -> None:
    (tmp_path / "text.txt").write_text("not a database, but long enough to have a header" * 10)
    assert run_select(tmp_path / name, "SELECT * FROM sqlite_master").status == "failed"


def test_text_that_is_not_utf8_fails_in_words(tmp_path: Path, database: Path) -> None:
    outcome = run_select(database, "SELECT CAST(x'ff41' AS TEXT)")
    assert (outcome.status, outcome.rows) == ("failed", ())


def test_no_fuzzed_statement_raises_or_writes(database: Path) -> None:
    pieces = "SELECT DELETE FROM UPDATE SET INSERT INTO VALUES DROP TABLE singer concert name age country".split()  # noqa: SIM905
    pieces += "* , ( ) = > ' \" ; -- /* */ WHERE GROUP BY ORDER LIMIT 1 0 'France' UNION ALL JOIN ON".split()  # noqa: SIM905
    pieces += "PRAGMA ATTACH VACUUM WITH AS load_extension count(*) NULL singer_id CREATE ALTER REINDEX BEGIN".split()  # noqa: SIM905
    pieces += "COMMIT REPLACE x'00' \0 é 漢 1e999 9223372036854775808".split(" ")  # noqa: SIM905
    before = hashlib.sha256(database.read_bytes()).hexdigest()
    chance = random.Random(1)
    statuses: dict[str, int] = {}
    for _ in range(10_000):
        sql = " ".join(chance.choice(pieces) for _ in range(chance.randint(1, 12)))
        status = run_select(database, sql, Limits(seconds=0.05, rows=50, size=10_000)).status
        statuses[status] = statuses.get(status, 0) + 1
    assert hashlib.sha256(database.read_bytes()).hexdigest() == before
    assert sorted(path.name for path in database.parent.iterdir()) == [database.name]
    assert statuses.keys() >= {"rows", "refused", "failed"}
