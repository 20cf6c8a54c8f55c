"""
Preferences as packed rows: schema prefix → questions → a tree of all their answers, in which what answers share stands once. The chosen and the
rejected answer of a pair are two paths in that tree, computed in one pass; what both begin with cancels in their difference. Imports without torch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from joinery_trainer.packing.rows import Example, Row, Span, pack
from joinery_trainer.preferences.preference import Preference
from joinery_trainer.prompts.exported import PromptPair, Tokenizer, encode_answer, encode_parts

Tokens = tuple[int, ...]


@dataclass(frozen=True)
class PreferencePair:
    """One preference in tokens: both answers whole, from the end of the prompt on."""

    chosen: Tokens
    rejected: Tokens
    margin: float


@dataclass(frozen=True)
class Question:
    """A question and the preferences after it."""

    key: str
    prefix_key: str
    tokens: Tokens
    pairs: tuple[PreferencePair, ...]


@dataclass(frozen=True)
class PreferenceRow:
    """A row with P preferences. Paths are indices of spans."""

    row: Row
    chosen: tuple[tuple[int, ...], ...]
    rejected: tuple[tuple[int, ...], ...]
    margins: tuple[float, ...]

    def __len__(self) -> int:
        return len(self.row)


def encode_preference(tokenizer: Tokenizer, preference: Preference) -> PreferencePair | None:
    """Return a preference in tokens; None when one answer is no more than the beginning of the other, which tells nothing."""
    chosen, rejected = (_encode(tokenizer, preference.prefix + text) for text in (preference.chosen, preference.rejected))
    shared = _shared([chosen, rejected])
    return PreferencePair(chosen, rejected, preference.margin) if shared < min(len(chosen), len(rejected)) else None


def _encode(tokenizer: Tokenizer, text: str) -> Tokens:
    if text.endswith(";"):
        return tuple(encode_answer(tokenizer, text.removesuffix(";")))
    return tuple(tokenizer.encode(text, add_special_tokens=False, split_special_tokens=True))


def questions_of(tokenizer: Tokenizer, preferences: Iterable[Preference], pairs: Mapping[str, PromptPair]) -> tuple[list[Question], int]:
    """Return the questions with their preferences, in the order of ``pairs``, and how many preferences told nothing.

    Raises KeyError for a preference whose pair is not among ``pairs``.
    """
    by_pair: dict[str, list[PreferencePair]] = {}
    alike = 0
    for preference in preferences:
        if preference.pair_id not in pairs:
            raise KeyError(preference.pair_id)
        encoded = encode_preference(tokenizer, preference)
        if encoded is None:
            alike += 1
        else:
            by_pair.setdefault(preference.pair_id, []).append(encoded)
    found = [
        Question(key, pair.prefix_key, tuple(encode_parts(tokenizer, pair.rest)), tuple(by_pair[key]))
        for key, pair in pairs.items()
        if key in by_pair
    ]
    return found, alike


@dataclass(frozen=True)
class PackedPreferences:
    """Rows, and the keys of the questions that fit into none."""

    rows: tuple[PreferenceRow, ...]
    too_long: tuple[str, ...]


def pack_preferences(
    questions: Sequence[Question], prefixes: Mapping[str, Sequence[int]], *, max_tokens: int, max_questions: int, seed: int
) -> PackedPreferences:
    """Pack questions of one prefix together; limits and seed as in `packing.rows.pack`."""
    by_key = {question.key: question for question in questions}
    # Only the number of tokens matters to packing; the tree is made when it is known what stands together.
    sizes = [Example(one.key, one.prefix_key, one.tokens, tuple(span.tokens for span in _tree(one, 0)[0])) for one in questions]
    packed = pack(sizes, prefixes, max_tokens=max_tokens, max_examples=max_questions, seed=seed)
    groups = ([by_key[key.removesuffix("/question")] for key in row.keys if key.endswith("/question")] for row in packed.rows)
    return PackedPreferences(tuple(make_preference_row(prefixes[group[0].prefix_key], group) for group in groups), packed.too_long)


def make_preference_row(prefix: Sequence[int], questions: Sequence[Question]) -> PreferenceRow:
    """Return the row of questions of one prefix. An empty prefix has no span."""
    spans = [Span(tuple(prefix), -1)] if prefix else []
    keys = ["prefix"] if prefix else []
    paths: dict[bool, list[tuple[int, ...]]] = {True: [], False: []}
    margins: list[float] = []
    for question in questions:
        spans.append(Span(question.tokens, 0 if prefix else -1))
        keys.append(f"{question.key}/question")
        answers, ways = _tree(question, len(spans) - 1)
        keys.extend(f"{question.key}/{at}" for at in range(len(answers)))
        spans.extend(answers)
        for pair in question.pairs:
            paths[True].append(ways[pair.chosen])
            paths[False].append(ways[pair.rejected])
            margins.append(pair.margin)
    return PreferenceRow(Row(tuple(spans), tuple(keys)), tuple(paths[True]), tuple(paths[False]), tuple(margins))


def plain_tokens(row: PreferenceRow) -> int:
    """Return the tokens of a row's preferences if each answer stood alone with its prompt: what training without packing reads."""
    spans = row.row.spans
    total = 0
    for way in (*row.chosen, *row.rejected):
        at = way[-1]
        while at >= 0:
            total += len(spans[at].tokens)
            at = spans[at].parent
    return total


def _tree(question: Question, parent: int) -> tuple[list[Span], dict[Tokens, tuple[int, ...]]]:
    """Return the spans of the answers, to stand right after the span ``parent``, and the path of each answer in them."""
    spans: list[Span] = []
    ways: dict[Tokens, tuple[int, ...]] = {}
    answers = dict.fromkeys(answer for pair in question.pairs for answer in (pair.chosen, pair.rejected))
    waiting: list[tuple[list[Tokens], int, int, tuple[int, ...]]] = [(list(answers), 0, parent, ())]
    while waiting:
        group, at, above, way = waiting.pop()
        by_next: dict[int, list[Tokens]] = {}
        for answer in group:
            if len(answer) == at:
                ways[answer] = way
            else:
                by_next.setdefault(answer[at], []).append(answer)
        for members in by_next.values():
            end = at + _shared([answer[at:] for answer in members])
            spans.append(Span(members[0][at:end], above, is_target=True))
            here = parent + len(spans)
            waiting.append((members, end, here, (*way, here)))
    return spans, ways


def _shared(answers: Sequence[Tokens]) -> int:
    """Return how many tokens all answers begin with."""
    least, greatest = min(answers), max(answers)
    return next((at for at, (one, other) in enumerate(zip(least, greatest, strict=False)) if one != other), min(len(least), len(greatest)))
