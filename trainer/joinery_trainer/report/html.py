"""
A run as one HTML file that needs nothing else: what was planned, the curves as SVG, scores with their intervals, what was left out, answers before
and after.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from joinery_trainer.report.curves import Curve, draw
from joinery_trainer.stages.events import read_events

Event = Mapping[str, Any]

_STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; } th, td { border-bottom: 1px solid #8886; padding: .3rem .8rem .3rem 0; text-align: left; vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
pre { white-space: pre-wrap; margin: 0; } svg { width: 100%; height: auto; } .bad { color: #b3261e; } .good { color: #1b7f3b; }
"""


def write_report(events_file: Path, out: Path, title: str = "Fine-tuning report") -> Path:
    """Write the report of a run's events to ``out`` and return it. Events of kinds that it does not know are left out."""
    events = read_events(events_file)
    parts = [_outcome(events), _scores(events), _steps(events), _curves(events), _plan(events), _samples(events)]
    body = "\n".join(part for part in parts if part)
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    page = f'<!doctype html><html lang="en">{head}<h1>{escape(title)}</h1>{body}</html>\n'
    out.write_text(page, encoding="utf-8")
    return out


def _of(events: Sequence[Event], kind: str) -> list[Event]:
    return [event for event in events if event["kind"] == kind]


def _outcome(events: Sequence[Event]) -> str:
    ends = [event for event in events if event["kind"] in ("done", "failed")]
    if not ends:
        return "<p>The run has not ended.</p>"
    last = ends[-1]
    kind = "bad" if last["kind"] == "failed" or last.get("accepted") is False else "good"
    return f'<p class="{kind}">{escape(str(last.get("text", last["kind"])))}</p>'


def _scores(events: Sequence[Event]) -> str:
    rows = [
        [event.get("set", ""), f"{event['before']} %", f"{event['after']} %", f"[{event['low']:+} to {event['high']:+}]", event["n"]]
        for event in _of(events, "score")
        if "before" in event
    ]
    return _table("Scores", ["set", "before", "after", "95 % interval of the gain, points", "questions"], rows) if rows else ""


def _steps(events: Sequence[Event]) -> str:
    """List the right answers of each adapter, the last time that it was measured, and what was said of steps that failed or did not help."""
    measured = {(event["adapter"], event["set"]): event for event in _of(events, "saved") if "right" in event and "adapter" in event}
    rows: list[list[object]] = [[adapter, name, event["right"], event["n"]] for (adapter, name), event in measured.items()]
    table = _table("Right answers", ["adapter", "set", "right", "questions"], rows) if rows else ""
    said = dict.fromkeys(str(event["text"]) for event in _of(events, "warning") if event.get("text"))
    return table + "".join(f"<p>{escape(text)}</p>" for text in said)


def _curves(events: Sequence[Event]) -> str:
    curves = [
        Curve(f"{name}{stage}", [(event["step"], event[key]) for event in members])
        for name, kind, key in (("Loss", "step", "loss"), ("Held-out loss", "score", "held_out_loss"), ("Mean reward", "reward", "reward"))
        for stage, members in _by_stage([event for event in _of(events, kind) if key in event])
    ]
    drawn = [f"<h2>{escape(curve.name)}</h2>{draw(curve)}" for curve in curves if len(curve.points) > 1]
    return "".join(drawn)


def _by_stage(events: Sequence[Event]) -> list[tuple[str, list[Event]]]:
    """Return events by their stage, which is named in brackets where there are several."""
    stages = list(dict.fromkeys(event["stage"] for event in events))
    return [(f" ({stage})" if len(stages) > 1 else "", [event for event in events if event["stage"] == stage]) for stage in stages]


def _plan(events: Sequence[Event]) -> str:
    rows = [[event["stage"], event.get("text", "")] for event in _of(events, "plan")]
    left_out = [
        [reason, count]
        for event in _of(events, "plan")
        for reason, count in (event["left_out"].items() if isinstance(event.get("left_out"), dict) else [])
        if count
    ]
    planned = _table("Plan", ["stage", "plan"], rows) if rows else ""
    return planned + (_table("Left out", ["reason", "pairs"], left_out) if left_out else "")


def _samples(events: Sequence[Event]) -> str:
    rows = [
        [event["question"], _Code(event["before"], event["right_before"]), _Code(event["after"], event["right_after"])]
        for event in _of(events, "sample")
    ]
    return _table("Answers that changed", ["question", "before", "after"], rows) if rows else ""


class _Code:
    """A statement in a cell, right or wrong."""

    def __init__(self, sql: str, right: bool) -> None:
        self.html = f'<span class="{"good" if right else "bad"}">{"right" if right else "wrong"}</span><pre>{escape(sql or "no answer")}</pre>'


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    def cell(value: object) -> str:
        if isinstance(value, _Code):
            return f"<td>{value.html}</td>"
        kind = ' class="number"' if isinstance(value, (int, float)) else ""
        return f"<td{kind}>{escape(str(value))}</td>"

    body = "".join(f"<tr>{''.join(map(cell, row))}</tr>" for row in rows)
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    return f"<h2>{escape(title)}</h2><table><tr>{heads}</tr>{body}</table>"
