"""The adapter that is being trained as a file for the model process, written anew every few steps. Older files are deleted."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from peft import PeftModel

from joinery_trainer.export.gguf_lora import AdapterFacts, write_adapter
from joinery_trainer.training.lora import shape_of


class AdapterFiles:
    """Writes to ``folder``; ``every`` is the number of steps between two exports."""

    def __init__(self, model: PeftModel, folder: Path, *, every: int, facts: AdapterFacts) -> None:
        self._model = model
        self._folder = folder
        self._every = every
        self._facts = facts
        self._file: Path | None = None

    def current(self, step: int) -> Path:
        """Return the file for answers before step ``step`` + 1, written now if it is time."""
        wanted = self._named(step - step % self._every)
        if wanted != self._file:
            # A file of an earlier try may be of other weights; after a restore the one of the checkpoint is kept.
            self._write(wanted)
            self._file = wanted
            for other in self._folder.glob("adapter-*.gguf"):
                if other != wanted:
                    other.unlink(missing_ok=True)
        return wanted

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint keeps: the step of the last export."""
        return {"file": self._file.name if self._file else ""}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on with the file that a checkpoint names, when it is still there: answers then are those of an uninterrupted run."""
        file = self._folder / state["file"]
        self._file = file if state["file"] and file.exists() else None

    def _named(self, step: int) -> Path:
        return self._folder / f"adapter-{step:06}.gguf"

    def _write(self, file: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._folder) as beside:
            self._model.save_pretrained(beside, selected_adapters=["default"])
            write_adapter(Path(beside), file, self._facts, shape=shape_of(self._model))
