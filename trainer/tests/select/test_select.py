"""The stage learns what is there to learn, says so on databases it did not see, and installs nothing that is not sure."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("numpy", reason="numpy is not installed: the stage select needs it", exc_type=ImportError)

from joinery_trainer.cli import main
from joinery_trainer.select.candidates import Question, read_candidates
from joinery_trainer.select.choose import best_choice, folds_of, pick
from joinery_trainer.select.fit import fit_linear
from joinery_trainer.select.over_databases import gain_over_databases
from joinery_trainer.select.ranker import Ranker, read_ranker
from joinery_trainer.select.run import run_select
from joinery_trainer.stages.errors import BAD_RECIPE, NO_DATA, StageError
from joinery_trainer.stages.events import read_events
from joinery_trainer.stages.select_settings import SelectSettings
from tests.select.candidate_files import FEATURES, crossed, obvious, write_candidates


def settings(tmp_path: Path, data: Path, **more: object) -> SelectSettings:
    plain = SelectSettings(out=tmp_path / "run", data=(data,), folds=4, penalties=(0.001, 0.1), hidden=0, draws=200)
    return replace(plain, **more)


def test_a_linear_truth_is_found_and_installed(tmp_path: Path) -> None:
    data = write_candidates(tmp_path / "c.jsonl", databases=8, questions=240)
    target = tmp_path / "models" / "ranker.json"
    path = run_select(settings(tmp_path, data, install=target), quiet=True)
    entry = json.loads(path.read_text(encoding="utf-8"))
    assert entry["measured"]["right"] > 95 > 50 > entry["measured"]["chosen"]
    assert entry["measured"]["oracle"] == 100
    assert entry["fingerprint"] == read_candidates([data]).fingerprint
    assert target.read_text(encoding="utf-8") == path.read_text(encoding="utf-8")
    weights = dict(zip(entry["features"], entry["weights"], strict=True))
    assert weights["countMissing"] < -0.5 < 0.5 < weights["coverage"]
    assert "noRows" not in weights  # never differs
    kinds = [event["kind"] for event in read_events(tmp_path / "run" / "events.jsonl")]
    assert kinds == ["plan", *["step"] * 4, "score", "done"]
    table = json.loads((tmp_path / "run" / "select.json").read_text(encoding="utf-8"))["databases"]
    assert sum(row["questions"] for row in table.values()) == 240


def test_chance_is_not_installed(tmp_path: Path) -> None:
    data = write_candidates(tmp_path / "c.jsonl", databases=6, questions=120, truth=lambda row: row["greedy"])
    target = tmp_path / "ranker.json"
    path = run_select(settings(tmp_path, data, install=target), quiet=True)
    assert path.exists()
    assert not target.exists()
    assert read_events(tmp_path / "run" / "events.jsonl")[-1]["installed"] is False


def test_a_hidden_layer_only_where_it_is_better(tmp_path: Path) -> None:
    for truth, kind in ((crossed, "net"), (obvious, "linear")):
        data = write_candidates(tmp_path / f"{kind}.jsonl", databases=6, questions=240, truth=truth)
        path = run_select(settings(tmp_path, data, out=tmp_path / kind, hidden=8, penalties=(0.001,), steps=400), quiet=True)
        assert json.loads(path.read_text(encoding="utf-8"))["measured"]["kind"] == kind
        assert len(read_ranker(path).hidden) == (8 if kind == "net" else 0)


def test_equal_runs_give_equal_rankers(tmp_path: Path) -> None:
    data = write_candidates(tmp_path / "c.jsonl", databases=5, questions=60)
    texts = [run_select(settings(tmp_path, data, out=tmp_path / name), quiet=True).read_text(encoding="utf-8") for name in "ab"]
    assert texts[0] == texts[1]


def test_a_stronger_penalty_gives_smaller_weights() -> None:
    questions = [question(((1.0, 0.0), (0.0, 1.0)), (True, False)), question(((0.0, 0.5), (1.0, 0.0)), (False, True))]
    ranker = fit_linear(questions, ["a", "b"], 0.1, rows_first=False)
    assert ranker.weights[0] > 0 > ranker.weights[1]
    stronger = fit_linear(questions, ["a", "b"], 10.0, rows_first=False)
    assert abs(stronger.weights[0]) < abs(ranker.weights[0])


def question(values: tuple[tuple[float, ...], ...], right: tuple[bool, ...], tiers: tuple[int, ...] | None = None, db: str = "d") -> Question:
    return Question("q", db, values, right, tiers or (0,) * len(right))


def test_pick_keeps_rows_first_and_the_run_among_equals() -> None:
    ranker = Ranker(("a",), (0.0,), (1.0,), (1.0,))
    tied = question(((1.0,), (1.0,)), (True, False))
    empty = question(((0.0,), (9.0,)), (True, False), (0, 2))
    assert pick(tied, ranker, ["a"]) == 0
    assert pick(empty, ranker, ["a"]) == 0
    assert pick(empty, replace(ranker, rows_first=False), ["a"]) == 1


def test_the_rule_of_rows_is_dropped_only_where_that_is_better() -> None:
    names = ["a", "noRows"]
    lost = [question(((0.0, 0.0), (1.0, 1.0)), (False, True), (0, 2), f"d{at % 4}") for at in range(8)]
    kept = [question(((0.0, 0.0), (1.0, 1.0)), (True, False), (0, 2), f"d{at % 4}") for at in range(8)]
    plain = SelectSettings(out=Path("x"), data=(Path("y"),), folds=4)
    assert best_choice(lost, names, plain).rows_first is False
    assert best_choice(kept, names, plain).rows_first is True


def test_folds_part_databases_not_questions() -> None:
    questions = [question(((0.0,),), (True,), db=f"d{at % 7}") for at in range(50)]
    folds = folds_of(questions, 3, 1)
    assert sorted(at for fold in folds for at in fold) == list(range(50))
    names = [{questions[at].db for at in fold} for fold in folds]
    assert not names[0] & names[1]
    assert not names[1] & names[2]
    assert max(map(len, folds)) - min(map(len, folds)) <= 8


def test_intervals_draw_databases() -> None:
    databases = [f"d{at // 20}" for at in range(200)]
    everywhere = gain_over_databases([False] * 200, [at % 4 == 0 for at in range(200)], databases, draws=300)
    assert everywhere.low == everywhere.high == everywhere.gain == 0.25
    in_two = gain_over_databases([False] * 200, [at < 50 for at in range(200)], databases, draws=300)
    assert in_two.gain == 0.25
    assert in_two.low < 0.1 < 0.45 < in_two.high


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (None, "there is no"),
        ("not JSON", "line 1"),
        ('{"kind": "header", "format": 2, "features": [], "comparator": "x", "run": {"model": "m"}}', "format 2 is unknown"),
        ('{"kind": "candidate", "id": "1", "db": "d", "candidate": 0, "features": [], "right": true}', "before the header"),
        ('{"kind": "mystery"}', "unknown"),
        ("", "at least 2 databases"),
    ],
)
def test_bad_data_is_a_sentence(tmp_path: Path, lines: str | None, sentence: str) -> None:
    data = tmp_path / "c.jsonl"
    if lines is not None:
        data.write_text(lines, encoding="utf-8")
    with pytest.raises(StageError, match=sentence) as caught:
        run_select(settings(tmp_path, data), quiet=True)
    assert caught.value.code == NO_DATA
    assert not (tmp_path / "run" / "ranker.json").exists()


def test_nothing_to_choose_is_a_sentence(tmp_path: Path) -> None:
    data = write_candidates(tmp_path / "c.jsonl", databases=4, questions=20, truth=lambda row: 0.0)
    with pytest.raises(StageError, match="no question has a right candidate beside a wrong one"):
        run_select(settings(tmp_path, data), quiet=True)


def test_files_of_two_versions_are_not_mixed(tmp_path: Path) -> None:
    first = write_candidates(tmp_path / "a.jsonl", databases=4, questions=20)
    second = write_candidates(tmp_path / "b.jsonl", databases=4, questions=20, names=FEATURES[:-1])
    with pytest.raises(StageError, match="other features"):
        run_select(replace(settings(tmp_path, first), data=(first, second)), quiet=True)


def test_the_command_runs_from_a_recipe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_candidates(tmp_path / "c.jsonl", databases=4, questions=60)
    recipe = tmp_path / "select.toml"
    recipe.write_text('[select]\nout = "run"\ndata = ["c.jsonl"]\nfolds = 3\nhidden = 0\n', encoding="utf-8")
    assert main(["select", "--recipe", str(recipe), "--set", "draws=100", "--quiet"]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "run" / "ranker.json")
    assert main(["select", "--recipe", str(recipe), "--set", "folds=1", "--quiet"]) == BAD_RECIPE


def test_databases_that_are_measured_on_are_not_learnt_from(tmp_path: Path) -> None:
    data = write_candidates(tmp_path / "c.jsonl", databases=5, questions=60)
    data.write_text(data.read_text(encoding="utf-8").replace('"db": "db4"', '"db": "Chinook_1"'), encoding="utf-8")
    run_select(settings(tmp_path, data), quiet=True)
    plan = read_events(tmp_path / "run" / "events.jsonl")[0]
    assert (plan["questions"], plan["databases"], plan["left_out"]) == (48, 4, 12)
    assert "12 left out" in plan["text"]
