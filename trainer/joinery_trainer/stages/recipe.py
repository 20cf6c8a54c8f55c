"""
Recipes: the settings of a stage as TOML, one dataclass per stage. A key that the stage does not know, or a value of another type, is an error with
the nearest known name: a misspelt learning rate must not train for an hour with the default.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
import tomllib
import types
import typing
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from joinery_trainer.stages.errors import BAD_RECIPE, StageError

Settings = TypeVar("Settings")


def load_recipe(kind: type[Settings], stage: str, path: Path | None, overrides: Sequence[str] = ()) -> Settings:
    """Return the settings of ``stage``: the table of that name in the file at ``path``, changed by ``key=value`` overrides (values as in TOML).

    Relative paths in the file are relative to its folder, those of overrides to the working folder. An empty text is no value where a setting may
    have none. Raises StageError with a sentence.
    """
    values: dict[str, Any] = {}
    if path is not None:
        values = _anchored(kind, _table(path, stage), path.resolve().parent)
    changed = dict(_override(text) for text in overrides)
    return make_settings(kind, {**values, **_anchored(kind, changed, Path.cwd())})


def make_settings(kind: type[Settings], values: Mapping[str, Any]) -> Settings:
    """Return the dataclass ``kind`` with ``values``; every key and every type is checked."""
    known = {entry.name: entry for entry in dataclasses.fields(kind)}  # type: ignore[arg-type]
    hints = typing.get_type_hints(kind)
    for key in values:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            raise StageError(f"the recipe says {key!r}, which this stage does not know{f'; {near[0]!r} is near' if near else ''}", BAD_RECIPE)
    missing = [name for name, entry in known.items() if _required(entry) and name not in values]
    if missing:
        raise StageError(f"the recipe does not say {', '.join(missing)}", BAD_RECIPE)
    try:
        return kind(**{key: _checked(key, value, hints[key]) for key, value in values.items()})
    except ValueError as error:
        raise StageError(f"the recipe cannot be used: {error}", BAD_RECIPE) from error


def settings_as_json(settings: object) -> str:
    """Return settings as JSON text, paths as strings."""
    return json.dumps(dataclasses.asdict(settings), default=str, indent=2)  # type: ignore[call-overload]


def _table(path: Path, stage: str) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            tables = tomllib.load(file)
    except FileNotFoundError as error:
        raise StageError(f"there is no recipe {path}", BAD_RECIPE) from error
    except tomllib.TOMLDecodeError as error:
        raise StageError(f"{path.name} is not TOML: {error}", BAD_RECIPE) from error
    table = tables.get(stage)
    if not isinstance(table, dict):
        raise StageError(f"{path.name} has no table [{stage}]; it has {', '.join(tables) or 'none'}", BAD_RECIPE)
    return table


def _override(text: str) -> tuple[str, Any]:
    key, sign, value = text.partition("=")
    if not sign or not key:
        raise StageError(f"{text!r} is no setting; write key=value", BAD_RECIPE)
    try:
        return key, tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return key, value  # a bare word is a text


def _anchored(kind: type, values: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)

    def anchor(key: str, value: Any) -> Any:  # noqa: ANN401 - a value of TOML
        if Path not in _leaves(hints.get(key)):
            return value
        if isinstance(value, str) and value:
            return str(folder / Path(value).expanduser())
        return [str(folder / Path(one).expanduser()) for one in value] if isinstance(value, list) else value

    return {key: anchor(key, value) for key, value in values.items()}


def _leaves(hint: Any) -> set[Any]:  # noqa: ANN401 - a type
    arguments = typing.get_args(hint)
    return {hint} if not arguments or typing.get_origin(hint) is typing.Literal else set().union(*(_leaves(one) for one in arguments))


def _required(entry: dataclasses.Field[Any]) -> bool:
    return entry.default is dataclasses.MISSING and entry.default_factory is dataclasses.MISSING


def _checked(key: str, value: Any, hint: Any) -> Any:  # noqa: ANN401 - a value of TOML and a type
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        if type(None) in arguments and value in (None, ""):
            return None
        return _checked(key, value, next(one for one in arguments if one is not type(None)))
    if origin is typing.Literal:
        if value in arguments:
            return value
        raise ValueError(f"{key} is {value!r}, not one of {', '.join(map(str, arguments))}")
    if origin is tuple:
        listed = value if isinstance(value, list) else [value]
        return tuple(_checked(key, one, arguments[0]) for one in listed)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if hint is Path and isinstance(value, str):
        return Path(value)
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise ValueError(f"{key} is {value!r}, not {getattr(hint, '__name__', hint)}")
    return value
