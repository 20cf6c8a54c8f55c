"""Rewrites double-quoted text to single-quoted where SQLite only took it for text because nothing has that name.

SQLite itself says which names mean nothing: the statement is prepared with double-quoted strings off, and what it complains about becomes a literal,
until it runs. So a quoted column stays a column. Whether the result is the same is for the caller to prove (`quality` does).
"""

from __future__ import annotations

import re
from pathlib import Path

from joinery_trainer.sql.sandbox import Limits, run_select

_TOKEN = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|\[[^\]]*\]|--[^\n]*|/\*.*?\*/", re.DOTALL)
_UNKNOWN = re.compile(r"no such column: (.*?)(?: - should this be a string literal in single-quotes\?)?$", re.DOTALL)
#: Statements with more misquoted texts than this do not occur in practice.
_MOST_ROUNDS = 40


def single_quoted(database: str | Path, sql: str, limits: Limits = Limits()) -> str:  # noqa: B008 - frozen
    """Return ``sql`` with misquoted texts single-quoted; unchanged where there are none or where that does not make it run."""
    rewritten = sql
    for _ in range(_MOST_ROUNDS):
        outcome = run_select(database, rewritten, limits)
        if outcome.status != "failed":
            return rewritten
        unknown = _UNKNOWN.search(outcome.error)
        if unknown is None:
            return sql
        changed = _quote_text(rewritten, unknown.group(1))
        if changed == rewritten:
            return sql
        rewritten = changed
    return sql


def _quote_text(sql: str, name: str) -> str:
    """Turn every double-quoted ``name`` into a literal. SQLite names it as it stands between the quotes."""

    def change(match: re.Match[str]) -> str:
        token = match.group(0)
        inner = token[1:-1].replace('""', '"')
        if not token.startswith('"') or inner.lower() != name.strip('"').lower():
            return token
        return "'" + inner.replace("'", "''") + "'"

    return _TOKEN.sub(change, sql)
