"""A small database with every kind of value, made afresh for each test, and the report that `npm test` counts."""

from __future__ import annotations

import json
import os
from pathlib import Path

import apsw
import pytest

SCHEMA = """
CREATE TABLE singer (singer_id INTEGER PRIMARY KEY, name TEXT, country TEXT, age INTEGER, score REAL, photo BLOB);
CREATE TABLE concert (concert_id INTEGER PRIMARY KEY, title TEXT, year INTEGER);
CREATE TABLE singer_in_concert (singer_id INTEGER REFERENCES singer, concert_id INTEGER REFERENCES concert);
INSERT INTO singer VALUES
  (1, 'Joe', 'Netherlands', 52, 1.5, x'00ff'), (2, 'Tim', 'USA', 32, 2.0, NULL), (3, 'Rose', 'France', 41, NULL, NULL),
  (4, 'Justin', 'France', 29, 0.25, NULL), (5, 'John', 'France', 43, 9007199254740993, NULL);
INSERT INTO concert VALUES (1, 'Auditions', 2014), (2, 'Super bootcamp', 2014), (3, 'Week 1', 2015);
INSERT INTO singer_in_concert VALUES (1, 1), (2, 1), (3, 2), (5, 2), (5, 3);
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "concerts.sqlite"
    connection = apsw.Connection(str(path))
    connection.execute(SCHEMA)
    connection.close()
    return path


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write what passed, failed and was skipped, and why, to the file that JOINERY_TEST_REPORT names."""
    file = os.environ.get("JOINERY_TEST_REPORT")
    if not file:
        return
    stats = terminalreporter.stats
    skipped = [{"name": f"trainer: {one.nodeid}", "reason": str(one.longrepr[2]).removeprefix("Skipped: ")} for one in stats.get("skipped", [])]
    failed = [f"trainer: {one.nodeid}" for kind in ("failed", "error") for one in stats.get(kind, [])]
    Path(file).write_text(json.dumps({"passed": len(stats.get("passed", [])), "failed": failed, "skipped": skipped}), encoding="utf-8")
