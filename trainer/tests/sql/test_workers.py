"""Workers that die or hang cost one statement."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from joinery_trainer.sql.sandbox import Limits
from joinery_trainer.sql.workers import WorkerPool


def test_runs_many_in_order_and_survives_a_killed_worker(database: Path) -> None:
    with WorkerPool(2) as pool:
        jobs = [(str(database), f"SELECT {number}") for number in range(20)]
        assert [outcome.rows for outcome in pool.run_all(jobs)] == [((number,),) for number in range(20)]
        worker = pool._idle.get()
        pool._idle.put(worker)
        pid = worker._process.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        statuses = [pool.run(str(database), "SELECT 1").status for _ in range(3)]
        assert statuses.count("rows") >= 2
        assert [outcome.status for outcome in pool.run_all(jobs)] == ["rows"] * 20


def test_limits_reach_the_worker(database: Path) -> None:
    with WorkerPool(1) as pool:
        assert pool.run(str(database), "SELECT 1 UNION SELECT 2", Limits(rows=1)).status == "too_many_rows"


def test_a_pool_has_workers() -> None:
    with pytest.raises(ValueError, match="at least one"):
        WorkerPool(0)
