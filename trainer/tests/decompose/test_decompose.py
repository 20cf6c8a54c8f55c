"""Steps are subtrees of the gold, grow, and together are the gold; names of aliases mean nothing."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from joinery_trainer.data.importers import import_spider
from joinery_trainer.decompose.grow import steps_of
from joinery_trainer.decompose.tree import Tree, classify, tree_of

SPIDER = Path(os.environ.get("JOINERY_DATA", "../../shared/data")) / "spider"

GOLD = """SELECT T1.name, COUNT(*) FROM singer AS T1 JOIN singer_in_concert AS T2 ON T1.singer_id = T2.singer_id
WHERE T1.age > (SELECT AVG(age) FROM singer) AND T1.country = 'France' GROUP BY T1.singer_id HAVING COUNT(*) > 1 ORDER BY COUNT(*) DESC LIMIT 3"""


def tree(sql: str) -> Tree:
    made = tree_of(sql)
    assert made is not None
    return made


def test_steps_grow_to_the_gold() -> None:
    steps = steps_of(GOLD)
    assert [step.sql.split(" FROM ")[0] for step in steps][:2] == ["SELECT AVG(age)", "SELECT T1.name, COUNT(*)"]
    assert len(steps) == 7
    rewards = [step.reward for step in steps]
    assert rewards == sorted(rewards)
    assert rewards[-1] == pytest.approx(1.0)
    covered = Tree()
    for step in steps:
        assert tree(step.sql) <= tree(GOLD)
        covered |= tree(step.sql)
    assert covered == tree(GOLD)


@pytest.mark.parametrize(
    ("step", "covered", "kind"),
    [
        ("SELECT name FROM singer", "", "progress"),
        ("SELECT name FROM singer", "SELECT name FROM singer WHERE country = 'France'", "redundant"),
        ("SELECT AVG(age) FROM singer", "SELECT name FROM singer", "progress"),
        ("SELECT title FROM concert", "", "invalid"),
        ("SELECT name FROM singer WHERE country = 'Spain'", "", "invalid"),
        ("SELECT country FROM singer WHERE name = 'x'", "", "invalid"),
        ("SELECT age FROM singer", "", "invalid"),
    ],
)
def test_kinds(step: str, covered: str, kind: str) -> None:
    gold = tree("SELECT name FROM singer WHERE country = 'France' AND age > (SELECT AVG(age) FROM singer)")
    assert classify(tree(step), tree(covered) if covered else Tree(), gold) == kind


@pytest.mark.parametrize("names", [("T1", "T2"), ("a", "b"), ("singer", "singer_in_concert"), ("x9", "T1")])
def test_names_of_aliases_mean_nothing(names: tuple[str, str]) -> None:
    renamed = re.sub(r"\bT([12])\b", lambda match: names[int(match.group(1)) - 1], GOLD)
    assert tree(renamed) == tree(GOLD)
    assert len(steps_of(renamed)) == len(steps_of(GOLD))


def test_a_correlated_subquery_is_no_step_of_its_own() -> None:
    gold = "SELECT name FROM singer WHERE age = (SELECT MAX(s.age) FROM singer AS s WHERE s.country = singer.country)"
    assert steps_of(gold)[0].sql == "SELECT name FROM singer"
    assert steps_of(gold)[-1].reward == pytest.approx(1.0)


@pytest.mark.parametrize("sql", ["", "garbage (", "DROP TABLE x"])
def test_what_does_not_parse_has_no_steps(sql: str) -> None:
    assert (steps_of(sql), tree_of(sql)) == ([], None)


@pytest.mark.skipif(not SPIDER.exists(), reason="without the data set in JOINERY_DATA")
def test_gold_of_spider_train() -> None:
    golds = [pair.sql for pair in import_spider(SPIDER, "train")][::35]
    assert len(golds) == 200
    whole = 0
    for gold in golds:
        steps, wanted = steps_of(gold), tree(gold)
        covered = Tree()
        for step in steps:
            made = tree(step.sql)
            assert classify(made, covered, wanted) == "progress"
            covered |= made
        whole += covered == wanted
    assert whole >= 0.95 * len(golds)
