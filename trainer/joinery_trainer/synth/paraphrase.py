"""
Stiff questions said as people would, by the local model itself, and only those kept that still mean the same: no literal is lost, and a statement
decoded back from the new question gives the old statement's result at least once in a few tries. CodeS (https://arxiv.org/abs/2402.16347) has a large
cloud model do this; whether a small one is good enough is measured, not assumed: the share that survives is reported.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from joinery_trainer.data.pairs import Pair
from joinery_trainer.sql.results import same_rows
from joinery_trainer.sql.sandbox import Limits, Outcome, run_select

_LIMITS = Limits(seconds=2, rows=2_000)
_LITERAL = re.compile(r"'((?:[^']|'')*)'|(?<![\w.])(\d+(?:\.\d+)?)(?![\w.])")
_ROWS_OF_LIMIT = re.compile(r"\bLIMIT\s+1\b", re.IGNORECASE)
#: A paraphrase longer than this share of the original has usually begun to talk.
_LONGEST = 2.5


class Rewriter(Protocol):
    """Says questions in other words."""

    def paraphrase(self, questions: Sequence[str], *, n: int, temperature: float, seed: int) -> list[list[str]]:
        """Return some ways of saying each question."""
        ...


class Decoder(Protocol):
    """Writes statements for questions, as the product's prompts ask for them."""

    def decode(self, pairs: Sequence[Pair], *, n: int, temperature: float, seed: int) -> list[list[str]]:
        """Return ``n`` statements for the question of each pair."""
        ...


@dataclass(frozen=True)
class Paraphrased:
    """What came of it. ``survived`` holds pairs with new questions, under new ids."""

    survived: tuple[Pair, ...]
    #: Why paraphrases were dropped, by number of them.
    dropped: Counter[str]
    asked: int

    @property
    def share(self) -> float:
        """Share 0..1 of the questions with a survivor."""
        return len(self.survived) / self.asked if self.asked else 0.0


def paraphrase_pairs(pairs: Sequence[Pair], rewriter: Rewriter, decoder: Decoder, *, tries: int = 2, checks: int = 3, seed: int = 1) -> Paraphrased:
    """Return at most one paraphrase per pair, the first that passes. The pairs themselves stay as they are, for the caller to keep as well."""
    dropped: Counter[str] = Counter()
    said = rewriter.paraphrase([pair.question for pair in pairs], n=tries, temperature=0.8, seed=seed)
    candidates: list[Pair] = []
    for pair, texts in zip(pairs, said, strict=True):
        for number, text in enumerate(dict.fromkeys(map(_cleaned, texts))):
            reason = unfit_reason(pair, text)
            if reason:
                dropped[reason] += 1
            else:
                candidates.append(replace(pair, id=f"{pair.id}-p{number}", question=text, source=f"{pair.source}:paraphrase"))
    survived: dict[str, Pair] = {}
    decoded = decoder.decode(candidates, n=checks, temperature=0.5, seed=seed)
    gold: dict[str, Outcome] = {}
    for candidate, statements in zip(candidates, decoded, strict=True):
        origin = candidate.id.rsplit("-p", 1)[0]
        if origin in survived:
            continue
        if origin not in gold:
            gold[origin] = _run(candidate, candidate.sql)
        if any(_same(gold[origin], candidate, statement) for statement in statements):
            survived[origin] = candidate
        else:
            dropped["no statement leads back"] += 1
    return Paraphrased(tuple(survived.values()), dropped, len(pairs))


def unfit_reason(pair: Pair, text: str) -> str:
    """Return why a text cannot stand for the question of ``pair``; '' when nothing speaks against it before a statement is decoded from it."""
    if not text or text.casefold() == pair.question.casefold():
        return "nothing new"
    if len(text) > _LONGEST * len(pair.question) + 20:
        return "too long"
    if re.search(r"\b(?:SELECT|FROM|JOIN)\b", text):
        return "a statement, not a question"
    lowered = text.casefold()
    if any(literal.casefold() not in lowered for literal in literals_of(pair.sql) if literal.casefold() in pair.question.casefold()):
        return "a literal is lost"
    return ""


def literals_of(sql: str) -> list[str]:
    """Return the texts and numbers of a statement that a question has to carry. LIMIT 1 is a superlative, not a number that anybody says."""
    found = _LITERAL.finditer(_ROWS_OF_LIMIT.sub("", sql))
    return [match[1].replace("''", "'") if match[1] is not None else match[2] for match in found]


def _cleaned(text: str) -> str:
    text = text.strip().splitlines()[0].strip() if text.strip() else ""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' and text.count('"') == 2 else text


def _run(pair: Pair, sql: str) -> Outcome:
    return run_select(str(pair.database), sql, _LIMITS)


def _same(gold: Outcome, pair: Pair, statement: str) -> bool:
    outcome = _run(pair, statement)
    ordered = "order by" in pair.sql.casefold()
    return gold.ran and outcome.ran and bool(gold.rows) and same_rows(gold.rows, outcome.rows, ordered=ordered)


def sample_of(pairs: Iterable[Pair], count: int) -> list[Pair]:
    """Return ``count`` of the pairs, evenly spread, all when there are fewer: paraphrasing takes seconds a question."""
    listed = list(pairs)
    return listed if len(listed) <= count else [listed[at * len(listed) // count] for at in range(count)]
