"""Every profile on every outcome, and the six defects of SQL-R1's released reward, which must not come back."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from pathlib import Path

import pytest

from joinery_trainer.rewards.completion import Target, read_completion
from joinery_trainer.rewards.dense import clause_credit
from joinery_trainer.rewards.judge import Judge
from joinery_trainer.rewards.profile import AuditSink
from joinery_trainer.rewards.profiles import PROFILES
from joinery_trainer.sql.sandbox import Limits

GOLD = "SELECT name FROM singer WHERE country = 'France'"
LIMITS = Limits(seconds=0.3, rows=1_000)


def reward(
    profile: str,
    completion: object,
    database: Path,
    gold: str = GOLD,
    target: Target = "sql",
    audit: AuditSink | None = None,
) -> float:
    made = PROFILES[profile](Judge(limits=LIMITS), target=target, audit=audit)
    return made([completion], database=[str(database)], gold_sql=[gold])[0]


MATCH = "SELECT name FROM singer WHERE country = 'France';"
OTHER_ORDER = "SELECT name FROM singer WHERE country = 'France' ORDER BY age"
WRONG_ROWS = "SELECT name FROM singer WHERE age > 30"
EMPTY_ROWS = "SELECT name FROM singer WHERE country = 'Nowhere'"
BROKEN = "SELECT nothing FROM singer"
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
PROSE = "The answer is SELECT name FROM singer"


@pytest.mark.parametrize(
    ("completion", "sqlr1", "seq2sql", "sparse"),
    [
        (MATCH, 7.0, 1, 1),
        (OTHER_ORDER, 7.0, 1, 1),
        ("select name from singer where country in ('France')", 7.0, 1, 1),
        ("WITH f AS (SELECT * FROM singer WHERE country = 'France') SELECT name FROM f", 7.0, 1, 1),
        (WRONG_ROWS, 0, -1, 0.1),
        (EMPTY_ROWS, 0, -1, 0.1),
        ("SELECT name, age FROM singer WHERE country = 'France'", 0, -1, 0.1),
        ("SELECT name FROM singer", 0, -1, 0.1),
        (BROKEN, -1, -2, 0),
        (ENDLESS, -1, -2, 0),
        ('SELECT name FROM singer WHERE country = "France"', -1, -2, 0),
        ("SELECT a.name FROM singer a, singer b, singer c, singer d, singer e", -1, -2, 0),
        (PROSE, -1, -2, 0),
        ("", -1, -2, 0),
        ("DROP TABLE singer", -1, -2, 0),
        ("DELETE FROM singer", -1, -2, 0),
        ("SELECT 1; DROP TABLE singer", -1, -2, 0),
        ("WITH a AS (SELECT 1) DELETE FROM singer", -1, -2, 0),
        ("PRAGMA query_only = 0", -1, -2, 0),
        ("```sql\nSELECT name FROM singer\n```", -1, -2, 0),
        (None, -1, -2, 0),
        (17, -1, -2, 0),
        ([], -1, -2, 0),
        ([{"role": "assistant", "content": None}], -1, -2, 0),
        ([{"role": "assistant", "content": MATCH}], 7.0, 1, 1),
    ],
)
def test_bare_sql(database: Path, completion: object, sqlr1: float, seq2sql: float, sparse: float) -> None:
    got = [reward(profile, completion, database) for profile in ("sqlr1", "seq2sql", "sparse")]
    assert got == [pytest.approx(sqlr1, abs=0.2), seq2sql, sparse]


def thought(sql: str, think: str = "France is a country.") -> str:
    return f"<think>{think}</think>\n<answer>\n```sql\n{sql}\n```\n</answer>"


@pytest.mark.parametrize(
    ("completion", "low", "high"),
    [
        (thought(MATCH), 6.3, 7.5),
        (thought(WRONG_ROWS), 0, 0),
        (thought(BROKEN), -1, -1),
        (thought(""), -1, -1),
        (thought(MATCH) + "<think>", -1, -1),
        (thought(MATCH).replace("<think>", ""), -1, -1),
        (thought(MATCH).replace("</answer>", ""), -1, -1),
        (f"<answer>```sql\n{MATCH}\n```</answer><think></think>", -1, -1),
        (thought(MATCH).replace("```sql", "```"), -1, -1),
        (MATCH, -1, -1),
    ],
)
def test_thinking(database: Path, completion: str, low: float, high: float) -> None:
    assert low <= reward("sqlr1", completion, database, target="think") <= high


def test_longer_thinking_pays_on_a_match_only_and_only_to_a_bound(database: Path) -> None:
    lengths = [reward("sqlr1", thought(MATCH, "word " * count), database, target="think") for count in (1, 100, 512, 5_000)]
    assert lengths[0] < lengths[1] < lengths[2] == lengths[3] < 7.5
    assert {reward("sqlr1", thought(WRONG_ROWS, "word " * count), database, target="think") for count in (1, 512)} == {0}


class TestDefectsOfTheReleasedCode:
    """https://github.com/DataArcTech/SQL-R1 at acb5c0d, verl/utils/reward_score/synsql.py."""

    @pytest.mark.parametrize("profile", PROFILES)
    def test_a_gold_that_fails_rewards_nothing(self, database: Path, profile: str) -> None:
        assert reward(profile, MATCH, database, gold="SELECT nothing FROM nowhere") == 0

    @pytest.mark.parametrize("profile", PROFILES)
    def test_writing_is_never_rewarded_and_never_happens(self, database: Path, profile: str) -> None:
        before = database.read_bytes()
        right = reward(profile, MATCH, database)
        for sql in (
            "DROP TABLE singer",
            "DELETE FROM singer",
            "UPDATE singer SET age = 1",
            "INSERT INTO concert VALUES (9, 'x', 1)",
        ):
            assert reward(profile, sql, database) < right / 2
            assert reward(profile, thought(sql), database, target="think") < right / 2
        assert database.read_bytes() == before

    def test_distinct_counts(self, database: Path) -> None:
        gold = "SELECT country FROM singer"
        assert reward("seq2sql", "SELECT DISTINCT country FROM singer", database, gold=gold) == -1

    @pytest.mark.parametrize("profile", PROFILES)
    def test_two_empty_results_are_no_match(self, database: Path, profile: str) -> None:
        assert reward(profile, EMPTY_ROWS, database, gold=EMPTY_ROWS) == 0

    def test_a_missing_header_raises_nothing(self, database: Path) -> None:
        for completion in ("no header at all", "", "<answer>", "assistant", "\x00", "\ud800"):
            assert reward("sqlr1", completion, database, target="think") == -1

    def test_every_component_is_logged(self, database: Path) -> None:
        entries: list[Mapping[str, object]] = []
        total = reward("sqlr1", WRONG_ROWS, database, audit=entries.append)
        (entry,) = entries
        assert (entry["finding"], entry["format"], entry["execution"], entry["result"], entry["length"]) == (
            "different",
            1,
            2,
            -3,
            0.0,
        )
        assert entry["reward"] == total


