"""The stage from exported prompts to a file of preferences: from gold alone, and with a model process beside."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from joinery_trainer.cli import main
from joinery_trainer.preferences.build import run_preferences
from joinery_trainer.preferences.preference import read_preferences
from joinery_trainer.stages.errors import NO_DATA, StageError
from joinery_trainer.stages.events import read_events
from joinery_trainer.stages.preferences_settings import PreferencesSettings

GOLDS = {
    "a": "SELECT name FROM singer WHERE age > 30 AND country = 'France'",
    "b": "SELECT title FROM concert WHERE year = 2014",
    "c": "SELECT AVG(age) FROM singer",
}

#: Speaks `joinery complete`, and always proposes the same two answers.
FAKE = """
import json, sys
print(json.dumps({"kind": "ready"}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    begun = request["rest"][-1]["text"].rpartition("\\n")[2]
    texts = ["SELECT country FROM singer", "SELECT name FROM singer WHERE age > 30"]
    answers = [{"text": text[len(begun):], "count": 1, "logProbability": -1, "finish": "stop"} for text in texts if text.startswith(begun)]
    print(json.dumps({"id": request["id"], "completions": answers}), flush=True)
"""


def write_prompts(path: Path, database: Path, golds: dict[str, str]) -> Path:
    lines: list[dict[str, object]] = [{"kind": "header", "format": 1, "promptVersion": "test-1", "template": "chatml"}]
    lines.append({"kind": "prefix", "key": "p", "db": "concerts", "parts": [{"text": "schema"}]})
    for key, gold in golds.items():
        pair = {"id": key, "db": "concerts", "database": str(database), "question": "?", "sql": gold, "gold": gold, "prefixKey": "p"}
        lines.append({"kind": "pair", **pair, "rest": [{"text": "Q\n"}], "inGrammar": key != "c"})
    path.write_text("\n".join(map(json.dumps, lines)) + "\n")
    return path


@pytest.fixture
def settings(tmp_path: Path, database: Path) -> PreferencesSettings:
    return PreferencesSettings(out=tmp_path / "run", data=(write_prompts(tmp_path / "data.jsonl", database, GOLDS),), statements=3, steps=3)


def test_gold_alone_makes_preferences_and_a_report(settings: PreferencesSettings, tmp_path: Path) -> None:
    file = run_preferences(settings, quiet=True)
    found = read_preferences([file])
    assert {one.pair_id for one in found} == {"a", "b"} and {one.kind for one in found} == {"statement", "step"}
    done = read_events(settings.out / "events.jsonl")[-1]
    assert done["kind"] == "done" and done["preferences"] == len(found) and sum(done["sources"].values()) == len(found)
    assert not list(settings.out.glob("*.part"))
    again = run_preferences(replace(settings, out=tmp_path / "again"), quiet=True)
    other = run_preferences(replace(settings, out=tmp_path / "other", seed=2), quiet=True)
    assert again.read_text() == file.read_text() != other.read_text()
    whole = run_preferences(replace(settings, out=tmp_path / "whole", only_in_grammar=False, steps=0), quiet=True)
    assert {one.pair_id for one in read_preferences([whole])} == {"a", "b", "c"}
    assert {one.kind for one in read_preferences([whole])} == {"statement"}


def test_a_model_process_adds_what_it_gets_wrong(settings: PreferencesSettings, tmp_path: Path) -> None:
    script = tmp_path / "fake.py"
    script.write_text(FAKE)
    (tmp_path / "model.gguf").touch()
    file = run_preferences(replace(settings, model=tmp_path / "model.gguf", joinery=(sys.executable, str(script)), workers=1), quiet=True)
    own = [one for one in read_preferences([file]) if one.source == "model"]
    wrong = {(one.pair_id, one.kind, one.rejected) for one in own}
    assert ("a", "step", "SELECT country FROM singer") in wrong
    assert ("a", "statement", "SELECT name FROM singer WHERE age > 30;") in wrong
    assert ("a", "step", ";") in wrong  # it ends where the gold goes on


def test_a_model_that_breaks_off_leaves_what_it_gave_and_one_that_never_answers_is_said(settings: PreferencesSettings, tmp_path: Path) -> None:
    (tmp_path / "model.gguf").touch()
    for name, script, message in [
        ("dying", FAKE.replace("for line in sys.stdin", "for line, _ in zip(sys.stdin, 'abc')"), ""),
        ("dead", "", "failed"),
    ]:
        (tmp_path / f"{name}.py").write_text(script)
        run = replace(settings, out=tmp_path / name, model=tmp_path / "model.gguf", joinery=(sys.executable, str(tmp_path / f"{name}.py")), workers=1)
        if message:
            with pytest.raises(StageError, match=message):
                run_preferences(run, quiet=True)
            assert not (run.out / "preferences.jsonl").exists()
        else:
            assert any(one.source == "model" for one in read_preferences([run_preferences(run, quiet=True)]))


def test_what_makes_nothing_is_refused(settings: PreferencesSettings, tmp_path: Path, database: Path) -> None:
    empty = write_prompts(tmp_path / "empty.jsonl", database, {"a": "SELECT name FROM singer WHERE age > 200"})
    absent = write_prompts(tmp_path / "absent.jsonl", tmp_path / "absent.sqlite", GOLDS)
    for data, message in [((tmp_path / "none.jsonl",), "there is no"), ((empty,), "no preference"), ((absent,), "cannot be read: 2")]:
        with pytest.raises(StageError, match=message) as caught:
            run_preferences(replace(settings, out=tmp_path / "refused", data=data), quiet=True)
        assert caught.value.code == NO_DATA and not (tmp_path / "refused" / "preferences.jsonl").exists()


@pytest.mark.parametrize("setting", ["statements=-1", "children=0", "temperature=0", "unknown=1"])
def test_a_recipe_that_cannot_be_meant_is_refused(settings: PreferencesSettings, capsys: pytest.CaptureFixture[str], setting: str) -> None:
    given = ["--set", f"out={settings.out}", "--set", f"data=['{settings.data[0]}']", "--set", setting]
    assert main(["preferences", *given, "--quiet"]) == 3
    assert setting.split("=")[0] in capsys.readouterr().err
    assert main(["preferences", *given[:4], "--quiet"]) == 0
