"""Runs one generated statement on a database, read-only and bounded. It judges nothing.

What it guards: the file is opened read-only through a URI, ``query_only`` is set, an authorizer allows SELECT, READ, FUNCTION and RECURSIVE
alone, ATTACH has no room, double-quoted strings are off, a progress handler ends what runs too long, and rows and bytes are capped.

What it does not cover: memory that SQLite takes before the first row (a sort of a large product) is bounded by ``soft_heap_limit`` of the
whole process only, and a bug in SQLite itself would take the process with it. `workers` runs it in processes that may die.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import apsw

Value = int | float | str | bytes | None
Status = Literal["rows", "refused", "failed", "timeout", "too_many_rows", "too_large"]

#: Instructions of SQLite's virtual machine between two looks at the clock: about a tenth of a millisecond.
_STEPS_BETWEEN_LOOKS = 1_000

_ALLOWED_ACTIONS = frozenset(
    {apsw.SQLITE_SELECT, apsw.SQLITE_READ, apsw.SQLITE_FUNCTION, apsw.SQLITE_RECURSIVE},
)
#: Functions that reach outside the database.
_FORBIDDEN_FUNCTIONS = frozenset({"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"})


@dataclass(frozen=True)
class Limits:
    """Bounds of one run."""

    seconds: float = 5.0
    rows: int = 10_000
    #: Bytes of all values together.
    size: int = 32 * 1024 * 1024


@dataclass(frozen=True)
class Outcome:
    """What came of one run. ``rows`` is empty unless the status is ``rows``."""

    status: Status
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Value, ...], ...] = ()
    error: str = ""

    @property
    def ran(self) -> bool:
        """True when the statement ran to its end."""
        return self.status == "rows"


class _Stop(Exception):
    """Ends a run from inside a callback; never leaves this module."""

    def __init__(self, status: Status, reason: str) -> None:
        super().__init__(reason)
        self.status: Status = status


def run_select(database: str | Path, sql: str, limits: Limits = Limits()) -> Outcome:
    """Run ``sql`` on ``database``.

    A missing file, a second statement, a write or a broken statement is an `Outcome`, never an exception.
    """
    refusal = _refuse_text(sql)
    if refusal:
        return Outcome("refused", error=refusal)
    try:
        connection = open_read_only(database)
    except (apsw.Error, OSError, ValueError) as error:
        return Outcome("failed", error=str(error))
    try:
        return _run(connection, sql, limits)
    except _Stop as stop:
        return Outcome(stop.status, error=str(stop))
    except (apsw.Error, UnicodeError, ValueError, OverflowError, MemoryError) as error:
        return Outcome(_status_of(error), error=str(error))
    finally:
        connection.close(force=True)


def open_read_only(database: str | Path) -> apsw.Connection:
    """Open a database as `run_select` does. Raises ``apsw.Error`` when there is none at the path."""
    path = Path(database).resolve()
    connection = apsw.Connection(f"{path.as_uri()}?mode=ro", flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)
    connection.limit(apsw.SQLITE_LIMIT_ATTACHED, 0)
    connection.config(apsw.SQLITE_DBCONFIG_DQS_DML, 0)
    connection.config(apsw.SQLITE_DBCONFIG_DQS_DDL, 0)
    connection.config(apsw.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0)
    connection.pragma("query_only", True)
    connection.set_busy_timeout(1_000)
    connection.authorizer = _authorize
    return connection


def _run(connection: apsw.Connection, sql: str, limits: Limits) -> Outcome:
    deadline = time.monotonic() + limits.seconds
    connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS)
    statements: list[tuple[str, ...]] = []

    def on_statement(cursor: apsw.Cursor, _sql: str, _bindings: object) -> bool:
        if not cursor.has_vdbe:  # a comment or nothing
            return True
        # The names are there only now: an empty result forgets them.
        statements.append(tuple(name for name, *_ in cursor.get_description()))
        if len(statements) > 1:
            raise _Stop("refused", "more than one statement")
        return True

    cursor = connection.cursor()
    cursor.exec_trace = on_statement
    rows: list[tuple[Value, ...]] = []
    size = 0
    for row in cursor.execute(sql):
        rows.append(row)
        size += sum(_size_of(value) for value in row)
        if len(rows) > limits.rows:
            raise _Stop("too_many_rows", f"more than {limits.rows} rows")
        if size > limits.size:
            raise _Stop("too_large", f"more than {limits.size} bytes")
    if not statements:
        return Outcome("refused", error="no statement")
    return Outcome("rows", statements[0], tuple(rows))


def _refuse_text(sql: str) -> str:
    if not sql.strip():
        return "no statement"
    if "\0" in sql:
        return "a NUL character"
    return ""


def _authorize(action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None) -> int:
    if action not in _ALLOWED_ACTIONS:
        return apsw.SQLITE_DENY
    if action == apsw.SQLITE_FUNCTION and (second or "").lower() in _FORBIDDEN_FUNCTIONS:
        return apsw.SQLITE_DENY
    return apsw.SQLITE_OK


def _status_of(error: Exception) -> Status:
    if isinstance(error, apsw.InterruptError):
        return "timeout"
    if isinstance(error, apsw.TooBigError | apsw.NoMemError | MemoryError):
        return "too_large"
    if isinstance(error, apsw.AuthError | apsw.ReadOnlyError):
        return "refused"
    return "failed"


def _size_of(value: Value) -> int:
    return len(value) if isinstance(value, str | bytes) else 8
