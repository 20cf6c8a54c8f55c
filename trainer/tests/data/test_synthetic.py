from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

from joinery_trainer.data.synthetic import synthetic_pairs
from joinery_trainer.sql.clauses import table_count
from joinery_trainer.sql.sandbox import run_select


def copies(database: Path) -> list[Path]:
    return [Path(shutil.copy(database, database.with_name(f"{name}.sqlite"))) for name in ("one", "two")]


def test_joins_over_three_tables_come_before_what_is_easily_made(database: Path) -> None:
    pairs = synthetic_pairs(copies(database), 40, 1)
    tables = Counter(min(table_count(pair.sql), 3) for pair in pairs)
    assert tables[1] == 8
    assert tables[2] == 14
    assert 0 < tables[3] <= 18
    assert set(Counter(pair.db for pair in pairs).values()) <= {len(pairs) // 2, len(pairs) - len(pairs) // 2}
    assert len({pair.id for pair in pairs}) == len(pairs)


def test_every_pair_has_rows_to_find(database: Path) -> None:
    for pair in synthetic_pairs([database], 20, 1):
        assert run_select(database, pair.sql).rows


def test_the_same_seed_makes_the_same_pairs(database: Path) -> None:
    files = copies(database)
    assert synthetic_pairs(files, 20, 3) == synthetic_pairs(reversed(files), 20, 3)
    assert synthetic_pairs(files, 20, 3) != synthetic_pairs(files, 20, 4)


def test_nothing_is_made_of_nothing(database: Path) -> None:
    assert synthetic_pairs([], 20, 1) == []
    assert synthetic_pairs([database], 0, 1) == []
