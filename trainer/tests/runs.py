"""What a run left in its folder: read by the tests of all stages that train. Needs torch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from joinery_trainer.stages.events import read_events
from joinery_trainer.stages.lora_settings import LoraSettings

#: Settings of a run of the minute model that are the same in every stage.
MINUTE: dict[str, Any] = {"dtype": "float32", "device": "cpu", "threads": 1, "learning_rate": 0.01, "checkpoint_minutes": 0}


def told(settings: LoraSettings, kind: str) -> list[dict[str, Any]]:
    """Return the events of one kind."""
    return [event for event in read_events(settings.out / "events.jsonl") if event["kind"] == kind]


def losses(settings: LoraSettings) -> list[float]:
    return [event["loss"] for event in told(settings, "step")]


def weights(adapter: Path) -> dict[str, torch.Tensor]:
    return load_file(adapter / "adapter_model.safetensors")


def assert_same_weights(found: Path, expected: Path, **tolerance: float) -> None:
    """Compare two adapters; ``tolerance`` as torch has it."""
    others = weights(found)
    wanted = weights(expected)
    assert others.keys() == wanted.keys()
    for name, tensor in wanted.items():
        torch.testing.assert_close(others[name], tensor, **tolerance)
