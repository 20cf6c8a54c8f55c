"""What templates are made of: tables, columns and values drawn at random, conditions with their words, paths of joins with theirs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from joinery_trainer.synth.labels import Answer, answer_of, label_of
from joinery_trainer.synth.phrases import a, column_phrase, plural, singular, value_phrase, value_sql, words_of
from joinery_trainer.synth.schema import Column, Join, Kind, Schema, Table, quoted

T = TypeVar("T")
#: Words of columns by which a row is reached or kept, but hardly ever asked for.
_CONTACTS = frozenset(
    [
        "phone",
        "fax",
        "postal",
        "zip",
        "address",
        "email",
        "url",
        "homepage",
        "home",
        "path",
        "extension",
        "password",
        "comments",
        "notes",
        "photo",
        "update",
        "updated",
        "modified",
    ]
)

_FLAGS = frozenset(["0", "1", "y", "n", "yes", "no", "true", "false", "t", "f"])


class NoFit(Exception):
    """The schema has nothing that the template could take here; another template is tried."""


@dataclass(frozen=True)
class Condition:
    """A predicate, and how it is said behind ``whose``: ``age is greater than 30``."""

    sql: str
    words: str
    column: Column


@dataclass(frozen=True)
class Path:
    """Tables joined one after the other; ``tables[i]`` and ``tables[i + 1]`` by ``joins[i]``."""

    tables: tuple[Table, ...]
    joins: tuple[Join, ...]

    @property
    def first(self) -> Table:
        """Return the table whose rows are asked for."""
        return self.tables[0]

    @property
    def last(self) -> Table:
        """Return the table at the far end."""
        return self.tables[-1]

    def source(self) -> str:
        """Return what follows FROM."""
        text = quoted(self.first.name)
        for table, join in zip(self.tables[1:], self.joins, strict=True):
            text += f" JOIN {quoted(table.name)} ON {join.condition()}"
        return text

    @property
    def multiplies(self) -> bool:
        """Return whether one row of the first table may appear several times."""
        return any(join.parent == table.name for table, join in zip(self.tables, self.joins, strict=False))

    def words(self, condition: str) -> str:
        """Return the rows of the first table, tied to the last by words: ``tracks that belong to an album whose title is …``."""
        noun = f"{singular(self.last.name)}{condition}"
        for index in range(len(self.joins) - 1, -1, -1):
            nearer = self.tables[index]
            verb = "belong" if self.joins[index].child == nearer.name else "have"
            verb = verb if index == 0 else {"belong": "belongs", "have": "has"}[verb]
            link = f"that {verb} to {a(noun)}" if verb.startswith("belong") else f"that {verb} {a(noun)}"
            noun = f"{plural(nearer.name) if index == 0 else singular(nearer.name)} {link}"
        return noun


def _likely(column: Column) -> float:
    """Return how often people ask by such a column, against a category's 1."""
    if _CONTACTS & set(words_of(column.name)):
        return 0.15
    return 0.4 if column.kind == "text" and not column.categorical else 1.0


