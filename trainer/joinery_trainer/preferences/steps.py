"""
Preferences at the same prefix: a statement grows clause by clause as it is written, each beginning a statement that runs and a part of the gold's
tree (T3); at each of them the gold's next step is better than a sibling that is no part of it (Invalid), adds nothing (Redundant), or adds less.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot import TokenType

from joinery_trainer.decompose.tree import Kind, Tree, classify, tree_of
from joinery_trainer.preferences.mutations import mutated
from joinery_trainer.preferences.preference import Preference
from joinery_trainer.preferences.surface import in_style, surface
from joinery_trainer.preferences.trial import Trial
from joinery_trainer.prompts.exported import PromptPair
from joinery_trainer.synth.schema import Schema

_CLAUSES = frozenset(
    {
        TokenType.WHERE,
        TokenType.GROUP_BY,
        TokenType.HAVING,
        TokenType.ORDER_BY,
        TokenType.LIMIT,
        TokenType.OFFSET,
        TokenType.UNION,
        TokenType.INTERSECT,
        TokenType.EXCEPT,
        TokenType.AND,
    }
)
#: What may stand before JOIN and belongs to it.
_JOIN_WORDS = frozenset({TokenType.LEFT, TokenType.INNER, TokenType.OUTER, TokenType.CROSS, TokenType.FULL, TokenType.RIGHT, TokenType.NATURAL})


@dataclass(frozen=True)
class State:
    """A beginning of the gold that is a statement of its own."""

    sql: str
    tree: Tree
    #: R: how much of the gold it covers, 0..1.
    reward: float


def beginnings(sql: str) -> list[str]:
    """Return the texts up to each clause, join, condition and set operation outside parentheses, shortest first, and the whole. None need be SQL."""
    try:
        tokens = sqlglot.tokenize(sql, read="sqlite")
    except sqlglot.errors.SqlglotError:
        return []
    ends: list[int] = []
    depth = between = 0
    for at, token in enumerate(tokens):
        depth += (token.token_type == TokenType.L_PAREN) - (token.token_type == TokenType.R_PAREN)
        if depth > 0 or at == 0:
            continue
        if token.token_type == TokenType.BETWEEN:
            between += 1
        elif token.token_type == TokenType.AND and between:
            between -= 1
        elif token.token_type in _CLAUSES or _starts_join(tokens, at):
            ends.append(tokens[at - 1].end + 1)
    return [*(sql[:end] for end in dict.fromkeys(ends)), sql]


def _starts_join(tokens: list[sqlglot.tokens.Token], at: int) -> bool:
    kind = tokens[at].token_type
    return kind in _JOIN_WORDS | {TokenType.JOIN} and tokens[at - 1].token_type not in _JOIN_WORDS


def states_of(gold: str, trial: Trial) -> list[State]:
    """Return the states that a writer of the gold passes, each progress over the last and running. The last is the gold; none without a tree."""
    whole = tree_of(gold)
    states: list[State] = []
    covered = Tree()
    for text in beginnings(gold) if whole is not None else []:
        tree = tree_of(text)
        if whole is None or tree is None or classify(tree, covered, whole) != "progress" or not (text == gold or trial.runs(text)):
            continue
        states.append(State(text, tree, tree.similarity(whole)))
        covered = tree
    return states if states and states[-1].sql == gold else []


def value_of(step: Tree, before: Tree, gold: Tree) -> tuple[Kind, float]:
    """Return what a step is and R after it. One that is no progress leaves R where it was."""
    kind = classify(step, before, gold)
    return kind, step.similarity(gold) if kind == "progress" else before.similarity(gold) if before.nodes else 0.0


def step_preferences(pair: PromptPair, schema: Schema, trial: Trial, *, count: int, chance: random.Random, tally: Counter[str]) -> list[Preference]:
    """Return up to ``count`` preferences of one pair, drawn from all its states."""
    if in_style(pair.sql) is None:
        return []
    states = states_of(pair.sql, trial)
    found: list[Preference] = []
    for before, after in zip([None, *states], states, strict=False):
        found.extend(at_state(pair, before, after, _siblings(before, after, schema, chance), trial, per_state=count, tally=tally))
    chance.shuffle(found)
    tally["steps"] += len(found[:count])
    return found[:count]


def at_state(
    pair: PromptPair,
    before: State | None,
    after: State,
    siblings: Iterable[tuple[str, str]],
    trial: Trial,
    *,
    per_state: int,
    tally: Counter[str],
    siblings_end: bool = True,
) -> list[Preference]:
    """Return the preferences of the gold's step over siblings ``(source, statement)``, whole statements that begin with the state's text.

    Where the gold ends with its step, siblings end, too, unless ``siblings_end`` is False; a sibling that adds no text is the end of the answer.
    """
    whole = tree_of(pair.sql)
    start = before.sql if before is not None else ""
    ending = ";" if after.sql == pair.sql else ""
    found: list[Preference] = []
    for source, text in siblings:
        tree = tree_of(text)
        if whole is None or tree is None or len(found) >= per_state:
            continue
        kind, reward = value_of(tree, before.tree if before is not None else Tree(), whole)
        margin = after.reward - reward
        tally[kind] += 1
        if margin <= 0 or not trial.is_wrong(text, after.sql):
            continue
        rejected = ";" if text == start else text[len(start) :] + (ending if siblings_end else "")
        found.append(Preference(pair.id, start, after.sql[len(start) :] + ending, rejected, margin, "step", source))
    return found


def _siblings(before: State | None, after: State, schema: Schema, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Yield what could stand in the step's place: the end, and its mutations."""
    start = before.sql if before is not None else ""
    if start:
        yield "ends early", start
    step = in_style(after.sql)
    for name, candidate in mutated(step, schema, chance) if step is not None else ():
        text = surface(candidate)
        if text.startswith(start) and text not in (start, after.sql) and (not start or text[len(start)] == " "):
            yield name, text
