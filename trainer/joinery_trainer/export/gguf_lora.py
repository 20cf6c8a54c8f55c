"""
A PEFT adapter as the GGUF file that llama.cpp applies unmerged: two small matrices per linear map, and what the adapter belongs to as metadata.
Imports without torch. GGUF files of `llama` have the rows of queries and keys in another order than transformers, and so have their adapters.
Matrices whose rows do not fill blocks of 32 stay f16 when q8_0 is asked for (the B matrices of a rank below 32).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import gguf
import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from joinery_trainer.stages.errors import WRONG_BASE, StageError

Precision = Literal["f32", "f16", "q8_0"]

#: Architectures whose adapters were compared in llama.cpp with what was trained.
ARCHITECTURES = {"qwen2": gguf.MODEL_ARCH.QWEN2, "llama": gguf.MODEL_ARCH.LLAMA}
_TENSOR = re.compile(r"base_model\.model\.(?P<name>.+)\.lora_(?P<side>[AB])\.weight")
_BLOCK = 32


@dataclass(frozen=True)
class BaseShape:
    """What of a base decides how its adapters are stored."""

    architecture: str = "qwen2"
    #: Attention heads of the queries, and of the keys.
    heads: int = 0
    kv_heads: int = 0


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


def write_adapter(
    folder: Path,
    file: Path,
    facts: AdapterFacts | None = None,
    precision: Precision = "f16",
    shape: BaseShape | None = None,
    weights: Mapping[str, NDArray[np.generic]] | None = None,
) -> Path:
    """Write the adapter in ``folder`` (PEFT) to ``file`` and return it. The file appears whole or not at all.

    ``weights`` are written instead of those in the folder where they are given. ``facts`` and ``shape`` default to what `joinery.json` in the folder
    says. Raises StageError when there is no LoRA that llama.cpp can apply.
    """
    config = _config(folder)
    shape = shape or read_shape(folder)
    require_architecture(shape.architecture)
    weights = read_weights(folder) if weights is None else weights
    facts = facts or read_facts(folder)
    beside = file.with_name(f".{file.name}.part")
    file.parent.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(beside, shape.architecture)
    try:
        _add_metadata(writer, facts, float(config["lora_alpha"]))
        for name, tensor in sorted(_renamed(weights, shape).items()):
            _add_tensor(writer, name, tensor, precision)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
    return file


def read_weights(folder: Path) -> dict[str, NDArray[np.generic]]:
    """Return the tensors of an adapter as PEFT wrote them."""
    return load_file(folder / "adapter_model.safetensors")


def require_architecture(name: str) -> None:
    """Raise StageError for a base whose adapters nobody has compared in llama.cpp with what was trained."""
    if name not in ARCHITECTURES:
        raise StageError(f"adapters are not proved for bases of the architecture {name}; take one of {' or '.join(ARCHITECTURES)}", WRONG_BASE)


def read_shape(folder: Path) -> BaseShape:
    """Return the shape of the base that an adapter belongs to, Qwen2 when `joinery.json` does not say."""
    said = _origin(folder)
    return BaseShape(str(said.get("architecture", "qwen2")), int(said.get("heads", 0)), int(said.get("kv_heads", 0)))


def read_facts(folder: Path) -> AdapterFacts:
    """Return what `joinery.json` beside an adapter says of it; empty facts when there is none."""
    said = _origin(folder)
    return AdapterFacts(
        name=str(said.get("name", "joinery adapter")),
        prompt_version=str(said.get("prompt_version", "")),
        base_sha256=str(said.get("base_sha256", "")),
        data_fingerprint=str(said.get("data_fingerprint", "")),
        data=tuple(said.get("data", ())),
    )


def _origin(folder: Path) -> dict[str, Any]:
    file = folder / "joinery.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def _config(folder: Path) -> Mapping[str, object]:
    file = folder / "adapter_config.json"
    if not file.exists() or not (folder / "adapter_model.safetensors").exists():
        raise StageError(f"there is no adapter in {folder}", WRONG_BASE)
    config = json.loads(file.read_text(encoding="utf-8"))
    unusual = [key for key in ("use_dora", "rank_pattern", "alpha_pattern", "modules_to_save") if config.get(key)]
    if config.get("peft_type") != "LORA" or unusual or config.get("use_rslora"):
        raise StageError(f"llama.cpp applies plain LoRA only; this adapter has {', '.join(unusual) or config.get('peft_type')}", WRONG_BASE)
    return config


def _renamed(weights: Mapping[str, NDArray[np.generic]], shape: BaseShape) -> dict[str, NDArray[np.float32]]:
    """Return tensors under llama.cpp's names. A is [rank, in], B is [out, rank], as PEFT has them."""
    blocks = 1 + max((int(found[1]) for name in weights if (found := re.search(r"\.layers\.(\d+)\.", name))), default=-1)
    names = gguf.get_tensor_name_map(ARCHITECTURES[shape.architecture], blocks)
    renamed: dict[str, NDArray[np.float32]] = {}
    for name, tensor in weights.items():
        found = _TENSOR.fullmatch(name)
        target = names.get_name(found["name"]) if found else None
        if found is None or target is None:
            raise StageError(f"llama.cpp knows no tensor {name}", WRONG_BASE)
        heads = rotated_heads(found["name"], shape) if found["side"] == "B" else 0
        ordered = rotated_rows(tensor, heads) if heads else tensor
        renamed[f"{target}.weight.lora_{found['side'].lower()}"] = np.ascontiguousarray(ordered, dtype=np.float32)
    return renamed


def rotated_heads(name: str, shape: BaseShape) -> int:
    """Return the heads of a map whose rows stand in another order in GGUF files, 0 for any other map. Raises StageError when ``shape`` lacks them."""
    if shape.architecture != "llama":
        return 0
    heads = {"q_proj": shape.heads, "k_proj": shape.kv_heads}.get(name.rpartition(".")[2])
    if heads == 0:
        raise StageError("the adapter does not say how many attention heads its base has; train it again", WRONG_BASE)
    return heads or 0


def rotated_rows(tensor: NDArray[Any], heads: int) -> NDArray[Any]:
    """Return the rows [out, …] of a map of queries or keys in the order of `llama` in GGUF files.

    transformers rotates each half of a head against the other, llama.cpp each row against the next: of every head, rows 0, 1, 2, 3 become 0, 2, 1, 3
    (``LlamaModel.permute`` in llama.cpp's convert_hf_to_gguf.py).
    """
    return tensor.reshape(heads, 2, tensor.shape[0] // heads // 2, *tensor.shape[1:]).swapaxes(1, 2).reshape(tensor.shape)


def unrotated_rows(tensor: NDArray[Any], heads: int) -> NDArray[Any]:
    """Return rows in the order of transformers: undoes ``rotated_rows``."""
    return tensor.reshape(heads, tensor.shape[0] // heads // 2, 2, *tensor.shape[1:]).swapaxes(1, 2).reshape(tensor.shape)


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
