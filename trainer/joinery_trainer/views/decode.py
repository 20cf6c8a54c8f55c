"""
Reads the text views of a schema back (D1): whatever the view, the tables, columns and relations of one database must come out of it. It checks what
`joinery export` writes and builds no prompt. Imports without torch.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from joinery_trainer.prompts.exported import Part

View = Literal["ddl", "compact", "mSchema", "edges", "sentences", "joins"]

#: A name as SQL writes it.
_NAME = r'(?:[A-Za-z_][A-Za-z0-9_]*|"(?:[^"]|"")*")'
_CONDITION = re.compile(rf"({_NAME})\.({_NAME}) = ({_NAME})\.({_NAME})")


@dataclass(frozen=True)
class Relation:
    """A key from child to parent. ``parent_columns`` is empty in views that do not tell them."""

    child: str
    child_columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...] = ()

    def without_parent_columns(self) -> Relation:
        """Return what every view tells of it."""
        return Relation(self.child, self.child_columns, self.parent)


@dataclass(frozen=True)
class Decoded:
    """What a view says; the order of tables, columns and relations means nothing."""

    view: View
    #: Columns by table; none at all in the view of joins.
    tables: dict[str, frozenset[str]]
    relations: frozenset[Relation]


def schema_text(prefix: Sequence[Part]) -> str:
    """Return the schema in the prefix of a prompt: what the user's last turn begins with. Raises ValueError for a prefix without text."""
    texts = [part.text for part in prefix if not part.special]
    if not texts:
        raise ValueError("the prefix has no text")
    return texts[-1].removeprefix("user\n").strip("\n")


def decode(text: str) -> Decoded:
    """Read a schema text; the view is known by its shape. Raises ValueError for a text that is none of the views."""
    view = view_of(text)
    return _READERS[view](text)


def view_of(text: str) -> View:
    """Return the view that a schema text is written in. Raises ValueError for none."""
    first = text.split("\n", 1)[0]
    if first.startswith(("CREATE TABLE ", "CREATE VIEW ")):
        return "ddl"
    if first.startswith("# Table: "):
        return "mSchema"
    if first.startswith("The table "):
        return "sentences"
    if " -has-> " in first:
        return "edges"
    if re.fullmatch(rf"{_CONDITION.pattern}(?: AND {_CONDITION.pattern})* \[[1N]:1\]", first):
        return "joins"
    if re.match(rf"{_NAME}\(", first):
        return "compact"
    raise ValueError(f"no view begins with {first[:40]!r}")


def _plain(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


def _conditions(lines: Sequence[str]) -> frozenset[Relation]:
    found = set()
    for line in lines:
        parts = [tuple(map(_plain, match)) for match in _CONDITION.findall(line)]
        if parts:
            found.add(Relation(parts[0][0], tuple(part[1] for part in parts), parts[0][2], tuple(part[3] for part in parts)))
    return frozenset(found)


def _read_ddl(text: str) -> Decoded:
    tables: dict[str, frozenset[str]] = {}
    relations: set[Relation] = set()
    for head, body in re.findall(rf"^CREATE (?:TABLE|VIEW) ({_NAME}) \(\n(.*?)\n\);$", text, re.MULTILINE | re.DOTALL):
        columns = set()
        for line in body.split("\n"):
            key = re.match(rf"  FOREIGN KEY \((.*?)\) REFERENCES ({_NAME}) \((.*?)\)(?:,|$| --)", line)
            if key:
                relations.add(Relation(_plain(head), _names(key.group(1)), _plain(key.group(2)), _names(key.group(3))))
            elif not line.startswith("  PRIMARY KEY ("):
                columns.add(_names(line.strip())[0])
        tables[_plain(head)] = frozenset(columns)
    return Decoded("ddl", tables, frozenset(relations))


def _names(text: str) -> tuple[str, ...]:
    """Return the names that a list, or a column's definition, begins with."""
    found = []
    while match := re.match(rf"({_NAME})(, )?", text):
        found.append(_plain(match.group(1)))
        if not match.group(2):
            break
        text = text[match.end() :]
    return tuple(found)


def _read_compact(text: str) -> Decoded:
    tables: dict[str, frozenset[str]] = {}
    lines = text.split("\n")
    for line in lines:
        match = re.match(rf"({_NAME})\((.*)\)$", line)
        if match:
            tables[_plain(match.group(1))] = frozenset(_plain(name) for name in re.findall(rf"({_NAME})(?: pk)?(?:, |$)", match.group(2)))
    return Decoded("compact", tables, _conditions([line for line in lines if re.search(r" \[[1N]:1\]$", line)]))


def _read_m_schema(text: str) -> Decoded:
    head, _, keys = text.partition("\n[Foreign keys]")
    tables: dict[str, frozenset[str]] = {}
    for name, body in re.findall(r"^# Table: ([^\n]*)\n\[\n(.*?)\n\]$", head, re.MULTILINE | re.DOTALL):
        tables[name] = frozenset(re.findall(r"^\((.*?):", body, re.MULTILINE))
    return Decoded("mSchema", tables, _conditions(keys.split("\n")))


def _read_edges(text: str) -> Decoded:
    tables: dict[str, set[str]] = {}
    relations = set()
    for line in text.split("\n"):
        if " -has-> " in line:
            table, column = line.split(" -has-> ", 1)
            tables.setdefault(table, set()).add(column.removeprefix(f"{table}."))
        elif match := re.fullmatch(r"(.*) -(.*)-> (.*)", line):
            relations.add(Relation(match.group(1), tuple(match.group(2).split("+")), match.group(3)))
    return Decoded("edges", {table: frozenset(columns) for table, columns in tables.items()}, frozenset(relations))


def _read_sentences(text: str) -> Decoded:
    tables: dict[str, frozenset[str]] = {}
    relations = set()
    for line in text.split("\n"):
        if match := re.match(r"The table (.*?) has the columns (.*?)\.(?: Each row is identified by |$)", line):
            tables[match.group(1)] = frozenset(match.group(2).split(", "))
        elif match := re.fullmatch(r"Each row of (.*) belongs to one row of (.*) through (.*)\.", line):
            relations.add(Relation(match.group(1), tuple(match.group(3).split(" and ")), match.group(2)))
    return Decoded("sentences", tables, frozenset(relations))


def _read_joins(text: str) -> Decoded:
    return Decoded("joins", {}, _conditions(text.split("\n")))


_READERS: dict[View, Callable[[str], Decoded]] = {
    "ddl": _read_ddl,
    "compact": _read_compact,
    "mSchema": _read_m_schema,
    "edges": _read_edges,
    "sentences": _read_sentences,
    "joins": _read_joins,
}
