"""Preferences between whole statements: the gold against one that is nearly right, runs, and returns other rows."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable

from joinery_trainer.decompose.tree import tree_of
from joinery_trainer.preferences.mutations import mutated
from joinery_trainer.preferences.preference import Preference
from joinery_trainer.preferences.surface import in_style, surface
from joinery_trainer.preferences.trial import Trial
from joinery_trainer.prompts.exported import PromptPair
from joinery_trainer.synth.schema import Schema


def statement_preferences(
    pair: PromptPair, schema: Schema, trial: Trial, *, count: int, chance: random.Random, tally: Counter[str]
) -> list[Preference]:
    """Return up to ``count`` preferences of one pair, their mutations as different as the statement allows."""
    gold = in_style(pair.sql)
    if gold is None:
        tally["gold is not in the product's style"] += 1
        return []
    return against_gold(pair, ((name, surface(candidate)) for name, candidate in mutated(gold, schema, chance)), trial, count=count, tally=tally)


def against_gold(pair: PromptPair, candidates: Iterable[tuple[str, str]], trial: Trial, *, count: int, tally: Counter[str]) -> list[Preference]:
    """Return preferences of the gold over candidates ``(source, statement)``, the first ``count`` that are wrong.

    The margin is ``1 − R(candidate)``, R the likeness of the syntax trees: what has one wrong column loses by less than what has another join.
    """
    whole = tree_of(pair.sql)
    found: list[Preference] = []
    if whole is None or not trial.usable:
        tally["gold cannot be told from others"] += 1
        return found
    for source, text in candidates:
        if len(found) >= count:
            break
        tree = tree_of(text)
        if tree is None or text == pair.sql or not trial.is_wrong(text):
            continue
        found.append(Preference(pair.id, "", f"{pair.sql};", f"{text};", 1 - tree.similarity(whole), "statement", source))
    tally["statements"] += len(found)
    return found
