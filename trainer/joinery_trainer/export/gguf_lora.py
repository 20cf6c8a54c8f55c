"""
A PEFT adapter as the GGUF file that llama.cpp applies unmerged: two small matrices per linear map, and what the adapter belongs to as metadata.
Imports without torch. Matrices whose rows do not fill blocks of 32 stay f16 when q8_0 is asked for (the B matrices of a rank below 32).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import gguf
import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from joinery_trainer.stages.errors import WRONG_BASE, StageError

Precision = Literal["f32", "f16", "q8_0"]

_ARCHITECTURES = {"qwen2": gguf.MODEL_ARCH.QWEN2, "llama": gguf.MODEL_ARCH.LLAMA}
_TENSOR = re.compile(r"base_model\.model\.(?P<name>.+)\.lora_(?P<side>[AB])\.weight")
_BLOCK = 32


@dataclass(frozen=True)
class AdapterFacts:
    """What a file says of itself beside its weights."""

    name: str
    licence: str = "Apache-2.0"
    prompt_version: str = ""
    #: Sum of the base's GGUF file.
    base_sha256: str = ""
    #: Which data were seen: a sum over the pairs, and names for people.
    data_fingerprint: str = ""
    data: tuple[str, ...] = field(default=())


def write_adapter(folder: Path, file: Path, facts: AdapterFacts | None = None, precision: Precision = "f16", architecture: str = "qwen2") -> Path:
    """Write the adapter in ``folder`` (PEFT) to ``file`` and return it. The file appears whole or not at all.

    ``facts`` defaults to what `joinery.json` in the folder says. Raises StageError when the folder holds no LoRA that llama.cpp can apply.
    """
    config = _config(folder)
    weights = load_file(folder / "adapter_model.safetensors")
    facts = facts or read_facts(folder)
    beside = file.with_name(f".{file.name}.part")
    file.parent.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(beside, architecture)
    try:
        _add_metadata(writer, facts, float(config["lora_alpha"]))
        for name, tensor in sorted(_renamed(weights, architecture).items()):
            _add_tensor(writer, name, tensor, precision)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
    return file


def read_facts(folder: Path) -> AdapterFacts:
    """Return what `joinery.json` beside an adapter says of it; empty facts when there is none."""
    origin = folder / "joinery.json"
    said = json.loads(origin.read_text(encoding="utf-8")) if origin.exists() else {}
    return AdapterFacts(
        name=str(said.get("name", "joinery adapter")),
        prompt_version=str(said.get("prompt_version", "")),
        base_sha256=str(said.get("base_sha256", "")),
        data_fingerprint=str(said.get("data_fingerprint", "")),
        data=tuple(said.get("data", ())),
    )


def _config(folder: Path) -> Mapping[str, object]:
    file = folder / "adapter_config.json"
    if not file.exists() or not (folder / "adapter_model.safetensors").exists():
        raise StageError(f"there is no adapter in {folder}", WRONG_BASE)
    config = json.loads(file.read_text(encoding="utf-8"))
    unusual = [key for key in ("use_dora", "rank_pattern", "alpha_pattern", "modules_to_save") if config.get(key)]
    if config.get("peft_type") != "LORA" or unusual or config.get("use_rslora"):
        raise StageError(f"llama.cpp applies plain LoRA only; this adapter has {', '.join(unusual) or config.get('peft_type')}", WRONG_BASE)
    return config


def _renamed(weights: Mapping[str, NDArray[np.generic]], architecture: str) -> dict[str, NDArray[np.float32]]:
    """Return tensors under llama.cpp's names. A is [rank, in], B is [out, rank], as PEFT has them: Qwen2 needs no permutation."""
    blocks = 1 + max((int(found[1]) for name in weights if (found := re.search(r"\.layers\.(\d+)\.", name))), default=-1)
    names = gguf.get_tensor_name_map(_ARCHITECTURES[architecture], blocks)
    renamed: dict[str, NDArray[np.float32]] = {}
    for name, tensor in weights.items():
        found = _TENSOR.fullmatch(name)
        target = names.get_name(found["name"]) if found else None
        if found is None or target is None:
            raise StageError(f"llama.cpp knows no tensor {name}", WRONG_BASE)
        renamed[f"{target}.weight.lora_{found['side'].lower()}"] = np.ascontiguousarray(tensor, dtype=np.float32)
    return renamed


def _add_metadata(writer: gguf.GGUFWriter, facts: AdapterFacts, alpha: float) -> None:
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, alpha)
    writer.add_name(facts.name)
    writer.add_license(facts.licence)
    for key, value in {
        "joinery.base.sha256": facts.base_sha256,
        "joinery.prompt.version": facts.prompt_version,
        "joinery.data.fingerprint": facts.data_fingerprint,
    }.items():
        if value:
            writer.add_string(key, value)
    if facts.data:
        writer.add_array("joinery.data.sources", list(facts.data))


def _add_tensor(writer: gguf.GGUFWriter, name: str, tensor: NDArray[np.float32], precision: Precision) -> None:
    if precision == "q8_0" and tensor.shape[-1] % _BLOCK == 0:
        kind = gguf.GGMLQuantizationType.Q8_0
        writer.add_tensor(name, gguf.quants.quantize(tensor, kind), raw_dtype=kind)
    else:
        writer.add_tensor(name, tensor if precision == "f32" else tensor.astype(np.float16))
