"""Says what each pair is worth: its gold is run twice, and what fails, changes or returns nothing is labelled. Nothing is dropped in silence."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from joinery_trainer.data.pairs import Label, Pair
from joinery_trainer.sql.literals import single_quoted
from joinery_trainer.sql.results import same_rows
from joinery_trainer.sql.sandbox import Limits, Outcome, run_select

USABLE: frozenset[Label] = frozenset({"ok", "prepare_only"})


@dataclass(frozen=True)
class Judged:
    """A pair, its statement perhaps rewritten, and what it is worth."""

    pair: Pair
    label: Label
    detail: str = ""
    rewritten: bool = False


def judge_pairs(pairs: Iterable[Pair], limits: Limits = Limits(seconds=10)) -> Iterator[Judged]:  # noqa: B008 - frozen
    """Judge pairs one by one, in order."""
    has_rows: dict[Path, bool] = {}
    for pair in pairs:
        if pair.database is None or not pair.database.exists():
            yield Judged(pair, "no_database")
            continue
        if pair.database not in has_rows:
            has_rows[pair.database] = _has_rows(pair.database)
        yield judge_pair(pair, limits, has_rows=has_rows[pair.database])


def judge_pair(pair: Pair, limits: Limits, *, has_rows: bool = True) -> Judged:
    """Judge one pair whose database is there. Without rows a gold that runs is good for SFT alone."""
    database = pair.database
    if database is None:
        return Judged(pair, "no_database")
    sql = single_quoted(database, pair.sql, limits)
    rewritten = sql != pair.sql
    if rewritten and not _same_as_written(database, pair.sql, sql, limits):
        return Judged(pair, "quoted_names", "single quotes change the result")
    judged = pair.with_sql(sql)
    first, second = run_select(database, sql, limits), run_select(database, sql, limits)
    label, detail = _label(first, second, has_rows=has_rows)
    return Judged(judged, label, detail, rewritten)


def _label(first: Outcome, second: Outcome, *, has_rows: bool) -> tuple[Label, str]:
    if first.status in ("too_many_rows", "too_large", "timeout"):
        return "cut", first.error
    if not first.ran:
        return "failed", first.error
    if not second.ran or not same_rows(first.rows, second.rows, ordered=False):
        return "unstable", "two runs differ"
    if not has_rows:
        return "prepare_only", ""
    return ("ok", "") if first.rows else ("empty", "")


def _same_as_written(database: Path, written: str, rewritten: str, limits: Limits) -> bool:
    """Say whether the rewritten statement gives what SQLite gives for the written one, double-quoted strings allowed."""
    try:
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
            rows = connection.execute(written).fetchmany(limits.rows + 1)
    except sqlite3.Error:
        return False
    outcome = run_select(database, rewritten, limits)
    return outcome.ran and same_rows(rows, outcome.rows, ordered=False)


def _has_rows(database: Path) -> bool:
    outcome = run_select(database, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    tables = [str(row[0]).replace('"', '""') for row in outcome.rows]
    return any(run_select(database, f'SELECT 1 FROM "{table}" LIMIT 1').rows for table in tables)


def report(judged: Iterable[Judged]) -> str:
    """Return a Markdown table: how many of each source are usable, and why the others are not."""
    counts: dict[str, Counter[str]] = {}
    for one in judged:
        counter = counts.setdefault(one.pair.source, Counter())
        counter[one.label] += 1
        counter["rewritten"] += one.rewritten
    labels: list[str] = ["ok", "prepare_only", "empty", "failed", "unstable", "cut", "quoted_names", "no_database", "rewritten"]
    lines = [f"| source | pairs | {' | '.join(labels)} |", f"|---|{'---|' * (len(labels) + 1)}"]
    for source, counter in sorted(counts.items()):
        total = sum(counter[label] for label in labels if label != "rewritten")
        lines.append(f"| {source} | {total} | {' | '.join(str(counter[label]) for label in labels)} |")
    return "\n".join(lines)
