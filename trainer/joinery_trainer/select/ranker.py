"""The ranker as data and its arithmetic. The extension runs the same without Python (`core/nl2sql/rankCandidates.ts`); a file of golden scores,
`test/fixtures/ranker/scores.json`, holds both to it. Nothing is trained here, and nothing but plain floats is used.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: The format of the file that this code writes and reads.
FORMAT = 1


@dataclass(frozen=True)
class Ranker:
    """With ``z = (x − mean) / scale``: ``score = Σ weightᵢ·zᵢ + Σ outⱼ·max(0, biasⱼ + Σ hiddenⱼᵢ·zᵢ)``. Higher is better."""

    features: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    #: Rows of the hidden layer; empty for a linear ranker.
    hidden: tuple[tuple[float, ...], ...] = ()
    bias: tuple[float, ...] = ()
    out: tuple[float, ...] = ()
    #: Candidates with rows come before those with a row of NULLs and zeros, and these before those without rows, whatever the score.
    rows_first: bool = True

    def score(self, values: Sequence[float]) -> float:
        """Return the score of a candidate whose features are ``values``, in the order of ``features``."""
        inputs = [(value - mean) / scale for value, mean, scale in zip(values, self.mean, self.scale, strict=True)]
        total = _dot(self.weights, inputs)
        for row, bias, out in zip(self.hidden, self.bias, self.out, strict=True):
            total += out * max(0.0, bias + _dot(row, inputs))
        return total

    def score_named(self, values: Mapping[str, float]) -> float:
        """Return the score of named features; one that is not there counts as 0."""
        return self.score([values.get(name, 0.0) for name in self.features])


def _dot(weights: Sequence[float], inputs: Sequence[float]) -> float:
    total = 0.0
    for weight, value in zip(weights, inputs, strict=True):
        total += weight * value
    return total


def tier(no_rows: float, nothing: float) -> int:
    """Return 0 for rows, 1 for a row of NULLs and zeros, 2 for no rows: the order that ``rows_first`` keeps."""
    return 2 if no_rows else 1 if nothing else 0


def ranker_as_json(ranker: Ranker, facts: Mapping[str, Any]) -> str:
    """Return the file's text. ``facts`` (fingerprint of the data, figures of the measurement) stand beside the numbers for people."""
    return json.dumps(
        {
            "format": FORMAT,
            **facts,
            "rowsFirst": ranker.rows_first,
            "features": ranker.features,
            "mean": ranker.mean,
            "scale": ranker.scale,
            "weights": ranker.weights,
            "hidden": ranker.hidden,
            "bias": ranker.bias,
            "out": ranker.out,
        },
        indent=1,
    )


def ranker_of(entry: Mapping[str, Any]) -> Ranker:
    """Return the ranker in a file's content. Raises ValueError for another format and for numbers that do not fit."""
    if entry.get("format") != FORMAT:
        raise ValueError(f"format {entry.get('format')} is unknown, {FORMAT} is known")
    features = tuple(str(name) for name in entry["features"])
    hidden = tuple(_numbers(row, len(features), "hidden") for row in entry.get("hidden", ()))
    scale = _numbers(entry["scale"], len(features), "scale")
    if any(number <= 0 for number in scale):
        raise ValueError("scale is not above 0")
    return Ranker(
        features,
        _numbers(entry["mean"], len(features), "mean"),
        scale,
        _numbers(entry["weights"], len(features), "weights"),
        hidden,
        _numbers(entry.get("bias", ()), len(hidden), "bias"),
        _numbers(entry.get("out", ()), len(hidden), "out"),
        bool(entry.get("rowsFirst", True)),
    )


def read_ranker(path: Path) -> Ranker:
    """Read a ranker file. Raises ValueError when it cannot be used."""
    try:
        return ranker_of(json.loads(path.read_text(encoding="utf-8")))
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(f"{path.name} is no ranker: {error}") from error


def _numbers(values: Sequence[Any], size: int, name: str) -> tuple[float, ...]:
    numbers = tuple(float(value) for value in values)
    if len(numbers) != size or not all(math.isfinite(number) for number in numbers):
        raise ValueError(f"{name} is not {size} numbers")
    return numbers
