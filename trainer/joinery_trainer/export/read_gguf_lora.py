"""
The way back from llama.cpp: a GGUF LoRA as a PEFT folder, so that training can go on from an adapter of which only the served file is left, such as
the ones that come with Joinery. What the file rounded (f16, q8_0) stays rounded. Imports without torch.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import gguf
import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

from joinery_trainer.export.gguf_lora import ARCHITECTURES, BaseShape, require_architecture, rotated_heads, unrotated_rows
from joinery_trainer.export.whole_folder import whole_folder
from joinery_trainer.stages.errors import WRONG_BASE, StageError

_TENSOR = re.compile(r"(?P<name>.+)\.weight\.lora_(?P<side>[ab])")
_LAYER = re.compile(r"model\.layers\.\d+\.(?:self_attn|mlp)\.(?P<map>[a-z]+_proj)")


def read_adapter(file: Path, folder: Path, shape: BaseShape) -> Path:
    """Write the adapter in ``file`` as PEFT has it to ``folder`` and return the folder, which appears whole or not at all.

    ``shape`` is that of the base to go on with. Raises StageError when the file is no LoRA, or one for another architecture.
    """
    require_architecture(shape.architecture)
    reader = _open(file)
    if _field(reader, gguf.Keys.General.ARCHITECTURE) != shape.architecture:
        raise StageError(f"the adapter {file.name} is for another architecture than {shape.architecture}", WRONG_BASE)
    weights = _weights(reader, file, shape)
    ranks = {tensor.shape[0] for name, tensor in weights.items() if ".lora_A." in name}
    if len(ranks) != 1:
        raise StageError(f"the adapter {file.name} has matrices of {len(ranks)} ranks; training goes on from one rank only", WRONG_BASE)
    config = {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "r": ranks.pop(),
        "lora_alpha": _field(reader, gguf.Keys.Adapter.LORA_ALPHA),
        "lora_dropout": 0.0,
        "target_modules": sorted({found["map"] for name in weights if (found := _LAYER.search(name))}),
    }
    origin = {"base_sha256": _field(reader, "joinery.base.sha256"), "prompt_version": _field(reader, "joinery.prompt.version"), "start": file.name}
    with whole_folder(folder) as made:
        save_file(weights, made / "adapter_model.safetensors")
        (made / "adapter_config.json").write_text(json.dumps(config), encoding="utf-8")
        (made / "joinery.json").write_text(json.dumps({key: value for key, value in origin.items() if value is not None}), encoding="utf-8")
    return folder


def _open(file: Path) -> gguf.GGUFReader:
    try:
        reader = gguf.GGUFReader(file)
    except (ValueError, OSError, IndexError) as error:
        raise StageError(f"{file.name} is no GGUF adapter: {error}", WRONG_BASE) from error
    if _field(reader, gguf.Keys.Adapter.TYPE) != "lora":
        raise StageError(f"{file.name} is no LoRA adapter", WRONG_BASE)
    return reader


def _field(reader: gguf.GGUFReader, key: str) -> object:
    field = reader.get_field(key)
    return None if field is None else field.contents()


def _weights(reader: gguf.GGUFReader, file: Path, shape: BaseShape) -> dict[str, NDArray[np.float32]]:
    """Return tensors under PEFT's names: A [rank, in], B [out, rank]."""
    maps = _maps(reader, shape)
    weights: dict[str, NDArray[np.float32]] = {}
    for tensor in reader.tensors:
        found = _TENSOR.fullmatch(tensor.name)
        name = maps.get(found["name"]) if found else None
        if found is None or name is None:
            raise StageError(f"the adapter {file.name} changes {tensor.name}, which training does not know", WRONG_BASE)
        # GGUF counts dimensions from the fastest one.
        rows = gguf.quants.dequantize(tensor.data, tensor.tensor_type).reshape(tuple(int(size) for size in reversed(tensor.shape)))
        heads = rotated_heads(name, shape) if found["side"] == "b" else 0
        ordered = unrotated_rows(rows, heads) if heads else rows
        weights[f"base_model.model.{name}.lora_{found['side'].upper()}.weight"] = np.ascontiguousarray(ordered, dtype=np.float32)
    return weights


def _maps(reader: gguf.GGUFReader, shape: BaseShape) -> dict[str, str]:
    """Return transformers' name of each linear map of a block by llama.cpp's."""
    blocks = 1 + max((int(found[1]) for tensor in reader.tensors if (found := re.match(r"blk\.(\d+)\.", tensor.name))), default=-1)
    names = gguf.get_tensor_name_map(ARCHITECTURES[shape.architecture], blocks)
    maps = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"]
    ours = [f"model.layers.{block}.{name}" for block in range(blocks) for name in maps]
    return {served: name for name in ours if (served := names.get_name(name)) is not None}
