"""Reads a completion: what was thought, what was answered, and whether it has the form that the target asks for. It does not run anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from sqlglot import TokenError, tokenize
from sqlglot.tokens import TokenType

from joinery_trainer.sql.clauses import parse

Target = Literal["sql", "think", "ir"]

_TAGS = ("<think>", "</think>", "<answer>", "</answer>")
_FENCE = re.compile(r"```sql\s*\n(.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Completion:
    """A completion taken apart. ``sql`` is empty when there is none; for ``ir`` it is what was written, until it is compiled."""

    well_formed: bool
    think: str
    answer: str
    sql: str


def read_completion(completion: object, target: Target = "sql") -> Completion:
    """Take a completion apart.

    ``completion`` is a string or, as TRL gives it for chats, a list of messages with ``content``; anything else is an ill-formed one. For
    ``sql`` the form is one bare SELECT or WITH, for ``ir`` such a one without FROM and JOIN; for ``think`` each tag once, in order, with a non-empty
    ``sql`` fence in the answer.
    """
    text = text_of(completion)
    if target == "think":
        return _read_think(text)
    read = _read_sql(text)
    return Completion(False, "", text, "") if target == "ir" and _names_sources(read.sql) else read


def text_of(completion: object) -> str:
    """Return the text of a completion in either of TRL's forms; '' for anything else."""
    if isinstance(completion, str):
        return completion
    if isinstance(completion, list | tuple) and completion and isinstance(completion[-1], dict):
        content = completion[-1].get("content")
        return content if isinstance(content, str) else ""
    return ""


def _read_sql(text: str) -> Completion:
    sql = text.strip().removesuffix(";").rstrip()
    is_query = re.match(r"(?:SELECT|WITH)\b", sql, re.IGNORECASE) is not None and "```" not in sql
    # What does not parse here may still run on SQLite, which alone decides that; two statements are no bare one.
    well_formed = is_query and (parse(sql) is not None or ";" not in sql)
    return Completion(well_formed, "", text, sql if well_formed else "")


def _read_think(text: str) -> Completion:
    places = [text.find(tag) for tag in _TAGS]
    once = all(text.count(tag) == 1 for tag in _TAGS)
    if not once or places != sorted(places):
        return Completion(False, "", "", "")
    think = text[places[0] + len(_TAGS[0]) : places[1]]
    answer = text[places[2] + len(_TAGS[2]) : places[3]]
    fences = _FENCE.findall(answer)
    sql = fences[-1].strip() if fences else ""
    return Completion(sql != "", think, answer, sql)


def _names_sources(sql: str) -> bool:
    """Return whether a statement says where its rows come from. One that cannot be taken apart does not: SQLite will refuse it."""
    try:
        tokens = tokenize(sql, read="sqlite")
    except (TokenError, ValueError):
        return False
    # A FROM behind DISTINCT belongs to the comparison IS DISTINCT FROM.
    before = [None, *(token.token_type for token in tokens)]
    return any(
        token.token_type is TokenType.JOIN or (token.token_type is TokenType.FROM and last is not TokenType.DISTINCT)
        for last, token in zip(before, tokens, strict=False)
    )
