"""The arithmetic of rankers is the extension's, and a file that does not fit is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from joinery_trainer.select.ranker import Ranker, ranker_as_json, ranker_of, read_ranker

GOLDEN = json.loads((Path(__file__).parents[3] / "test/fixtures/ranker/scores.json").read_text(encoding="utf-8"))
PLAIN = {"format": 1, "features": ["a"], "mean": [0], "scale": [1], "weights": [1]}


@pytest.mark.parametrize("name", sorted(GOLDEN["rankers"]))
def test_scores_are_those_of_the_extension(name: str) -> None:
    ranker = ranker_of(GOLDEN["rankers"][name])
    for case in GOLDEN["cases"]:
        assert ranker.score_named(case["features"]) == pytest.approx(case["scores"][name], abs=1e-9)


def test_arithmetic() -> None:
    ranker = Ranker(("a", "b"), (1.0, 0.0), (2.0, 1.0), (3.0, 1.0), ((1.0, -1.0),), (0.5,), (10.0,))
    # z = (2, 1): 3·2 + 1·1 = 7; hidden 0.5 + 2 − 1 = 1.5, times 10 = 15.
    assert ranker.score((5.0, 1.0)) == pytest.approx(22.0)
    # z = (0, 4): 4; the hidden unit stays at 0.
    assert ranker.score_named({"a": 1.0, "b": 4.0}) == pytest.approx(4.0)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    ranker = Ranker(("a", "b"), (0.1, 0.2), (1.0, 3.0), (0.5, 1 / 3), ((0.1, 0.7),), (0.1,), (2.0,), rows_first=False)
    path = tmp_path / "ranker.json"
    path.write_text(ranker_as_json(ranker, {"fingerprint": "f"}), encoding="utf-8")
    assert read_ranker(path) == ranker
    assert json.loads(path.read_text(encoding="utf-8"))["fingerprint"] == "f"


@pytest.mark.parametrize(
    "change",
    [{"format": 2}, {"weights": [1, 2]}, {"scale": [0]}, {"mean": [float("inf")]}, {"hidden": [[1, 2]]}, {"hidden": [[1]], "bias": [], "out": [1]}],
)
def test_what_does_not_fit_is_refused(change: dict[str, object], tmp_path: Path) -> None:
    path = tmp_path / "ranker.json"
    path.write_text(json.dumps({**PLAIN, **change}), encoding="utf-8")
    with pytest.raises(ValueError, match=r"format|numbers|scale"):
        read_ranker(path)


@pytest.mark.parametrize("text", ["", "[]", '{"format": 1}', "{"])
def test_what_is_no_ranker_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "ranker.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises((ValueError, AttributeError)):
        read_ranker(path)
