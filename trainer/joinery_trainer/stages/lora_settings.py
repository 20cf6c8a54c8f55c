"""Settings that every stage with a LoRA adapter has. Imports without torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

#: The linear maps of a Qwen2 or Llama block.
ALL_LINEAR = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


@dataclass(frozen=True)
class LoraSettings:
    """What every stage that trains an adapter needs to know of it."""

    #: The GGUF file whose weights, dequantised, are the base: what will be served is what is trained on.
    base: Path
    #: Where checkpoints, events, the report and the adapter go.
    out: Path
    #: An adapter to go on from, a PEFT folder or a GGUF file; rank, alpha and targets are then its own. None starts a new one.
    start: Path | None = None
    #: Where converted base weights are kept between runs.
    cache: Path = Path("~/.cache/joinery/trainer")
    #: Rank of the adapter: 16 on all maps is 8.8 million parameters for 0.5B.
    rank: int = 16
    #: Scale of the adapter's update is alpha / rank.
    alpha: int = 32
    #: Share of the adapter's input that is dropped while training.
    dropout: float = 0.0
    #: Which linear maps get an adapter.
    targets: tuple[str, ...] = ALL_LINEAR
    #: Highest learning rate.
    learning_rate: float = 3e-4
    #: Share of the steps in which the rate rises to its highest; then it falls to 0 as a cosine.
    warmup: float = 0.03
    #: Gradients longer than this are shortened to it.
    clip: float = 1.0
    #: Every random choice follows from it.
    seed: int = 1
    #: Numbers of the base: bfloat16 is faster even on AVX2; adapter and optimiser are float32 in any case.
    dtype: Literal["bfloat16", "float32"] = "bfloat16"
    #: Threads on a CPU; 0 takes what torch finds.
    threads: int = 0
    #: auto takes a GPU when there is one.
    device: Literal["auto", "cpu", "cuda"] = "auto"
    #: Compute activations twice instead of keeping them: about a third slower, a fraction of the memory.
    recompute: bool = False
    #: Minutes between checkpoints.
    checkpoint_minutes: float = 10.0
    #: Checkpoints that are kept.
    keep: int = 2
