"""Curves as SVG text. Ten numbers and a line need no library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 800, 240, 60, 24


@dataclass(frozen=True)
class Curve:
    """Points ``(step, value)`` in order of their steps."""

    name: str
    points: Sequence[tuple[float, float]]


def draw(curve: Curve) -> str:
    """Return an SVG of the curve: every point faint, and a running mean that the eye can follow. Fewer than two points draw an empty frame."""
    xs, ys = [x for x, _ in curve.points], [y for _, y in curve.points]
    low_x, high_x, low_y, high_y = *_range(xs), *_range(ys)

    def place(x: float, y: float) -> str:
        at_x = _LEFT + (x - low_x) / (high_x - low_x) * (_WIDTH - _LEFT - 8)
        at_y = 8 + (high_y - y) / (high_y - low_y) * (_HEIGHT - _BOTTOM - 16)
        return f"{at_x:.1f},{at_y:.1f}"

    smooth = running_mean(ys, max(1, len(ys) // 25))
    lines = [
        f'<polyline fill="none" stroke="currentColor" stroke-opacity=".25" points="{" ".join(map(place, xs, ys))}"/>',
        f'<polyline fill="none" stroke="#0b6bcb" stroke-width="2" points="{" ".join(map(place, xs, smooth))}"/>',
    ]
    labels = [
        _text(_LEFT - 6, 16, f"{high_y:.3g}", "end"),
        _text(_LEFT - 6, _HEIGHT - _BOTTOM - 4, f"{low_y:.3g}", "end"),
        _text(_LEFT, _HEIGHT - 6, f"step {low_x:.0f}", "start"),
        _text(_WIDTH - 8, _HEIGHT - 6, f"{high_x:.0f}", "end"),
    ]
    title = f"<title>{escape(curve.name)}: from {ys[0]:.3g} to {ys[-1]:.3g}</title>" if ys else ""
    return f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" xmlns="http://www.w3.org/2000/svg">{title}{"".join(lines)}{"".join(labels)}</svg>'


def running_mean(values: Sequence[float], reach: int) -> list[float]:
    """Return the mean of each value with ``reach`` neighbours on both sides, fewer at the ends."""
    means = []
    for at in range(len(values)):
        window = values[max(0, at - reach) : at + reach + 1]
        means.append(sum(window) / len(window))
    return means


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=1.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" font-size="12" fill="currentColor" text-anchor="{anchor}">{escape(words)}</text>'