class Maker:
    """Draws the parts of one statement. All methods raise `NoFit` where the schema has no such part."""

    def __init__(self, schema: Schema, chance: random.Random) -> None:
        self.schema = schema
        self.chance = chance

    def table(self, *kinds: Kind, rows: int = 1) -> Table:
        """Return a table that has a column of each of these kinds and at least so many rows."""
        return self.pick([t for t in self.schema.tables if t.rows >= rows and all(t.of_kind(kind) for kind in kinds)])

    def column(self, table: Table, *kinds: Kind, other_than: Sequence[Column] = ()) -> Column:
        """Return a column of one of these kinds."""
        fits = [column for column in table.of_kind(*kinds) if column not in other_than and column.values]
        if not fits:
            raise NoFit
        return self.chance.choices(fits, [0.15 if _CONTACTS & set(words_of(column.name)) else 1.0 for column in fits])[0]

    def shown(self, table: Table, other_than: Sequence[Column] = ()) -> Column:
        """Return a column that people want to see: what rows are called by more often than others, text before others."""
        texts = [column for column in table.of_kind("text") if column not in other_than]
        if not texts:
            return self.column(table, "date", "number", other_than=other_than)
        label = label_of(table)
        return self.chance.choices(texts, [3.0 if column in label else _likely(column) for column in texts])[0]

    def answer(self, table: Table) -> Answer:
        """Return what stands for a row of the table: its label, which questions need not name, or its key, which they must."""
        found = answer_of(table)
        if found is None:
            raise NoFit
        return found

    def labelled(self, *kinds: Kind, rows: int = 2) -> tuple[Table, Answer]:
        """Return a table that has a label, and the label."""
        fits = [t for t in self.schema.tables if t.rows >= rows and all(t.of_kind(kind) for kind in kinds) and label_of(t)]
        table = self.pick(fits)
        return table, self.answer(table)

    def labelled_family(self) -> tuple[Table, Table, Join, Answer]:
        """Return a parent that has a label, its child, the key between them, and the label."""
        joins = [join for join in self.schema.joins if join.child != join.parent and label_of(self.schema.table(join.parent))]
        join = self.pick(joins)
        parent = self.schema.table(join.parent)
        return parent, self.schema.table(join.child), join, self.answer(parent)

    def category(self, table: Table) -> Column:
        """Return a column to group by."""
        fits = [column for column in table.columns if column.categorical and column.nulls < 0.6 and _likely(column) == 1]
        return self.pick([column for column in fits if not {str(value).lower() for value in column.values} <= _FLAGS])

    def path(self, length: int, start: Table | None = None) -> Path:
        """Return a path over ``length`` tables, none twice."""
        tables = [start or self.pick([t for t in self.schema.tables if self.schema.joins_of(t.name)])]
        joins: list[Join] = []
        while len(tables) < length:
            here = tables[-1].name
            seen = {table.name for table in tables}
            join = self.pick([join for join in self.schema.joins_of(here) if join.other(here) not in seen])
            joins.append(join)
            tables.append(self.schema.table(join.other(here)))
        return Path(tuple(tables), tuple(joins))

    def ascent(self, start: Table, joins: int) -> Path:
        """Return a path of so many joins, each from a child to its parent."""
        tables, taken = [start], []
        for _ in range(joins):
            seen = {table.name for table in tables}
            join = self.pick([join for join in self.schema.joins if join.child == tables[-1].name and join.parent not in seen])
            taken.append(join)
            tables.append(self.schema.table(join.parent))
        return Path(tuple(tables), tuple(taken))

    def family(self) -> tuple[Table, Table, Join]:
        """Return a parent, its child and the key between them."""
        join = self.pick([join for join in self.schema.joins if join.child != join.parent])
        return self.schema.table(join.parent), self.schema.table(join.child), join

    def condition(self, table: Table, *, alone: bool, other_than: Sequence[Column] = ()) -> Condition:
        """Return a predicate on a column of the table; ``alone`` leaves the qualifier out."""
        usable = [c for c in table.of_kind("text", "number", "date") if c not in other_than and len(c.values) > 1]
        if not usable:
            raise NoFit
        column = self.chance.choices(usable, [_likely(column) for column in usable])[0]
        name = quoted(column.name) if alone else column.sql
        said = column_phrase(column.name, table.name)
        if 0.05 <= column.nulls <= 0.95 and self.chance.random() < 0.15:
            known = self.chance.random() < 0.5
            return Condition(f"{name} IS {'NOT ' if known else ''}NULL", f"{said} is {'known' if known else 'missing'}", column)
        match column.kind:
            case "text":
                return self._text_condition(column, name, said)
            case "date":
                return self._date_condition(column, name, said)
            case _:
                return self._number_condition(column, name, said)

    def _text_condition(self, column: Column, name: str, said: str) -> Condition:
        value = str(self.pick([v for v in column.values if isinstance(v, str)]))
        form = self.chance.choices(["is", "not", "in", "contains", "starts"], [6, 1, 1, 1, 1])[0]
        if form == "not" and column.categorical:
            return Condition(f"{name} != {value_sql(value)}", f"{said} is not {value_phrase(value)}", column)
        if form == "in" and len(column.values) > 2:
            two = self.chance.sample([v for v in column.values if isinstance(v, str)], 2)
            said_two = " or ".join(map(value_phrase, two))
            return Condition(f"{name} IN ({', '.join(map(value_sql, two))})", f"{said} is {said_two}", column)
        word = self.chance.choice(value.split())
        if form == "contains" and len(word) >= 3 and word.isalpha():
            return Condition(f"{name} LIKE {value_sql(f'%{word}%')}", f"{said} contains {value_phrase(word)}", column)
        if form == "starts" and value[0].isalpha():
            return Condition(f"{name} LIKE {value_sql(value[0] + '%')}", f"{said} starts with {value_phrase(value[0])}", column)
        return Condition(f"{name} = {value_sql(value)}", f"{said} is {value_phrase(value)}", column)

    def _number_condition(self, column: Column, name: str, said: str) -> Condition:
        numbers = sorted(v for v in column.values if isinstance(v, int | float))
        middle = self.pick(numbers[len(numbers) // 5 : max(len(numbers) // 5 + 1, len(numbers) * 4 // 5)])
        sign, words = self.chance.choice(
            [(">", "is greater than"), ("<", "is less than"), (">=", "is at least"), ("<=", "is at most"), ("=", "is"), ("between", "")]
        )
        if sign == "between":
            low, high = sorted(self.chance.sample(numbers, 2))
            both = f"{name} BETWEEN {value_sql(low)} AND {value_sql(high)}"
            return Condition(both, f"{said} is between {value_phrase(low)} and {value_phrase(high)}", column)
        value = self.round(middle) if sign != "=" and min(numbers) < self.round(middle) < max(numbers) else middle
        return Condition(f"{name} {sign} {value_sql(value)}", f"{said} {words} {value_phrase(value)}", column)

    def round(self, number: float) -> float:
        """Return a number as people choose limits, with one or two digits that are not zero; now and then as it is."""
        if self.chance.random() < 0.3 or abs(number) < 10:
            return number
        return int(float(f"{number:.{self.chance.choice([0, 1])}e}"))

    def _date_condition(self, column: Column, name: str, said: str) -> Condition:
        day = str(self.pick(sorted(map(str, column.values))[1:-1] or list(map(str, column.values))))[:10]
        form = self.chance.choice(["after", "before", "year"])
        if form == "year":
            return Condition(f"STRFTIME('%Y', {name}) = '{day[:4]}'", f"{said} is in {day[:4]}", column)
        sign = ">" if form == "after" else "<"
        return Condition(f"{name} {sign} '{day}'", f"{said} is {form} {day}", column)

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options; `NoFit` for none."""
        if not options:
            raise NoFit
        return self.chance.choice(options)

    def number_between(self, low: int, high: int) -> int:
        """Return a whole number, both ends included."""
        return self.chance.randint(low, high)
