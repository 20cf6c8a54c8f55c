"""Settings of the export of an adapter. Imports without torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class ExportSettings:
    """An adapter as a GGUF file, compared with what was trained."""

    #: The adapter, a folder as PEFT writes it.
    adapter: Path
    #: Folder for events and the comparison.
    out: Path
    #: The file to write.
    file: Path
    #: How its numbers are kept: q8_0 halves the A matrices, f16 is exact to three digits.
    precision: Literal["f32", "f16", "q8_0"] = "f16"
    #: The rank to cut it to, for a file that must not exceed a size; 0 leaves it.
    rank: int = 0
    #: Its name for people.
    name: str = "joinery adapter"
    #: Its licence: that of the base, unless the data ask for another one.
    licence: str = "Apache-2.0"
    #: What it was trained on, in words: the licences of the data belong here.
    data: tuple[str, ...] = ()
    #: Files of `joinery export`: greedy answers to them are compared in llama.cpp and here. None compares nothing.
    prompts: tuple[Path, ...] = ()
    #: Prompts to compare on.
    compared: int = 100
    #: The base's GGUF file; needed to compare.
    base: Path | None = None
    #: Where converted base weights are kept between runs.
    cache: Path = Path("~/.cache/joinery/trainer")
    #: How `joinery` is started.
    joinery: tuple[str, ...] = ("joinery",)
    #: Threads of both; 0 takes what is there.
    threads: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be compared."""
        if self.prompts and self.base is None:
            raise ValueError("comparing needs the base")
        if self.rank < 0:
            raise ValueError("rank is not negative")
        if self.compared < 1:
            raise ValueError("compared is at least 1")
