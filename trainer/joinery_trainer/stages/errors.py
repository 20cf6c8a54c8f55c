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


def explain(error: BaseException) -> tuple[str, int | None]:
    """Return a sentence and an exit status for what a user can do something about; no status for a mistake in the program."""
    if isinstance(error, StageError):
        return str(error), error.code
    if isinstance(error, KeyboardInterrupt):
        return "stopped; --resume goes on from the last checkpoint", STOPPED
    if isinstance(error, OSError) and error.errno == 28:
        return "the disk is full; free some space and go on with --resume", NO_SPACE
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError" or "not enough memory" in str(error):
        return "memory ran out; lower row_tokens, or set recompute=true, and go on with --resume", NO_MEMORY
    if isinstance(error, ModuleNotFoundError) and error.name in {"numpy", "torch", "transformers", "peft", "trl", "gguf", "datasets"}:
        return f"{error.name} is not installed; pip install 'joinery-trainer[train]' brings it", 1
    return str(error), None
