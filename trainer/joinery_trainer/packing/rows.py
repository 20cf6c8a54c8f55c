"""
Rows of a batch as trees of spans: a schema prefix, the questions asked after it, the answers given to each. What is shared stands once. A span
sees the spans that it hangs on and itself, never its siblings, and its positions go on from where its parent ends, so that every answer is computed
exactly as if it stood alone (`batch.py` makes the mask). Spider's training set shrinks to less than a third of its tokens. Imports without torch.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """A run of tokens in a row."""

    tokens: tuple[int, ...]
    #: Index of the span it goes on from, always an earlier one; -1 for the root.
    parent: int
    #: True when the model is to write these tokens: only they enter a loss.
    is_target: bool = False


@dataclass(frozen=True)
class Row:
    """One sequence for the model. ``keys[i]`` names what span i is, for whoever needs its log-probabilities back."""

    spans: tuple[Span, ...]
    keys: tuple[str, ...]

    def __len__(self) -> int:
        return sum(len(span.tokens) for span in self.spans)

    @property
    def targets(self) -> int:
        """Number of tokens that enter a loss."""
        return sum(len(span.tokens) for span in self.spans if span.is_target)


@dataclass(frozen=True)
class Example:
    """A question with one or more answers, in tokens, on the prefix that ``prefix_key`` names."""

    key: str
    prefix_key: str
    question: tuple[int, ...]
    answers: tuple[tuple[int, ...], ...]

    def __len__(self) -> int:
        return len(self.question) + sum(len(answer) for answer in self.answers)


class RowTooLongError(ValueError):
    """An example does not fit into a row. Cutting a schema or an answer would teach something wrong, so nothing is cut."""


@dataclass(frozen=True)
class Packed:
    """Rows, and the keys of the examples that fit into none."""

    rows: tuple[Row, ...]
    too_long: tuple[str, ...]


def pack(
    examples: Sequence[Example],
    prefixes: Mapping[str, Sequence[int]],
    *,
    max_tokens: int,
    max_examples: int,
    seed: int,
) -> Packed:
    """Pack examples of one prefix together, at most ``max_tokens`` tokens and ``max_examples`` examples a row.

    Examples are shuffled within their prefix and rows among each other, both by ``seed``. An example that does not fit with its prefix alone is
    named in ``too_long``. Raises KeyError for a prefix that is not given, ValueError for limits below 1.
    """
    if max_tokens < 1 or max_examples < 1:
        raise ValueError("rows need room for at least one token and one example")
    chance = random.Random(seed)
    by_prefix: dict[str, list[Example]] = {}
    for example in examples:
        by_prefix.setdefault(example.prefix_key, []).append(example)
    rows: list[Row] = []
    too_long: list[str] = []
    for key in sorted(by_prefix):
        prefix = tuple(prefixes[key])
        fitting = [example for example in by_prefix[key] if len(prefix) + len(example) <= max_tokens]
        too_long.extend(example.key for example in by_prefix[key] if len(prefix) + len(example) > max_tokens)
        chance.shuffle(fitting)
        for group in _groups(fitting, max_tokens - len(prefix), max_examples):
            rows.append(make_row(prefix, group))
    chance.shuffle(rows)
    return Packed(tuple(rows), tuple(too_long))


def _groups(examples: Sequence[Example], room: int, most: int) -> list[list[Example]]:
    """Split into as few groups as first fit finds, then even them out: a last row with one question would pay for a whole prefix."""
    count = len(_first_fit(examples, room, most))
    for size in range(-(-len(examples) // max(count, 1)), most + 1):
        evened = _first_fit(examples, room, size)
        if len(evened) <= count:
            return evened
    return _first_fit(examples, room, most)


def _first_fit(examples: Sequence[Example], room: int, most: int) -> list[list[Example]]:
    groups: list[list[Example]] = []
    left: list[int] = []
    for example in examples:
        fits = (index for index, group in enumerate(groups) if len(group) < most and left[index] >= len(example))
        place = next(fits, None)
        if place is None:
            groups.append([])
            left.append(room)
            place = len(groups) - 1
        groups[place].append(example)
        left[place] -= len(example)
    return groups


def make_row(prefix: Sequence[int], examples: Sequence[Example]) -> Row:
    """Return the tree prefix → questions → answers. An empty prefix has no span; questions then are roots of their own."""
    spans: list[Span] = []
    keys: list[str] = []
    root = -1
    if prefix:
        spans.append(Span(tuple(prefix), -1))
        keys.append("prefix")
        root = 0
    for example in examples:
        spans.append(Span(example.question, root))
        keys.append(f"{example.key}/question")
        parent = len(spans) - 1
        for at, answer in enumerate(example.answers):
            spans.append(Span(answer, parent, is_target=True))
            keys.append(f"{example.key}/{at}")
    return Row(tuple(spans), tuple(keys))


def plain_rows(examples: Sequence[Example], prefixes: Mapping[str, Sequence[int]]) -> list[Row]:
    """Return one row per answer with nothing shared: what training without packing computes, for comparison."""
    return [
        make_row(prefixes[example.prefix_key], [Example(example.key, example.prefix_key, example.question, (answer,))])
        for example in examples
        for answer in example.answers
    ]
