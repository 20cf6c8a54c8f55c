"""How every stage starts and ends: its data read, its device and processes found, what the library's trainers are told, the end told to all."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from accelerate import PartialState
from accelerate.utils import broadcast_object_list
from torch import distributed
from transformers import Trainer, set_seed

from joinery_trainer.prompts.exported import Exported, Target, read_exported
from joinery_trainer.stages.errors import NO_DATA, StageError
from joinery_trainer.stages.events import Events
from joinery_trainer.stages.lora_settings import LoraSettings
from joinery_trainer.stages.recipe import settings_as_json
from joinery_trainer.training.estimate import peak_memory
from joinery_trainer.training.return_memory import is_scarce, return_large_blocks


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
    last = last_whole_checkpoint(settings.out / "checkpoints") if resume else None
    return str(last) if last else None


def last_whole_checkpoint(folder: Path) -> Path | None:
    """Return the newest checkpoint that was written to its end, None when there is none. The state of the trainer is written last."""
    found = [(int(match[1]), path) for path in folder.glob("checkpoint-*") if (match := re.fullmatch(r"checkpoint-(\d+)", path.name))]
    whole = [(step, path) for step, path in found if (path / "trainer_state.json").exists()]
    return max(whole)[1] if whole else None


@dataclass(frozen=True)
class Started:
    """A stage under way: the processes that share it, and where it tells what it does."""

    world: PartialState
    events: Events
    #: Where the model goes, in this process.
    device: torch.device | str


def begin(settings: LoraSettings, stage: str, events: Events | None, *, quiet: bool) -> Started:
    """Make the run folder, keep the settings in it, seed every source of chance, keep memory small. Raises StageError.

    ``events`` is where a larger run is told.
    """
    device = device_of(settings)
    world = PartialState(cpu=device == "cpu")
    settings.out.mkdir(parents=True, exist_ok=True)
    events = events or Events(settings.out, stage, quiet=quiet, mute=not world.is_main_process)
    if world.is_main_process:
        (settings.out / "settings.json").write_text(settings_as_json(settings), encoding="utf-8")
    if settings.threads:
        torch.set_num_threads(settings.threads)
    set_seed(settings.seed)
    if device == "cpu" and is_scarce(settings.base):
        return_large_blocks()
    return Started(world, events, world.device if device == "cuda" else device)


def plan_once(
    settings: LoraSettings,
    world: PartialState,
    estimate: Callable[[], dict[str, Any]],
    tell: Callable[[dict[str, Any], str], None],
    *,
    resume: bool,
) -> int:
    """Return the number of steps, the same in all processes. A resumed run keeps what was planned at its start.

    A new plan is kept in `plan.json` and given to ``tell``, with what it costs in words.
    """
    file = settings.out / "plan.json"
    if resume and file.exists():
        return int(json.loads(file.read_text(encoding="utf-8"))["steps"])
    planned = [estimate()]
    broadcast_object_list(planned)
    (plan,) = planned
    if world.is_main_process:
        file.write_text(json.dumps(plan), encoding="utf-8")
    tell(plan, f"{plan['steps']} steps, about {plan['minutes']:.0f} min and {plan['peak_mb']} MB")
    return int(plan["steps"])


def finish(trainer: Trainer, adapter: Path, started: Started) -> Path:
    """Wait for all processes, say where the adapter is and what memory it took, and return it."""
    started.world.wait_for_everyone()
    ended = {"step": trainer.state.global_step, "adapter": str(adapter), "peak_mb": peak_memory()}
    started.events.tell("done", ended, f"the adapter is in {adapter}; {ended['peak_mb']} MB of memory at most")
    return adapter


def library_arguments(settings: LoraSettings) -> dict[str, Any]:
    """Return what every stage tells the library's trainers: checkpoints and looks by our own clock, nothing to a hub, one row at a time."""
    # The library takes the folder of its curves from here only.
    os.environ["TENSORBOARD_LOGGING_DIR"] = str(settings.out / "tensorboard")
    return {
        "output_dir": str(settings.out / "checkpoints"),
        "learning_rate": settings.learning_rate,
        "max_grad_norm": settings.clip,
        "weight_decay": 0.0,
        "bf16": settings.dtype == "bfloat16",
        "activation_checkpointing": settings.recompute,
        "use_cpu": device_of(settings) == "cpu",
        "ddp_find_unused_parameters": False,
        "seed": settings.seed,
        "data_seed": settings.seed,
        "logging_steps": 1,
        "logging_nan_inf_filter": False,
        "save_strategy": "no",
        "save_total_limit": settings.keep,
        "eval_strategy": "no",
        "remove_unused_columns": False,
        "disable_tqdm": True,
        "report_to": ["tensorboard"],
        "dataloader_pin_memory": False,
    }


def row_arguments(settings: LoraSettings, steps: int, rows_per_step: int, world: PartialState) -> dict[str, Any]:
    """Return what stages over packed rows add: a row is a micro-batch, a step sums ``rows_per_step`` of them, the rate falls to 0."""
    return {
        "per_device_train_batch_size": 1,
        "per_device_eval_batch_size": 1,
        "gradient_accumulation_steps": max(1, round(rows_per_step / world.num_processes)),
        "max_steps": steps,
        "lr_scheduler_type": "cosine",
        "warmup_steps": max(1, math.ceil(settings.warmup * steps)),
    }


def leave_together() -> None:
    """Wait for the other processes of a distributed run and part from them: gloo aborts a process whose peer ends while they are still connected."""
    if distributed.is_available() and distributed.is_initialized():
        distributed.barrier()
        distributed.destroy_process_group()
