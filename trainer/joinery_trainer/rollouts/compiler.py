"""
Statements without FROM and JOIN as the SQL that the product makes of them, by its own process, `joinery compile`: only there the graph of a database
is known. A process that dies is replaced; a statement that keeps bringing it down is refused. Imports without torch.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from joinery_trainer.rewards.judge import Compiled
from joinery_trainer.rollouts.model_process import ModelProcess, ProcessFault
from joinery_trainer.stages.errors import NO_DATA, StageError

#: Processes that one statement may bring down.
_MOST_DEATHS = 2


class JoinFreeCompiler:
    """A process that compiles, started with the first statement. Not for several threads."""

    def __init__(self, command: Sequence[str], log: Path, *, start_seconds: float = 60.0, answer_seconds: float = 150.0) -> None:
        self._command = [*command, "compile"]
        self._log = log
        self._start_seconds = start_seconds
        # The first statement of a database waits for its index.
        self._answer_seconds = answer_seconds
        self._process: ModelProcess | None = None

    def __call__(self, database: str, ir: str) -> Compiled:
        """Return the SQL of a statement, or why there is none. Raises StageError when the process does not come up."""
        fault: ProcessFault | None = None
        for _ in range(_MOST_DEATHS):
            process = self._process or self._start()
            try:
                process.send({"id": "", "database": database, "ir": ir})
                return _read(process.receive(self._answer_seconds))
            except ProcessFault as caught:
                fault = caught
                process.kill()
                self._process = None
        return Compiled("", str(fault))

    def close(self) -> None:
        """End the process. May be called twice."""
        if self._process is not None:
            self._process.close()
        self._process = None

    def _start(self) -> ModelProcess:
        process = None
        try:
            process = ModelProcess(self._command, self._log)
            process.wait_until_ready(self._start_seconds)
        except ProcessFault as fault:
            if process is not None:
                process.kill()
            raise StageError(f"statements without FROM cannot be compiled by {self._command[0]}: {fault}", NO_DATA) from fault
        self._process = process
        return process


def _read(line: object) -> Compiled:
    answer = line if isinstance(line, dict) else {}
    if isinstance(answer.get("sql"), str):
        return Compiled(answer["sql"])
    error = answer.get("error")
    sentence = error.get("sentence") if isinstance(error, dict) else answer.get("refusal")
    if not isinstance(sentence, str):
        raise ProcessFault(f"it wrote what is no answer: {json.dumps(line)[:200]}")
    return Compiled("", sentence)
