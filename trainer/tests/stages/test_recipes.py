from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Literal

import pytest

from joinery_trainer.cli import STAGES, explain, main
from joinery_trainer.stages.errors import BAD_RECIPE, NO_MEMORY, NO_SPACE, STOPPED, StageError
from joinery_trainer.stages.pipeline_settings import PipelineSettings
from joinery_trainer.stages.recipe import load_recipe, make_settings

RECIPES = sorted((Path(__file__).parents[2] / "recipes").glob("*.toml"))


@dataclass(frozen=True)
class Some:
    out: Path
    rate: float = 0.1
    steps: int = 3
    files: tuple[Path, ...] = ()
    kind: Literal["a", "b"] = "a"
    start: Path | None = None
    deep: bool = False

    def __post_init__(self) -> None:
        if self.steps < 1:
            raise ValueError("steps is at least 1")


def settings_of(stage: str) -> type:
    module, _, name = STAGES[stage].settings.partition(":")
    return getattr(import_module(module), name)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.name)
def test_every_recipe_loads_and_says_how_it_is_run(recipe: Path) -> None:
    text = recipe.read_text()
    tables = tomllib.loads(text)
    assert tables
    for stage in tables:
        load_recipe(settings_of(stage), stage, recipe)
        assert f"joinery-trainer {stage} --recipe recipes/{recipe.name}" in text
    assert "# Hardware:" in text


@pytest.mark.parametrize("stage", sorted(STAGES))
def test_every_setting_has_its_line(stage: str) -> None:
    import dataclasses

    kinds = [kind for kind in settings_of(stage).__mro__ if dataclasses.is_dataclass(kind)]
    source = "\n".join(Path(import_module(kind.__module__).__file__ or "").read_text() for kind in kinds)
    lines = source.splitlines()
    for field in dataclasses.fields(settings_of(stage)):
        at = next(number for number, line in enumerate(lines) if line.startswith(f"    {field.name}: "))
        assert lines[at - 1].startswith("    #: "), f"{stage}.{field.name} says nothing of itself"


def test_an_empty_text_is_no_value_where_a_setting_may_have_none(tmp_path: Path) -> None:
    recipe = tmp_path / "r.toml"
    recipe.write_text('[x]\nout = "run"\nstart = "begun"\n')
    assert load_recipe(Some, "x", recipe, ["start="]).start is None
    with pytest.raises(StageError, match="rate"):
        load_recipe(Some, "x", recipe, ["rate="])


def test_ones_own_databases_start_from_the_adapter_that_comes_with_the_base() -> None:
    recipe = next(path for path in RECIPES if path.name == "own_databases.toml")
    settings = load_recipe(PipelineSettings, "pipeline", recipe)
    catalogue = json.loads((recipe.parents[2] / "models" / "catalog.json").read_text())
    adapters = [entry["file"] for entry in catalogue["adapters"] if entry["base"] == settings.model and entry["isDefault"]]
    assert settings.start is not None and settings.start.is_file()
    assert [settings.start.name] == adapters


def test_files_are_relative_to_the_recipe_and_overrides_to_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = tmp_path / "deep" / "r.toml"
    recipe.parent.mkdir()
    recipe.write_text('[x]\nout = "run"\nfiles = ["a", "b"]\nrate = 1\n')
    monkeypatch.chdir(tmp_path)
    found = load_recipe(Some, "x", recipe, ["start=begun", "steps=7", "deep=true", "kind=b"])
    assert found == Some(recipe.parent / "run", 1.0, 7, (recipe.parent / "a", recipe.parent / "b"), "b", tmp_path / "begun", True)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"out": "x", "rte": 1}, "'rate' is near"),
        ({"rate": 1}, "does not say out"),
        ({"out": "x", "steps": 1.5}, "not int"),
        ({"out": "x", "steps": True}, "not int"),
        ({"out": "x", "kind": "c"}, "not one of a, b"),
        ({"out": "x", "steps": 0}, "at least 1"),
        ({"out": 3}, "not Path"),
    ],
)
def test_what_is_wrong_with_a_recipe_is_said(values: dict[str, object], message: str) -> None:
    with pytest.raises(StageError, match=message) as caught:
        make_settings(Some, values)
    assert caught.value.code == BAD_RECIPE


@pytest.mark.parametrize(
    ("text", "message"),
    [(None, "there is no recipe"), ("[y]\n", "has no table"), ("not toml", "is not TOML"), ("x = 3", "has no table")],
)
def test_files_that_are_no_recipe(tmp_path: Path, text: str | None, message: str) -> None:
    file = tmp_path / "r.toml"
    if text is not None:
        file.write_text(text)
    with pytest.raises(StageError, match=message):
        load_recipe(Some, "x", file)


def test_an_override_needs_a_value() -> None:
    with pytest.raises(StageError, match="write key=value"):
        load_recipe(Some, "x", None, ["out"])


def test_the_command_ends_with_a_sentence_and_a_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sft", "--set", "base=x"]) == BAD_RECIPE
    assert "does not say out" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyboardInterrupt(), STOPPED),
        (OSError(28, "No space left on device"), NO_SPACE),
        (MemoryError(), NO_MEMORY),
        (RuntimeError("DefaultCPUAllocator: not enough memory"), NO_MEMORY),
        (ModuleNotFoundError("No module named 'torch'", name="torch"), 1),
        (TypeError("a mistake"), None),
    ],
)
def test_errors_that_a_user_can_do_something_about(error: BaseException, code: int | None) -> None:
    assert explain(error)[1] == code


def test_the_libraries_are_kept_from_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.delenv("HF_HUB_DISABLE_TELEMETRY", raising=False)
    main(["sft", "--set", "base=x"])
    assert (os.environ["HF_HUB_OFFLINE"], os.environ["HF_HUB_DISABLE_TELEMETRY"]) == ("1", "1")
