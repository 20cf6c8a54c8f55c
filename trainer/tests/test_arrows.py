"""Who may import whom, read off the files: torch stays in three rooms, so that data, rewards and SQL work where it is not installed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "joinery_trainer"
FILES = sorted(PACKAGE.rglob("*.py"))
HEAVY = {"torch", "transformers", "peft", "trl", "accelerate", "datasets"}
MAY_IMPORT_TORCH = {"losses", "packing", "training"}
#: What a room must never import; a room not named here is free but for torch.
NEVER = {
    "sql": {"data", "synth", "decompose", "rewards", "rollouts", "preferences", "pipeline", "prompts", "stages", "training", "packing", "losses"},
    "data": {"rewards", "rollouts", "preferences", "pipeline", "training", "packing", "losses"},
    "decompose": {"rewards", "rollouts", "pipeline", "training", "packing", "losses", "stages"},
    "rewards": {"rollouts", "preferences", "pipeline", "training", "packing", "losses", "stages"},
    "losses": {"training", "pipeline", "rollouts", "stages", "data", "rewards"},
    "packing": {"training", "pipeline", "rollouts", "stages", "data", "rewards", "losses"},
    "report": {"training", "packing", "losses"},
    "evaluate": {"training", "packing", "losses", "stages"},
}


def room_of(file: Path) -> str:
    parts = file.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


def imports(nodes: list[ast.stmt]) -> Iterator[str]:
    """Modules imported when the file is: not inside functions, not for type checkers alone."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module or ""
        elif (isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.dump(node.test)) or isinstance(node, ast.Try):
            yield from imports(node.body)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_arrows(file: Path) -> None:
    found = set(imports(ast.parse(file.read_text(encoding="utf-8")).body))
    room = room_of(file)
    # A file of packing that says so has no torch either: rows are made where none is installed.
    if room not in MAY_IMPORT_TORCH or "Imports without torch." in file.read_text(encoding="utf-8"):
        assert not {name.split(".")[0] for name in found} & HEAVY
        assert not {name for name in found if name.startswith("joinery_trainer.training")}
    rooms = {name.split(".")[1] for name in found if name.startswith("joinery_trainer.")}
    assert not rooms & NEVER.get(room, set())


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_files_say_what_they_are_for_and_stay_short(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    if file.name != "__init__.py":
        assert ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) <= 400
