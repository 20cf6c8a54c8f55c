"""What a template is: a function that draws its parts from a `Maker` and returns a statement with words; its difficulty; its constructs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from joinery_trainer.synth.maker import Maker

Level = Literal["easy", "medium", "hard", "extra"]

#: Parts of SQL that a model learns or unlearns as one thing. What conditions hold (LIKE, BETWEEN, a year) is drawn everywhere and not named.
Construct = Literal[
    "aggregate",
    "anti join",
    "case",
    "columns compared",
    "count",
    "date part",
    "days between",
    "derived table",
    "distinct",
    "group",
    "having",
    "is null",
    "join",
    "label",
    "left join",
    "offset",
    "order",
    "plain rows",
    "product",
    "scalar subquery",
    "self join",
    "set operation",
    "superlative child",
    "top",
    "two joins",
    "where",
]


@dataclass(frozen=True)
class Draft:
    """A statement and what it gives in words.

    ``counted`` says that ``phrase`` names things to be counted ("customers whose city is …"); otherwise it names what is shown ("the names of …").
    ``asks`` are whole sentences that ask for the same; where there are any, they are asked instead of sentences made around ``phrase``.
    """

    sql: str
    phrase: str
    counted: bool = False
    asks: tuple[str, ...] = ()


Template = Callable[[Maker], Draft]
#: Templates by difficulty.
TEMPLATES: dict[Level, list[Template]] = {"easy": [], "medium": [], "hard": [], "extra": []}
#: Constructs of each template by its name.
CONSTRUCTS: dict[str, frozenset[Construct]] = {}


def template(level: Level, *constructs: Construct) -> Callable[[Template], Template]:
    """Register a template under its difficulty, with the constructs that its statements may hold."""

    def register(made: Template) -> Template:
        TEMPLATES[level].append(made)
        CONSTRUCTS[made.__name__] = frozenset(constructs)
        return made

    return register
