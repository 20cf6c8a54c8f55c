"""Dates in words: what happened to a row on a date ("orders shipped"), and years and months as people say them."""

from __future__ import annotations

from dataclasses import dataclass

from joinery_trainer.synth.maker import Maker
from joinery_trainer.synth.phrases import a, column_phrase, plural, singular, words_of
from joinery_trainer.synth.schema import Column, Table
from joinery_trainer.synth.wording import Rows

_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
#: What a word of a date's name says of its row.
_EVENTS = {
    "shipped": "shipped",
    "ship": "shipped",
    "hire": "hired",
    "hired": "hired",
    "birth": "born",
    "born": "born",
    "published": "published",
    "publication": "published",
    "pubdate": "published",
    "pub": "published",
    "released": "released",
    "release": "released",
    "returned": "returned",
    "return": "returned",
    "created": "created",
    "founded": "founded",
    "opened": "opened",
    "closed": "closed",
    "joined": "joined",
    "delivered": "delivered",
    "paid": "paid",
}
#: What happens to rows that are themselves events, where their date is called like them.
_DEEDS = {"order": "placed", "payment": "made", "purchase": "made", "booking": "made", "reservation": "made", "sale": "made"}


@dataclass(frozen=True)
class Period:
    """A span of time as a predicate on a column, and in words: ``in March 2004``."""

    sql: str
    words: str


def period(maker: Maker, column: Column, name: str) -> Period:
    """Draw a year, a month, or the time from or until a year, that the column has. ``name`` is the column as SQL text."""
    day = str(maker.pick([value for value in column.values if isinstance(value, str)]))
    year, month = day[:4], day[5:7]
    match maker.chance.choice(["year", "year", "month", "month", "since", "until"]):
        case "month" if 1 <= int(month) <= 12:
            return Period(f"STRFTIME('%Y-%m', {name}) = '{year}-{month}'", f"in {_MONTHS[int(month) - 1]} {year}")
        case "since":
            return Period(f"{name} >= '{year}-01-01'", f"in {year} or later")
        case "until":
            return Period(f"{name} < '{year}-01-01'", f"before {year}")
        case _:
            return Period(f"STRFTIME('%Y', {name}) = '{year}'", f"in {year}")


def happened(column: Column, table: Table) -> str:
    """Return the participle of what the date tells of a row (``shipped``); '' when its name tells none."""
    words = set(words_of(column.name))
    noun = singular(table.name).split()[-1]
    if noun in words and words <= {noun, "date", "on", "at", "time"}:
        return _DEEDS.get(noun, "")
    return next((_EVENTS[word] for word in words_of(column.name) if word in _EVENTS), "")


def rows_in(maker: Maker, table: Table, column: Column, when: str) -> Rows:
    """Say the rows whose date is ``when`` ("in 2004")."""
    said, done = column_phrase(column.name, table.name), happened(column, table)
    ways = [(f"with {a(said)} {when}", f"have {a(said)} {when}")]
    if done == "joined":
        ways += [(f"that joined {when}", f"joined {when}")] * 2
    elif done:
        ways += [(f"{done} {when}", f"were {done} {when}"), (f"that were {done} {when}", f"were {done} {when}")]
    if singular(table.name) in said:
        ways.append((when, f"are {when}" if not done else f"were {done} {when}"))
    return Rows(plural(table.name), *maker.chance.choice(ways))


def unit(maker: Maker) -> tuple[str, str]:
    """Draw a format of STRFTIME and the noun for its spans: year, or month of a year."""
    return maker.chance.choice([("%Y", "year"), ("%Y-%m", "month")])


def per_unit(column: Column, table: Table, noun: str) -> str:
    """Return ``per month``, with the date's name where the table's own date is not meant."""
    said = column_phrase(column.name, table.name)
    only = len(table.of_kind("date")) == 1
    return f"per {noun}" if only or singular(table.name) in said or said in ("date", "day") else f"per {noun} of the {said}"
