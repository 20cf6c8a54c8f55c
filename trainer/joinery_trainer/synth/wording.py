"""Rows in words: behind a noun ("customers in France"), behind *which* ("which customers are in France"), and whole sentences of both."""

from __future__ import annotations

from dataclasses import dataclass

from joinery_trainer.synth.labels import Answer, label_of
from joinery_trainer.synth.maker import Condition, Maker, Path
from joinery_trainer.synth.phrases import a, column_phrase, plural, singular
from joinery_trainer.synth.registry import Draft
from joinery_trainer.synth.schema import Table

_PLACES = frozenset({"city", "country", "state", "region", "continent", "territory"})
#: How a comparison is said beside "with a price …", by the words of the condition; ``{}`` is the value.
_COMPARED = (
    ("is greater than ", ("greater than {}", "above {}", "over {}", "of more than {}", "higher than {}")),
    ("is less than ", ("less than {}", "below {}", "under {}", "lower than {}")),
    ("is at least ", ("of at least {}", "of {} or more")),
    ("is at most ", ("of at most {}", "of {} or less")),
    ("is between ", ("between {}",)),
    ("is after ", ("after {}", "later than {}")),
    ("is before ", ("before {}", "earlier than {}")),
    ("is in ", ("in {}",)),
    ("is not ", ("other than {}",)),
    ("starts with ", ("that starts with {}", "starting with {}")),
    ("contains ", ("that contains {}", "containing {}")),
)


@dataclass(frozen=True)
class Rows:
    """Some rows of a table. ``relative`` stands behind the noun, ``predicate`` behind *which* and the noun in the plural."""

    noun: str
    relative: str
    predicate: str

    @property
    def words(self) -> str:
        """Return noun and relative."""
        return f"{self.noun} {self.relative}".strip()


def rows_of(maker: Maker, table: Table, condition: Condition, more: Condition | None = None, word: str = "and") -> Rows:
    """Say the rows of one table that fulfil a condition, or two joined by ``word``, in one of several ways."""
    style = maker.chance.choice(_STYLES)
    relative, predicate = _clauses(maker, condition, style)
    if more is not None:
        other, also = _clauses(maker, more, style)
        both = f"{also.removeprefix('have ')}" if predicate.startswith("have ") and also.startswith("have ") else also
        relative, predicate = f"{relative} {word} {other}", f"{predicate} {word} {both}"
    return Rows(plural(table.name), relative, predicate)


def rows_along(maker: Maker, path: Path, condition: Condition) -> Rows:
    """Say the rows of a path's first table whose relative at its end fulfils a condition."""
    relative, _ = _clauses(maker, condition, maker.chance.choice(_STYLES))
    by_name = _name_in(path.last, condition) if maker.chance.random() < 0.7 else ""
    predicate, at = "", len(path.joins) - 1
    noun = path.last
    while at >= 0:
        many, one = f"{plural(noun.name)} {relative}", a(f"{singular(noun.name)} {_of_one(relative)}")
        if by_name and noun is path.last:
            many = one = f"the {singular(noun.name)} {by_name}"
        is_child = path.joins[at].child == path.tables[at].name
        if is_child and at > 0 and path.joins[at - 1].child == path.tables[at].name and maker.chance.random() < 0.7:
            # The table between two parents goes without saying: products of orders, not products of order lines of orders.
            at, is_child = at - 1, False
        ways = _BELONG if is_child else _HAVE
        relative, predicate = (form.format(many=many, one=one) for form in maker.chance.choice(ways))
        noun, at = path.tables[at], at - 1
    return Rows(plural(path.first.name), relative, predicate)


def _name_in(table: Table, condition: Condition) -> str:
    """Return the value that a condition wants of the table's label, in quotes; '' for any other condition."""
    said = column_phrase(condition.column.name, table.name)
    value = condition.words.removeprefix(f"{said} is ")
    alone = value.startswith('"') and value.count('"') == 2 and value.endswith('"')
    return value if alone and label_of(table) == (condition.column,) else ""


#: How rows are tied to their parents, and to their children: behind the noun, and behind *which*.
_BELONG = (("of {many}", "belong to {many}"), ("that belong to {one}", "belong to {one}"), ("of {many}", "are of {many}"))
_HAVE = (("with {many}", "have {many}"), ("that have {many}", "have {many}"), ("with {one}", "have {one}"))
_STYLES = ("with", "with", "whose", "where", "that")


