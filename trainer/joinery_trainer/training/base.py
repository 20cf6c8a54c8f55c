"""
The base model of an adapter: the weights of the GGUF file that is served, dequantised, so that what is learnt fits what runs. Reading a GGUF takes
most of a minute; the result is kept beside other caches under the file's sum and loads in seconds after that.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import torch
from gguf import GGUFReader
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from joinery_trainer.packing.tree_attention import TREE_ATTENTION
from joinery_trainer.stages.errors import NO_DATA, NO_SPACE, StageError

#: Raised when what is kept changes its form.
CACHE_FORMAT = 1
_DTYPES = {"bfloat16": torch.bfloat16, "float32": torch.float32}


@dataclass(frozen=True)
class Base:
    """A base model, ready to train on, and where it came from."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    sha256: str
    file: Path


def sha256_of(file: Path) -> str:
    """Return the sum of a file, read in pieces."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def load_base(file: Path, cache: Path, dtype: str = "bfloat16") -> Base:
    """Load the model of ``file``, a GGUF file or a folder in the layout of transformers.

    ``dtype`` is bfloat16 or float32. Raises StageError when the file is missing, no model that transformers reads, or the disk is full.
    """
    if not file.exists():
        raise StageError(f"there is no model {file}; `joinery models fetch` brings one", NO_DATA)
    if file.is_dir():
        return Base(_load(file, dtype), AutoTokenizer.from_pretrained(file), _folder_sum(file), file)
    sha256 = sha256_of(file)
    folder = cache.expanduser() / f"base-{CACHE_FORMAT}-{sha256[:16]}-{dtype}"
    if not (folder / "complete").exists():
        _convert(file, folder, dtype)
    return Base(_load(folder, dtype), AutoTokenizer.from_pretrained(folder), sha256, file)


def _load(folder: Path, dtype: str) -> PreTrainedModel:
    return AutoModelForCausalLM.from_pretrained(folder, dtype=_DTYPES[dtype], attn_implementation=TREE_ATTENTION)


def _convert(file: Path, folder: Path, dtype: str) -> None:
    """Dequantise into a folder beside and rename it into place: two runs at once do not see half of one."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    wanted = file.stat().st_size * 5
    if shutil.disk_usage(folder.parent).free < wanted:
        raise StageError(f"converting the base needs {wanted >> 20} MB in {folder.parent}, which has less", NO_SPACE)
    _require_plain_positions(file)
    with tempfile.TemporaryDirectory(dir=folder.parent) as beside:
        made = Path(beside) / "base"
        made.mkdir()
        source = {"pretrained_model_name_or_path": str(file.parent), "gguf_file": file.name}
        try:
            quantised = AutoModelForCausalLM.from_pretrained(**source, dtype=torch.float32)
            tokenizer = AutoTokenizer.from_pretrained(**source)
        except (ValueError, KeyError, NotImplementedError) as error:
            raise StageError(f"transformers does not read {file.name}: {error}", NO_DATA) from error
        config = AutoConfig.from_pretrained(**source)
        # In these files output and embeddings are two tensors; tied, one would overwrite the other.
        config.tie_word_embeddings = False
        config.dtype = dtype
        # A model that came from a GGUF refuses to be saved; its state in a fresh one does not.
        plain = AutoModelForCausalLM.from_config(config, dtype=_DTYPES[dtype])
        plain.load_state_dict(quantised.state_dict(), strict=True)
        plain.save_pretrained(made)
        tokenizer.save_pretrained(made)
        (made / "complete").write_text(json.dumps({"file": file.name}), encoding="utf-8")
        try:
            made.replace(folder)
        except OSError:
            if not (folder / "complete").exists():
                raise


def _require_plain_positions(file: Path) -> None:
    """Raise StageError for a model whose positions are scaled by a tensor of its own (Llama 3.1 and later): transformers leaves it out in silence."""
    try:
        names = {tensor.name for tensor in GGUFReader(file).tensors}
    except (ValueError, OSError, IndexError) as error:
        raise StageError(f"{file.name} is no GGUF model: {error}", NO_DATA) from error
    if any(name.startswith("rope_f") for name in names):
        raise StageError(f"{file.name} scales its positions in a way that transformers does not read from a GGUF file; take another base", NO_DATA)


def _folder_sum(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*.safetensors")):
        digest.update(sha256_of(file).encode())
    return digest.hexdigest()
