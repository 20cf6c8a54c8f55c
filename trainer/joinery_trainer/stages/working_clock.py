"""
A clock that stands still while the process does: whoever pauses a run (SIGSTOP, a laptop that sleeps) must not pay for it with minutes of training.
A pause cannot be seen coming, so a thread looks at the time every second; where it was kept from looking for much longer, the process was.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable

#: Seconds between two looks.
_BEAT = 1.0
#: Seconds between two looks above which the process was not running; what counts of them is no more than this.
_MOST = 5.0


class WorkingClock:
    """Returns the seconds in which the process could work since the clock was made. Looks by itself until it is thrown away.

    ``now`` returns seconds; ``beat`` is the time between two looks, 0 for looks by calls of `__call__` only.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic, beat: float = _BEAT) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._last = now()
        self._worked = 0.0
        if beat > 0:
            threading.Thread(target=_keep_looking, args=(weakref.ref(self), beat), daemon=True).start()

    def __call__(self) -> float:
        """Look at the time and return the seconds worked so far."""
        with self._lock:
            at = self._now()
            self._worked += min(max(at - self._last, 0.0), _MOST)
            self._last = at
            return self._worked


def _keep_looking(clock: weakref.ref[WorkingClock], beat: float) -> None:
    while True:
        time.sleep(beat)
        found = clock()
        if found is None:
            return
        found()
        # Held while it sleeps, the clock would never be thrown away.
        del found
