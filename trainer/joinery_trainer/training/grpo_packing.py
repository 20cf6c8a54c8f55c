"""
Between TRL's padded batches and packed rows: prompts that begin alike share their beginning, equal prompts and equal answers stand once, and every
answer gets the same numbers as if it had been computed alone. A group of eight answers to one question costs little more than one answer.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from joinery_trainer.losses.group_policy import Scores, score_targets
from joinery_trainer.packing.batch import to_batch
from joinery_trainer.packing.forward import target_logits
from joinery_trainer.packing.rows import Example, Row, make_row

Tokens = tuple[int, ...]


def score_padded(model: nn.Module, input_ids: Tensor, attention_mask: Tensor, kept: int, *, temperature: float, row_tokens: int) -> Scores:
    """Return scores [B, ``kept``] of the last ``kept`` columns of a padded batch [B, P + kept]; 0 where the mask is 0.

    Prompts are padded on the left, answers on the right, as TRL does. Rows hold at most ``row_tokens`` tokens, unless a single answer with its
    prompt has more.
    """
    prompts = _unpadded(input_ids[:, :-kept], attention_mask[:, :-kept])
    answers = _unpadded(input_ids[:, -kept:], attention_mask[:, -kept:])
    columns = [torch.zeros(len(prompts), kept, device=input_ids.device) for _ in Scores._fields]
    for members in _rows_of(prompts, answers, row_tokens):
        row = _row([prompts[at] for at in members], [answers[at] for at in members])
        batch = to_batch(row).to(input_ids.device)
        scores = score_targets(target_logits(model, batch), batch.labels, temperature)
        place = _places(row, batch.span_of_target)
        at_row = torch.tensor([at for at in members for _ in answers[at]], device=input_ids.device)
        at_column = torch.tensor([column for at in members for column in range(len(answers[at]))], device=input_ids.device)
        taken = torch.tensor([place[prompts[at], answers[at]] + k for at in members for k in range(len(answers[at]))], device=input_ids.device)
        columns = [column.index_put((at_row, at_column), values[taken]) for column, values in zip(columns, scores, strict=True)]
    return Scores(*columns)


def _unpadded(tokens: Tensor, mask: Tensor) -> list[Tokens]:
    return [tuple(row[kept.bool()].tolist()) for row, kept in zip(tokens, mask, strict=True)]


def _rows_of(prompts: Sequence[Tokens], answers: Sequence[Tokens], row_tokens: int) -> list[list[int]]:
    """Split the members of a batch into rows, in their order: a new row begins where the next member does not fit."""
    rows: list[list[int]] = []
    held: set[Tokens] = set()
    pairs: set[tuple[Tokens, Tokens]] = set()
    for at, (prompt, answer) in enumerate(zip(prompts, answers, strict=True)):
        if not answer:
            continue
        if not rows or _size({*held, prompt}, {*pairs, (prompt, answer)}) > row_tokens:
            rows.append([])
            held, pairs = set(), set()
        rows[-1].append(at)
        held.add(prompt)
        pairs.add((prompt, answer))
    return rows


def _size(prompts: set[Tokens], pairs: set[tuple[Tokens, Tokens]]) -> int:
    shared = _shared(list(prompts))
    return shared + sum(len(prompt) - shared for prompt in prompts) + sum(len(answer) for _, answer in pairs)


def _row(prompts: Sequence[Tokens], answers: Sequence[Tokens]) -> Row:
    by_prompt: dict[Tokens, dict[Tokens, None]] = {}
    for prompt, answer in zip(prompts, answers, strict=True):
        by_prompt.setdefault(prompt, {})[answer] = None
    shared = _shared(list(by_prompt))
    examples = [Example(str(at), "", prompt[shared:], tuple(distinct)) for at, (prompt, distinct) in enumerate(by_prompt.items())]
    return make_row(next(iter(by_prompt))[:shared], examples)


def _shared(prompts: Sequence[Tokens]) -> int:
    """Return how many tokens all prompts begin with; every prompt keeps one of its own, since an answer hangs on it."""
    if len(prompts) < 2:
        return 0
    first, last = min(prompts), max(prompts)
    # What the first and the last in order share, all share.
    equal = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), min(len(first), len(last)))
    return min(equal, min(map(len, prompts)) - 1)


def _places(row: Row, span_of_target: Tensor) -> dict[tuple[Tokens, Tokens], int]:
    """Return where the targets of each prompt and answer begin among all targets."""
    first: dict[int, int] = {}
    for at, span in enumerate(span_of_target.tolist()):
        first.setdefault(span, at)
    places: dict[tuple[Tokens, Tokens], int] = {}
    for at, span in enumerate(row.spans):
        if span.is_target:
            question = row.spans[span.parent]
            root = row.spans[question.parent].tokens if question.parent >= 0 else ()
            places[root + question.tokens, span.tokens] = first[at]
    return places