def test_dense_orders_outcomes(database: Path) -> None:
    order = [PROSE, BROKEN, "SELECT title FROM concert", "SELECT name FROM singer", MATCH]
    rewards = [reward("dense", completion, database) for completion in order]
    assert rewards == sorted(rewards)
    assert len(set(rewards)) == len(rewards)
    assert rewards[-1] - rewards[-2] > 1


@pytest.mark.parametrize(
    ("predicted", "low", "high"),
    [
        (GOLD, 0.79, 0.80),
        ("SELECT name, age, country, score FROM singer WHERE country = 'France'", 0.1, 0.35),
        ("SELECT * FROM singer", 0.0, 0.2),
        ("SELECT title FROM concert", 0.0, 0.0),
        ("garbage (", 0.0, 0.0),
    ],
)
def test_clause_credit_is_low_for_supersets(predicted: str, low: float, high: float) -> None:
    assert low <= clause_credit(predicted, GOLD) <= high


@pytest.mark.parametrize("profile", PROFILES)
def test_fuzzed_outputs_never_raise_and_never_write(database: Path, profile: str) -> None:
    pieces = [
        "SELECT",
        "name",
        "FROM",
        "singer",
        "WHERE",
        "<think>",
        "</think>",
        "<answer>",
        "</answer>",
        "```sql\n",
        "```",
        ";",
        "'",
        '"',
        "(",
        ")",
    ]
    pieces += ["DROP TABLE singer", "DELETE", "\x00", "é", "1", "*", "--", "WITH", "assistant", "\ud800", ","]
    before = hashlib.sha256(database.read_bytes()).hexdigest()
    chance = random.Random(2)
    texts = [" ".join(chance.choice(pieces) for _ in range(chance.randint(0, 14))) for _ in range(1_300)]
    for target in ("sql", "think"):
        made = PROFILES[profile](Judge(limits=LIMITS), target=target)
        rewards = made(texts, database=[str(database)] * len(texts), gold_sql=[GOLD] * len(texts))
        assert len(rewards) == len(texts)
    assert hashlib.sha256(database.read_bytes()).hexdigest() == before


def test_reading_keeps_the_last_fence_of_the_answer() -> None:
    text = "<think>```sql\nSELECT 1\n```</think><answer>```sql\nSELECT 2\n```\n```sql\nSELECT 3\n```</answer>"
    assert read_completion(text, "think").sql == "SELECT 3"


def test_gold_that_failed_once_is_run_again(database: Path) -> None:
    from joinery_trainer.sql.sandbox import Outcome, run_select

    calls: list[str] = []

    def shaky(path: str, sql: str, limits: object) -> Outcome:
        calls.append(sql)
        return Outcome("failed", error="the worker died") if len(calls) == 1 else run_select(path, sql)

    judge = Judge(shaky)
    sql = "SELECT count(*) FROM singer"
    findings = [judge.judge(sql, str(database), sql).finding for _ in range(3)]
    assert findings == ["unusable", "match", "match"]
    assert len(calls) == 1 + 2 + 1
