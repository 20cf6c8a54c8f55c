"""
The child process `joinery complete`: one JSON request per line in, one JSON line back for each. This file starts it, talks to it and ends it; it does
not start it again when it dies (`joinery_sampler.py` does). Imports without torch.
"""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

#: Seconds between asking a process to end and making it.
_GRACE = 5.0
#: Seconds of waiting at a time.
_SPELL = 1.0


class ProcessFault(Exception):
    """The process died, was late, or said something that is no answer. The message says which."""


class ModelProcess:
    """A running process. What it writes to its standard error goes to ``log``."""

    def __init__(self, command: Sequence[str], log: Path) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log = log
        self._log_start = log.stat().st_size if log.exists() else 0
        with log.open("a", encoding="utf-8") as errors:
            try:
                self._child = subprocess.Popen(
                    list(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8", bufsize=1
                )
            except OSError as error:
                raise ProcessFault(f"it cannot be started: {error}") from error
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        # A pipe that nobody empties would stop the process in the middle of a long answer.
        threading.Thread(target=self._read, args=(_opened(self._child.stdout),), daemon=True).start()

    def wait_until_ready(self, seconds: float) -> Mapping[str, Any]:
        """Return the first line, which says that the model is loaded. Raises ProcessFault."""
        line = self.receive(seconds)
        if line.get("kind") != "ready":
            raise ProcessFault(f"its first line is not that it is ready: {json.dumps(line)[:200]}")
        return line

    def send(self, request: Mapping[str, Any]) -> None:
        """Write one request. Raises ProcessFault when the process is gone."""
        try:
            _opened(self._child.stdin).write(json.dumps(request) + "\n")
        except (OSError, ValueError) as error:
            raise ProcessFault(f"it takes no more requests: {error}") from error

    def receive(self, seconds: float) -> Mapping[str, Any]:
        """Return the next line, an object. Raises ProcessFault when none comes in time, the process ended, or the line is no object."""
        line = self._wait_for_line(seconds)
        if line is None:
            raise ProcessFault(f"it ended with status {self._status()}{self._last_words()}")
        try:
            value = json.loads(line)
        except json.JSONDecodeError:
            value = None
        if not isinstance(value, dict):
            raise ProcessFault(f"it wrote what is no answer: {line[:200]!r}")
        return value

    def _wait_for_line(self, seconds: float) -> str | None:
        """Wait in short spells: of one in which both processes were paused only its own length counts."""
        left = seconds
        while left > 0:
            spell = min(_SPELL, left)
            try:
                return self._lines.get(timeout=spell)
            except queue.Empty:
                left -= spell
        raise ProcessFault(f"it did not answer within {seconds:g} s")

    def close(self) -> None:
        """End the process: first by the end of its input, then by force."""
        with contextlib.suppress(OSError, ValueError):
            _opened(self._child.stdin).close()
        for ask in (self._child.terminate, self._child.kill):
            try:
                self._child.wait(_GRACE)
                return
            except subprocess.TimeoutExpired:
                ask()
        self._child.wait()

    def kill(self) -> None:
        """End a process that no longer keeps to the rules."""
        self._child.kill()
        self._child.wait()

    def _status(self) -> int:
        """Its output has ended, so it is about to; one that lingers is made to end."""
        try:
            return self._child.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self.kill()
            return self._child.returncode

    def _last_words(self) -> str:
        with self._log.open("rb") as log:
            log.seek(self._log_start)
            lines = log.read().decode("utf-8", "replace").split("\n")
        said = [line.strip() for line in lines if line.strip()]
        return f" ({' '.join(said[-2:])[:300]})" if said else ""

    def _read(self, stream: IO[str]) -> None:
        # A line that is no text ends the conversation as the end of the stream does.
        with contextlib.suppress(OSError, ValueError):
            for line in stream:
                if line.strip():
                    self._lines.put(line)
        self._lines.put(None)


def _opened(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise ValueError("a process without pipes")
    return stream
