from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from joinery_trainer.report.curves import Curve, draw, running_mean
from joinery_trainer.report.html import write_report
from joinery_trainer.stages.events import Events


def test_a_report_shows_scores_curves_and_answers_and_needs_nothing_else(tmp_path: Path) -> None:
    events = Events(tmp_path, "pipeline", quiet=True)
    events.tell("plan", {"left_out": {"synthesis: <b>twin": 3}}, "40 pairs")
    for step in range(30):
        events.of("sft").tell("step", {"step": step, "loss": 3 - step / 20})
    events.tell("score", {"set": "held_out", "before": 40.0, "after": 55.5, "low": 5.0, "high": 25.5, "n": 200})
    flags = {"right_before": False, "right_after": True}
    events.tell("sample", {"question": "How many <i>?", "before": "SELECT 1 < 2", "after": "", **flags})
    events.tell("done", {"accepted": True}, "the adapter is accepted")
    page = write_report(events.path, tmp_path / "report.html").read_text()
    for words in (
        "the adapter is accepted",
        "55.5 %",
        "[+5.0 to +25.5]",
        "&lt;b&gt;twin",
        "How many &lt;i&gt;?",
        "SELECT 1 &lt; 2",
        "no answer",
        "<svg",
    ):
        assert words in page
    assert "http://www.w3.org" in page
    assert page.count("http") == page.count("http://www.w3.org/2000/svg")
    assert "<script" not in page


def test_a_run_that_has_not_ended_says_so(tmp_path: Path) -> None:
    assert "not ended" in write_report(tmp_path / "events.jsonl", tmp_path / "r.html").read_text()


@pytest.mark.parametrize("points", [[], [(1, 2.0)], [(1, 2.0), (2, 2.0)], [(0, -1.0), (5, 4.0), (9, 0.5)]])
def test_curves_are_svg(points: list[tuple[float, float]]) -> None:
    root = ElementTree.fromstring(draw(Curve("Loss <x>", points)))
    lines = [line.get("points", "").split() for line in root if line.tag.endswith("polyline")]
    assert [len(line) for line in lines] == [len(points)] * 2
    for line in lines:
        assert all(0 <= float(x) <= 800 and 0 <= float(y) <= 240 for x, y in (point.split(",") for point in line))


def test_running_mean() -> None:
    assert running_mean([1, 2, 3, 10], 1) == [1.5, 2, 5, 6.5]
