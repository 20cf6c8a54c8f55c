"""Ways of asking the same: questions, orders, keywords as typed into a search box, and hasty typing. Values lose at most the quotes around them."""

from __future__ import annotations

import random
import re
from dataclasses import replace

from joinery_trainer.synth.registry import Draft

_REGISTERS = ("question", "order", "keywords", "typos")
_WEIGHTS = (5, 4, 2, 1)
#: A value that stands out by itself: every word begins with a capital or a digit.
_PLAIN = re.compile(r'"([A-Z0-9][\w.&/-]+(?: [A-Z0-9&][\w.&/-]*)*)"')
_UNQUOTED = 0.5
#: "The cities of cities in France" and "the total total", where a column is called like its table or like its aggregate.
_TWICE = re.compile(r"\b(?:the )?(\w+) of (all |each |the )?\1\b")
_STUTTER = re.compile(r"\b(total|average|highest|lowest|latest|earliest) \1\b")
_ARTICLES = re.compile(r"\b(?:the|a|an|that|whose|all|of)\b ?|^each ")
_QUOTED = re.compile(r'("[^"]*")')


def say(draft: Draft, chance: random.Random) -> str:
    """Return one way of asking for a draft."""
    draft = replace(draft, phrase=_without_stutter(draft.phrase), asks=tuple(map(_without_stutter, draft.asks)))
    register = chance.choices(_REGISTERS, _WEIGHTS)[0]
    if register == "keywords":
        text = keywords(draft)
    elif draft.asks:
        text = chance.choice(draft.asks)
    else:
        text = question(draft, chance) if register == "question" or (register == "typos" and chance.random() < 0.5) else order(draft, chance)
    if register == "typos":
        text = with_typos(text, chance)
    return _PLAIN.sub(r"\1", text) if chance.random() < _UNQUOTED else text


def _without_stutter(text: str) -> str:
    return _TWICE.sub(r"\2\1", _STUTTER.sub(r"\1", text))


def question(draft: Draft, chance: random.Random) -> str:
    """Return it as a question."""
    if draft.counted:
        things, _, rest = draft.phrase.partition(" ")
        if draft.phrase.startswith("different ") or not rest:
            return f"How many {draft.phrase} are there?"
        ways = [f"How many {draft.phrase} are there?", f"What is the number of {things} {rest}?", f"How many {draft.phrase} do we have?"]
        return chance.choices(ways, [4, 3, 2])[0]
    if draft.phrase.startswith("each "):
        return f"What is {draft.phrase}?"
    return f"What {'is' if _is_single(draft.phrase) else 'are'} {draft.phrase}?"


def order(draft: Draft, chance: random.Random) -> str:
    """Return it as an order."""
    if draft.counted:
        return f"{chance.choice(['Count', 'Count all', 'Give the number of', 'Show the number of', 'Tell me the number of'])} {draft.phrase}."
    return f"{chance.choice(['Show', 'Show me', 'List', 'Give', 'Give me', 'Find', 'Return', 'I need'])} {draft.phrase}."


def keywords(draft: Draft) -> str:
    """Return it without small words."""
    text = f"number of {draft.phrase}" if draft.counted else draft.phrase
    return "".join(part if part.startswith('"') else _ARTICLES.sub("", part) for part in _QUOTED.split(text)).strip()


def with_typos(text: str, chance: random.Random) -> str:
    """Return it with one or two slips: letters swapped, left out or doubled in words of five and more letters."""
    parts = _QUOTED.split(text)
    words = [(at, match) for at in range(0, len(parts), 2) for match in re.finditer(r"(?<![A-Za-z])[a-z]{5,}", parts[at])]
    for at, match in sorted(chance.sample(words, min(len(words), chance.randint(1, 2))), key=lambda one: -one[1].start()):
        where = match.start() + chance.randint(1, len(match.group()) - 3)
        part = parts[at]
        slip = chance.choice(["swap", "drop", "double"])
        middle = {"swap": part[where + 1] + part[where], "drop": part[where + 1], "double": part[where] * 2 + part[where + 1]}[slip]
        parts[at] = part[:where] + middle + part[where + 2 :]
    return "".join(parts)


def _is_single(phrase: str) -> bool:
    first = re.split(r" (?:of|with|in|and) ", phrase, maxsplit=1)[0]
    return not first.endswith("s") or first.endswith("ss")
