from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from joinery_trainer.data.collect import make_databases, run_pairs
from joinery_trainer.stages.errors import NO_DATA, StageError
from joinery_trainer.stages.pairs_settings import PairsSettings


@pytest.fixture
def spider(tmp_path: Path, database: Path) -> Path:
    folder = tmp_path / "spider"
    entries = []
    for name in ("concerts", "parties", "chinook_1"):
        (folder / "database" / name).mkdir(parents=True)
        shutil.copy(database, folder / "database" / name / f"{name}.sqlite")
        for question, query in [
            ("How many singers?", "SELECT count(*) FROM singer"),
            ("Who is French?", 'SELECT name FROM singer WHERE country = "France"'),
            ("Who is from Mars?", "SELECT name FROM singer WHERE country = 'Mars'"),
            ("What is broken?", "SELECT nothing FROM singer"),
        ]:
            entries.append({"db_id": name, "question": question, "query": query})
    (folder / "train_spider.json").write_text(json.dumps(entries))
    return folder


def lines(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_pairs_are_judged_rewritten_and_reported(spider: Path, tmp_path: Path) -> None:
    training = lines(run_pairs(PairsSettings(tmp_path / "out", spider, ("train",)), quiet=True))
    assert {line["source"] for line in training} == {"spider:train"}
    assert [line["sql"] for line in training][:3] == [
        "SELECT count(*) FROM singer",
        "SELECT name FROM singer WHERE country = 'France'",
        "SELECT name FROM singer WHERE country = 'Mars'",
    ]
    assert not any("chinook_1" in line["db"] for line in training)
    said = (tmp_path / "out" / "report.md").read_text()
    assert "| spider:train | 8 |" in said and "Kept out by database: 4" in said


def test_what_is_held_out_is_a_database_and_has_rows_to_find(spider: Path, tmp_path: Path) -> None:
    training = lines(run_pairs(PairsSettings(tmp_path / "out", spider, ("train",), held_out=0.5), quiet=True))
    held_out = lines(tmp_path / "out" / "held_out.jsonl")
    assert len({line["db"] for line in held_out}) == 1
    assert not {line["db"] for line in held_out} & {line["db"] for line in training}
    assert not any("Mars" in line["sql"] for line in held_out)


def test_pairs_are_made_over_the_databases_that_train_alone(spider: Path, tmp_path: Path) -> None:
    run_pairs(PairsSettings(tmp_path / "out", spider, ("train",), held_out=0.5, synthetic=20), quiet=True)
    made = lines(tmp_path / "out" / "synthetic.jsonl")
    assert {line["db"] for line in made} == {line["db"] for line in lines(tmp_path / "out" / "training.jsonl")}
    assert all(line["source"].startswith("synthesis:") for line in made)
    assert f"Made: {len(made)}." in (tmp_path / "out" / "report.md").read_text()


def test_a_mixture_is_written_where_one_is_asked_for(spider: Path, tmp_path: Path) -> None:
    training = lines(run_pairs(PairsSettings(tmp_path / "out", spider, ("train",), mixture=4), quiet=True))
    taken = lines(tmp_path / "out" / "mixture.jsonl")
    assert 0 < len(taken) < len(training)
    assert {line["id"] for line in taken} <= {line["id"] for line in training}
    run_pairs(PairsSettings(tmp_path / "none", spider, ("train",)), quiet=True)
    assert not (tmp_path / "none" / "mixture.jsonl").exists()


def test_pairs_called_wrong_are_left_out_and_synonyms_are_new_questions(spider: Path, tmp_path: Path) -> None:
    verdicts = tmp_path / "verdicts.json"
    verdicts.write_text(json.dumps({"train": ["INCORRECT", "CORRECT", "NO_CONSENSUS"]}))
    synonyms = tmp_path / "syn.json"
    query = "SELECT count(*) FROM singer"
    same = {"db_id": "parties", "query": query, "question": "How many singers?", "orig_question": "How many singers?"}
    other = {"db_id": "parties", "query": query, "question": "How many vocalists?", "orig_question": "How many singers?"}
    synonyms.write_text(json.dumps([same, other]))
    settings = PairsSettings(tmp_path / "out", spider, ("train",), verdicts=verdicts, synonyms=synonyms)
    training = lines(run_pairs(settings, quiet=True))
    assert training[0]["question"] == "Who is French?"
    assert [line["question"] for line in training if line["source"] == "spider-syn:train"] == ["How many vocalists?"]


def test_ddl_alone_gives_pairs_that_are_prepared_only(tmp_path: Path) -> None:
    (tmp_path / "schemas.json").write_text(json.dumps({"shop": "CREATE TABLE item (id INTEGER, price REAL);", "bad": "CREATE NONSENSE"}))
    entry = {"db_id": "shop", "question": "Total?", "evidence": "total = SUM(price)", "SQL": "SELECT SUM(price) FROM item"}
    (tmp_path / "bird.json").write_text(json.dumps([entry, {**entry, "db_id": "bad"}]))
    settings = PairsSettings(tmp_path / "out", bird=tmp_path / "bird.json", bird_schemas=tmp_path / "schemas.json", held_out=0.5)
    (line,) = lines(run_pairs(settings, quiet=True))
    assert line["question"] == "Total? (total = SUM(price))"
    assert lines(tmp_path / "out" / "held_out.jsonl") == []
    assert make_databases({"shop": "ignored: it is there"}, tmp_path / "out" / "databases").is_dir()


def test_without_anything_usable_it_says_so(spider: Path, tmp_path: Path) -> None:
    with pytest.raises(StageError) as caught:
        run_pairs(PairsSettings(tmp_path / "out", spider, ("train",), without=("concerts", "parties")), quiet=True)
    assert caught.value.code == NO_DATA
    with pytest.raises(StageError, match="not for training"):
        run_pairs(PairsSettings(tmp_path / "out", spider, ("dev",)), quiet=True)
