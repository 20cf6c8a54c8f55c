"""How every stage starts: its data read, its device found, the checkpoint from which it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from transformers.trainer_utils import get_last_checkpoint

from joinery_trainer.prompts.exported import Exported, Target, read_exported
from joinery_trainer.stages.errors import NO_DATA, StageError
from joinery_trainer.stages.lora_settings import LoraSettings


def read_data(paths: Sequence[Path], targets: Sequence[Target] = ("sql",)) -> Exported:
    """Read files of `joinery export`. Raises StageError when one is missing or malformed, or asks for what the stage does not take."""
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise StageError(f"there is no {', '.join(missing)}; `joinery export` writes it", NO_DATA)
    try:
        exported = read_exported(paths)
    except ValueError as error:
        raise StageError(f"the data cannot be read: {error}", NO_DATA) from error
    if exported.target not in targets:
        raise StageError(
            f"these prompts ask for {exported.target}, here they must ask for {' or '.join(targets)} (`joinery export --target`)", NO_DATA
        )
    return exported


def device_of(settings: LoraSettings) -> str:
    """Return cpu or cuda. Raises StageError when the recipe wants a device that is not there."""
    wanted = settings.device
    if wanted == "cuda" and not torch.cuda.is_available():
        raise StageError("no CUDA device is there; set device to cpu or auto")
    return wanted if wanted != "auto" else "cuda" if torch.cuda.is_available() else "cpu"


def checkpoint_of(settings: LoraSettings, *, resume: bool) -> str | None:
    """Return the last checkpoint of a run that goes on; None for a run that starts afresh, or that was killed before its first checkpoint."""
    folder = settings.out / "checkpoints"
    return get_last_checkpoint(str(folder)) if resume and folder.exists() else None
