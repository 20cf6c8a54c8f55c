"""Runs statements in processes that may die: a crash of SQLite or the system's memory killer costs one statement, not the training.

Each worker serves one request at a time over a pipe. One that does not answer within the time limit and a second more is killed and replaced.
"""

from __future__ import annotations

import multiprocessing
import queue
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from joinery_trainer.sql.sandbox import Limits, Outcome, run_select

#: Seconds that a worker may be late before it is taken for hung.
_GRACE = 1.0


class WorkerPool:
    """``size`` processes; a context manager. `run` may be called from several threads."""

    def __init__(self, size: int = 2) -> None:
        if size < 1:
            raise ValueError("a pool has at least one worker")
        # Forking a process with threads, as a trainer is, can deadlock; a fresh interpreter cannot.
        self._context = multiprocessing.get_context("spawn")
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._size = size
        for _ in range(size):
            self._idle.put(_Worker(self._context))

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, database: str, sql: str, limits: Limits = Limits()) -> Outcome:  # noqa: B008 - frozen
        """Run one statement as `run_select` does; a worker that dies or hangs is a ``failed`` or ``timeout`` outcome."""
        worker = self._idle.get()
        try:
            return worker.run(database, sql, limits)
        finally:
            self._idle.put(worker if worker.alive else _Worker(self._context))

    def run_all(self, jobs: Sequence[tuple[str, str]], limits: Limits = Limits()) -> list[Outcome]:  # noqa: B008 - frozen
        """Run many statements, as many at once as there are workers. Results come in the order of the jobs."""
        with ThreadPoolExecutor(self._size) as threads:
            return list(threads.map(lambda job: self.run(job[0], job[1], limits), jobs))

    def close(self) -> None:
        """End all workers. The pool is of no use afterwards."""
        for _ in range(self._size):
            self._idle.get().close()


class _Worker:
    def __init__(self, context: multiprocessing.context.SpawnContext) -> None:
        self._pipe, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        self.alive = True

    def run(self, database: str, sql: str, limits: Limits) -> Outcome:
        try:
            self._pipe.send((database, sql, limits))
            # The first answer also waits for the interpreter to start.
            if self._pipe.poll(limits.seconds + _GRACE + _START_SECONDS):
                answer = self._pipe.recv()
                return answer if isinstance(answer, Outcome) else Outcome("failed", error="an answer of another kind")
            self.close()
            return Outcome("timeout", error="the worker hung and was ended")
        except (EOFError, OSError, ValueError):
            self.close()
            return Outcome("failed", error="the worker died")

    def close(self) -> None:
        self.alive = False
        self._pipe.close()
        self._process.kill()
        self._process.join()


#: A spawned interpreter imports sqlglot and apsw before its first answer.
_START_SECONDS = 10.0


def _serve(pipe: Connection) -> None:
    while True:
        try:
            database, sql, limits = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(run_select(database, sql, limits))
