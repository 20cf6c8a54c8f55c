"""The layouts of public data sets, in miniature, and Spider itself where it is at hand."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from joinery_trainer.data.importers import import_accepted, import_bird, import_spider, import_synsql
from joinery_trainer.data.quality import judge_pairs

SPIDER = Path(os.environ.get("JOINERY_DATA", "../../shared/data")) / "spider"


def test_spider(tmp_path: Path, database: Path) -> None:
    folder = tmp_path / "spider"
    (folder / "database" / "concerts").mkdir(parents=True)
    (folder / "database" / "concerts" / "concerts.sqlite").write_bytes(database.read_bytes())
    entries = [{"db_id": "concerts", "question": "How many?", "query": "SELECT 1"}, {"db_id": "gone", "question": "Who?", "query": "SELECT 2"}]
    (folder / "train_spider.json").write_text(json.dumps(entries))
    (folder / "train_spider_hardness.json").write_text('["easy", "hard"]')
    first, second = import_spider(folder, "train")
    assert (first.id, first.level, first.database is None, second.database) == ("train-0000", "easy", False, None)


@pytest.mark.parametrize("split", ["dev", "test", ""])
def test_what_is_for_measuring_is_not_for_training(tmp_path: Path, split: str) -> None:
    with pytest.raises(ValueError, match="not for training"):
        list(import_spider(tmp_path, split))


def test_bird_keeps_evidence(tmp_path: Path) -> None:
    file = tmp_path / "train.json"
    file.write_text(json.dumps([{"db_id": "films", "question": "Who?", "SQL": "SELECT 1", "evidence": "who means name"}]))
    (one,) = import_bird(file)
    assert (one.evidence, one.database, one.source) == ("who means name", None, "bird:train")


@pytest.mark.parametrize("as_lines", [True, False])
def test_synsql_in_both_forms(tmp_path: Path, as_lines: bool) -> None:
    entries = [{"db_id": "d", "question": "Q", "sql": "SELECT 1", "sql_complexity": "Complex", "external_knowledge": None}] * 2
    file = tmp_path / "data.json"
    file.write_text("\n".join(json.dumps(entry) for entry in entries) if as_lines else json.dumps(entries))
    assert [(one.level, one.evidence) for one in import_synsql(file)] == [("complex", "")] * 2


def test_accepted_answers(tmp_path: Path) -> None:
    file = tmp_path / ".joinery" / "pairs.jsonl"
    file.parent.mkdir()
    lines = ['{"database": "data/shop.db", "question": "Q", "sql": "SELECT 1", "kind": "edited"}', "", "broken", '{"question": "no SQL"}']
    file.write_text("\n".join([*lines, '{"database": "/other/x.db", "question": "R", "sql": "SELECT 2"}']))
    first, second = import_accepted(file)
    assert (first.source, first.db, first.database) == ("workspace:edited", "shop", (tmp_path / "data" / "shop.db").resolve())
    assert (second.source, second.database) == ("workspace:accepted", Path("/other/x.db"))


@pytest.mark.skipif(not SPIDER.exists(), reason="without the data set in JOINERY_DATA")
def test_gold_of_spider_train_is_rewritten_and_runs() -> None:
    databases = {"farm", "csu_1", "music_1", "climbing", "election", "department_management", "student_assessment"}
    pairs = [pair for pair in import_spider(SPIDER, "train") if pair.db in databases]
    judged = list(judge_pairs(pairs))
    labels = Counter(one.label for one in judged)
    assert len(judged) == len(pairs) > 300
    assert labels["ok"] + labels["empty"] >= 0.99 * len(pairs)
    assert sum(one.rewritten for one in judged) > 30
    assert all('"' not in one.pair.sql or one.label != "ok" for one in judged)