def _of_one(relative: str) -> str:
    first, _, rest = relative.partition(" ")
    verb, _, behind = rest.partition(" ")
    return f"that {_SINGULAR[verb]} {behind}" if first == "that" and verb in _SINGULAR else relative


_SINGULAR = {"have": "has", "belong": "belongs", "are": "is"}


def _clauses(maker: Maker, condition: Condition, style: str) -> tuple[str, str]:
    """Return the condition behind a noun in the plural, and behind *which* and the noun."""
    said = column_phrase(condition.column.name, condition.column.table)
    with_it = _with(maker, said, condition.words.removeprefix(said).strip())
    is_place = with_it.startswith("in ")
    have = f"have no {said}"
    if is_place:
        with_it = f"from {with_it[3:]}" if style == "with" else with_it
        have = f"are {with_it}"
    elif with_it.startswith("with "):
        have = f"have {with_it.removeprefix('with ')}"
    behind = {"whose": f"whose {condition.words}", "where": f"where the {condition.words}", "that": f"that {have}"}
    return behind.get(style, with_it) if not (is_place and style == "that") else with_it, have


def _with(maker: Maker, said: str, rest: str) -> str:
    """Return ``with a price above 5``, ``without a fax`` or, for places, ``in "France"``."""
    if rest == "is missing":
        return f"without {a(said)}"
    if rest == "is known":
        return f"with {a(said)}"
    for beginning, forms in _COMPARED:
        if rest.startswith(beginning):
            return f"with {a(said)} {maker.chance.choice(forms).format(rest.removeprefix(beginning))}"
    value = rest.removeprefix("is ")
    if said in _PLACES and value.startswith('"'):
        return f"in {value}"
    return f"with the {said} {value}" if value.startswith('"') else f"with {a(said)} of {value}"


def which(sql: str, rows: Rows, answer: Answer) -> Draft:
    """Ask for rows by what stands for them; where that is a key, the question names it."""
    words, names = rows.words, answer.words(many=True)
    if answer.named:
        asks = (f"What are the {names} of {words}?", f"List the {names} of the {words}.", f"Give me the {names} of all {words}.")
        return Draft(sql, f"the {names} of {words}", asks=asks)
    asks = [
        f"Which {rows.noun} {rows.predicate}?",
        f"Which {rows.noun} {rows.predicate}?",
        f"What {rows.noun} {rows.predicate}?",
        f"Show all {words}.",
        f"Show me the {words}.",
        f"List the {words}.",
        f"List all {words}.",
        f"Give me all {words}.",
        f"Find {words}.",
        f"What are the {names} of {words}?",
        f"Give the {names} of {words}.",
    ]
    if answer.person:
        asks += [f"Who are the {words}?", f"Who are the {words}?"]
    return Draft(sql, words, asks=tuple(asks))


def how_many(sql: str, rows: Rows) -> Draft:
    """Ask for the number of rows."""
    asks = (
        f"How many {rows.noun} {rows.predicate}?",
        f"How many {rows.noun} {rows.predicate}?",
        f"How many {rows.words} are there?",
        f"How many {rows.words} do we have?",
        f"Count the {rows.words}.",
        f"What is the number of {rows.words}?",
    )
    return Draft(sql, rows.words, counted=True, asks=asks)


def the_one(sql: str, table: Table, answer: Answer, relative: str, predicate: str) -> Draft:
    """Ask for a single row: ``predicate`` stands behind *which* and the noun, in the singular; ``relative`` behind the noun."""
    noun = singular(table.name)
    if answer.named:
        return Draft(sql, f"the {answer.words()} of the {noun} {relative}")
    asks = [f"Which {noun} {predicate}?", f"Which {noun} {predicate}?", f"Show the {noun} {relative}.", f"Find the {noun} {relative}."]
    asks += [f"What is the {noun} {relative}?", f"What is the {answer.words()} of the {noun} {relative}?"]
    if answer.person:
        asks += [f"Who {predicate}?", f"Who is the {noun} {relative}?"]
    return Draft(sql, f"{noun} {relative}", asks=tuple(asks))


def figure(sql: str, phrase: str, *more: str) -> Draft:
    """Ask for a number or a table of numbers that ``phrase`` names ("the total revenue per country"), or by the sentences ``more``."""
    asks = (f"What is {phrase}?", f"Show {phrase}.", f"Give me {phrase}.", f"Calculate {phrase}.", *more, *more)
    return Draft(sql, phrase, asks=asks)
