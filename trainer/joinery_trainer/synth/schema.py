"""A database as templates see it: tables with typed columns, values worth asking for, the joins between tables. It writes no text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import apsw

from joinery_trainer.sql.sandbox import Value, open_read_only

#: What a column may stand for in a template. A key identifies a row, so it is counted and joined but neither summed nor compared.
Kind = Literal["key", "number", "date", "text", "other"]

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T].*)?$")
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*$")
_RESERVED_WORDS = """all and as asc between by case check collate column commit create cross current default delete desc distinct drop else end
    escape except exists foreign from full group having if in index inner insert intersect into is isnull join key left like limit natural not
    notnull null of offset on or order outer primary references right select set table then to transaction union unique update using values
    when where with nothing do returning indexed window filter over"""
_RESERVED = frozenset(_RESERVED_WORDS.split())
_SAMPLE = 2_000
_KEPT_VALUES = 60


def quoted(name: str) -> str:
    """Return a name as SQL text: quoted only where it must be."""
    plain = _PLAIN_NAME.match(name) and name.lower() not in _RESERVED
    return name if plain else '"' + name.replace('"', '""') + '"'


@dataclass(frozen=True)
class Column:
    """One column. ``values`` are distinct sampled values that are not NULL, at most 60, from all parts of the sample."""

    table: str
    name: str
    kind: Kind
    values: tuple[Value, ...]
    #: Share of NULLs among the sampled rows.
    nulls: float
    #: True when no two sampled rows are the same.
    unique: bool
    #: Different values per sampled row that has one, 0..1.
    variety: float = 0.0

    @property
    def sql(self) -> str:
        """Return the qualified name as SQL text."""
        return f"{quoted(self.table)}.{quoted(self.name)}"

    @property
    def categorical(self) -> bool:
        """Return whether rows can be grouped by it in a way that somebody would ask for."""
        return self.kind == "text" and not self.unique and 2 <= len(self.values) <= 40


@dataclass(frozen=True)
class Join:
    """A key from one table to another. ``child_columns[i] = parent_columns[i]``."""

    child: str
    child_columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]

    def condition(self) -> str:
        """Return the ON condition."""
        pairs = zip(self.child_columns, self.parent_columns, strict=True)
        return " AND ".join(f"{quoted(self.child)}.{quoted(a)} = {quoted(self.parent)}.{quoted(b)}" for a, b in pairs)

    def other(self, table: str) -> str:
        """Return the table at the other end."""
        return self.parent if table == self.child else self.child


@dataclass(frozen=True)
class Table:
    """A table with at least one row."""

    name: str
    columns: tuple[Column, ...]
    rows: int

    def of_kind(self, *kinds: Kind) -> list[Column]:
        """Return its columns of these kinds."""
        return [column for column in self.columns if column.kind in kinds]


@dataclass(frozen=True)
class Schema:
    """What templates are filled from."""

    database: Path
    tables: tuple[Table, ...]
    joins: tuple[Join, ...]
    _by_name: dict[str, Table] = field(default_factory=dict, repr=False, compare=False)

    def table(self, name: str) -> Table:
        """Return a table by name; KeyError for one that has no rows."""
        if not self._by_name:
            self._by_name.update({table.name: table for table in self.tables})
        return self._by_name[name]

    def joins_of(self, table: str) -> list[Join]:
        """Return the joins of a table with other tables."""
        return [join for join in self.joins if table in (join.child, join.parent) and join.child != join.parent]


def read_schema(database: Path, relations: Iterable[Join] = ()) -> Schema:
    """Read a database. ``relations`` are joins that no key declares, such as `joinery schema --json` infers. Tables without rows are left out."""
    connection = open_read_only(database)
    # The statements are our own, and the authorizer of generated ones would refuse to tell the schema.
    connection.authorizer = None
    try:
        names = [str(row[0]) for row in _rows(connection, _TABLES)]
        tables = [table for table in (_read_table(connection, name) for name in names) if table is not None]
        known = {table.name for table in tables}
        declared = [join for name in sorted(known) for join in _declared(connection, name)]
    finally:
        connection.close()
    found: dict[tuple[object, ...], Join] = {}
    for join in [*declared, *relations]:
        if {join.child, join.parent} <= known:
            found.setdefault((join.child, join.child_columns, join.parent), join)
    return Schema(database, tuple(tables), tuple(sorted(found.values(), key=lambda join: (join.child, join.child_columns, join.parent))))


_TABLES = """SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name"""


def _rows(connection: apsw.Connection, sql: str) -> Sequence[tuple[Value, ...]]:
    return list(connection.execute(sql))


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _read_table(connection: apsw.Connection, name: str) -> Table | None:
    info = _rows(connection, f"SELECT name, type, pk FROM pragma_table_info({_text(name)})")
    keys = {str(row[0]) for row in _rows(connection, f'SELECT "from" FROM pragma_foreign_key_list({_text(name)})')}
    keys |= {str(row[0]) for row in info if row[2]}
    columns: list[Column] = []
    rows = 0
    for column, declared, _ in info:
        sampled = [row[0] for row in _rows(connection, f"SELECT {quoted(str(column))} FROM {quoted(name)} LIMIT {_SAMPLE}")]
        rows = max(rows, len(sampled))
        columns.append(_column(name, str(column), str(declared or ""), sampled, is_key=str(column) in keys))
    return Table(name, tuple(columns), rows) if rows > 0 else None


def _column(table: str, name: str, declared: str, sampled: Sequence[Value], *, is_key: bool) -> Column:
    present = [value for value in sampled if value is not None]
    distinct = list(dict.fromkeys(value for value in present if not isinstance(value, bytes)))
    unique = len(distinct) == len(present) > 1
    kind = _kind(name, declared, distinct, is_key=is_key)
    usable = [value for value in distinct if not isinstance(value, str) or _can_be_said(value)]
    nulls = 1 - len(present) / len(sampled) if sampled else 0.0
    return Column(table, name, kind, _spread(usable), nulls, unique, len(distinct) / len(present) if present else 0.0)


def _spread(values: Sequence[Value]) -> tuple[Value, ...]:
    """Return at most 60 of the values, from all along: the first ones of a table are its oldest."""
    kept = min(len(values), _KEPT_VALUES)
    return tuple(values[at * len(values) // kept] for at in range(kept))


def _can_be_said(text: str) -> bool:
    return 0 < len(text) <= 40 and text.isprintable() and text.strip() == text and '"' not in text


def _kind(name: str, declared: str, values: Sequence[Value], *, is_key: bool) -> Kind:
    if is_key or re.search(r"(?:^|_)(?:id|guid|uuid|code|key)$", name, re.IGNORECASE) or re.search(r"[a-z]I[dD]$", name):
        return "key"
    if not values:
        return "other"
    texts = [value for value in values if isinstance(value, str)]
    if texts and len(texts) == len(values):
        if sum(bool(_DATE.match(text)) for text in texts) >= 0.9 * len(texts):
            return "date"
        return "other" if re.search(r"BLOB|JSON", declared, re.IGNORECASE) or max(map(len, texts)) > 200 else "text"
    return "number" if len(texts) == 0 else "other"


def _declared(connection: apsw.Connection, table: str) -> list[Join]:
    rows = _rows(connection, f'SELECT id, "table", "from", "to" FROM pragma_foreign_key_list({_text(table)}) ORDER BY id, seq')
    parents = {str(row[0]).lower(): str(row[0]) for row in _rows(connection, _TABLES)}
    joins: list[Join] = []
    for identity in dict.fromkeys(row[0] for row in rows):
        parts = [row for row in rows if row[0] == identity]
        parent = parents.get(str(parts[0][1]).lower())
        if parent is None:
            continue
        targets = [str(row[3]) for row in parts if row[3] is not None]
        if not targets:
            primary = f"SELECT name FROM pragma_table_info({_text(parent)}) WHERE pk > 0 ORDER BY pk"
            targets = [str(row[0]) for row in _rows(connection, primary)]
        if len(targets) == len(parts):
            joins.append(Join(table, tuple(str(row[2]) for row in parts), parent, tuple(targets)))
    return joins
