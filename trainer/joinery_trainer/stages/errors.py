"""What ends a stage with a sentence instead of a trace: the cause is the user's data, machine or recipe, not a mistake in the program."""

from __future__ import annotations


class StageError(Exception):
    """A stage cannot go on. The message is one sentence with a next step; ``code`` is the exit status of the command."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


#: Exit statuses of `joinery-trainer`; 1 is any other failure, 2 a wrong call (argparse).
BAD_RECIPE = 3
NO_DATA = 4
NOT_A_NUMBER = 5
NO_SPACE = 6
NO_MEMORY = 7
WRONG_BASE = 8
STOPPED = 9
