"""The columns that stand for a row where a question names none: "which customers" wants their names. Read off names and data alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from joinery_trainer.synth.phrases import column_phrase, plural_column, words_of
from joinery_trainer.synth.schema import Column, Table, quoted

_NAMES = frozenset({"name", "title", "label", "caption", "headline"})
#: Names of something beside the row: who is called, where it is sent, what a person's parts are.
_OTHERS = frozenset(
    [
        "first",
        "last",
        "middle",
        "sur",
        "user",
        "file",
        "host",
        "path",
        "contact",
        "ship",
        "shipping",
        "billing",
        "given",
        "family",
        "nick",
        "maiden",
        "short",
        "job",
        "courtesy",
        "domain",
        "bank",
    ]
)
_FIRST = re.compile(r"(?:^|[a-z]+ |[a-z]+_)?(?:first ?name|given ?name|f ?name|forename)$")
_LAST = re.compile(r"(?:^|[a-z]+ |[a-z]+_)?(?:last ?name|sur ?name|family ?name|l ?name)$")
#: Share of different values from which a column tells rows apart.
_TELLS_APART = 0.9
_MOST_NULLS = 0.02


@dataclass(frozen=True)
class Answer:
    """Columns that a statement shows for each row."""

    columns: tuple[Column, ...]
    #: False when they need no name in the question.
    named: bool

    def sql(self, owner: str | None = None) -> str:
        """Return them as result columns: qualified by their table or by ``owner``; '' leaves the qualifier out."""
        if owner == "":
            return ", ".join(quoted(column.name) for column in self.columns)
        return ", ".join(f"{quoted(owner or column.table)}.{quoted(column.name)}" for column in self.columns)

    def words(self, *, many: bool = False) -> str:
        """Return how they are said: ``name``, ``first name and last name``."""
        # A key is said in full: "id" alone would be anybody's.
        said = [" ".join(words_of(column.name)) if self.named else column_phrase(column.name, column.table) for column in self.columns]
        return " and ".join(plural_column(phrase) if many else phrase for phrase in said)

    @property
    def person(self) -> bool:
        """Return whether it is a person's name in two parts, so that one may ask *who*."""
        return len(self.columns) == 2


def label_of(table: Table) -> tuple[Column, ...]:
    """Return the columns that people call a row of the table by: one name, or a person's first and last name; () when there are none."""
    texts = [column for column in table.columns if column.kind == "text" and column.nulls <= _MOST_NULLS]
    own = [column for column in texts if column_phrase(column.name, table.name) in _NAMES and column.variety >= _TELLS_APART]
    if own:
        return (own[0],)
    company = [column for column in texts if words_of(column.name) in (["company", "name"], ["full", "name"]) and column.variety >= _TELLS_APART]
    if company:
        return (company[0],)
    person = _person(texts)
    if person:
        return person
    names = [column for column in texts if _is_name(column) and column.variety >= _TELLS_APART]
    if names:
        return (names[0],)
    return (texts[0],) if len(texts) == 1 and texts[0].variety >= _TELLS_APART and table.rows > 1 else ()


def answer_of(table: Table) -> Answer | None:
    """Return what stands for a row: its label, else its only unique key, which the question then has to name; None when it has neither."""
    label = label_of(table)
    if label:
        return Answer(label, named=False)
    keys = [column for column in table.of_kind("key") if column.unique]
    return Answer((keys[0],), named=True) if len(keys) == 1 else None


def _person(texts: list[Column]) -> tuple[Column, ...]:
    first = [column for column in texts if _FIRST.match(_said(column))]
    last = [column for column in texts if _LAST.match(_said(column))]
    both = [(one, other) for one in first for other in last if _prefix(one) == _prefix(other)]
    return min(both, key=lambda pair: len(pair[0].name)) if both else ()


def _said(column: Column) -> str:
    return " ".join(words_of(column.name))


def _prefix(column: Column) -> str:
    return re.sub(r"(?:first|given|last|sur|family|fore|f|l) ?name$", "", _said(column))


def _is_name(column: Column) -> bool:
    words = words_of(column.name)
    return words[-1:] != [] and words[-1] in _NAMES and not _OTHERS & set(words)
