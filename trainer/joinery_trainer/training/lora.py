"""The adapter on a base: made new, gone on from, refused on another base. The base stays frozen; adapter weights are float32 whatever the base is."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path

from peft import LoraConfig, PeftModel, get_peft_model
from transformers import PreTrainedModel

from joinery_trainer.export.gguf_lora import BaseShape, require_architecture
from joinery_trainer.export.read_gguf_lora import read_adapter
from joinery_trainer.export.whole_folder import whole_folder
from joinery_trainer.stages.errors import WRONG_BASE, StageError
from joinery_trainer.stages.lora_settings import LoraSettings
from joinery_trainer.training.base import Base
from joinery_trainer.training.lean_lora import make_lean

#: Beside PEFT's own files: what the adapter belongs to.
ORIGIN_FILE = "joinery.json"


def with_adapter(base: Base, settings: LoraSettings) -> PeftModel:
    """Return the base with a trainable adapter: that of ``settings.start``, else a new one that changes nothing yet (B is zero).

    With ``settings.recompute`` it computes activations twice from now on, also in the trial rows that tell what a run will take. Raises StageError
    when the adapter to go on from belongs to another base, or when adapters of this base cannot be served.
    """
    require_architecture(shape_of(base.model).architecture)
    model = _adapted(base, settings)
    make_lean(model)
    if settings.recompute:
        model.train()
        model.activation_checkpointing_enable()
    return model


def _adapted(base: Base, settings: LoraSettings) -> PeftModel:
    if settings.start is not None:
        start = _start_folder(settings.start, base, settings.out)
        require_base(start, base)
        return PeftModel.from_pretrained(base.model, start, is_trainable=True)
    config = LoraConfig(
        r=settings.rank,
        lora_alpha=settings.alpha,
        lora_dropout=settings.dropout,
        target_modules=list(settings.targets),
        task_type="CAUSAL_LM",
    )
    return get_peft_model(base.model, config)


def _start_folder(start: Path, base: Base, out: Path) -> Path:
    """Return the PEFT folder of an adapter to go on from; one that llama.cpp serves is written as one first."""
    return read_adapter(start, out / "start", shape_of(base.model)) if start.is_file() else start


def require_base(adapter: Path, base: Base) -> None:
    """Raise StageError unless the adapter in the folder was trained on this base."""
    origin = adapter / ORIGIN_FILE
    if not (adapter / "adapter_config.json").exists():
        raise StageError(f"there is no adapter in {adapter}", WRONG_BASE)
    if origin.exists() and json.loads(origin.read_text(encoding="utf-8")).get("base_sha256") != base.sha256:
        raise StageError(f"the adapter in {adapter.name} was trained on another base than {base.file.name}", WRONG_BASE)


def save_adapter(model: PeftModel, base: Base, folder: Path, origin: dict[str, object]) -> None:
    """Write the adapter and what it belongs to; ``origin`` is added to the base's sum. The folder appears whole or not at all."""
    about = {"base_sha256": base.sha256, "base_file": base.file.name, **asdict(shape_of(base.model)), **origin}
    text = json.dumps(about, indent=2, default=str)
    with whole_folder(folder) as made:
        model.save_pretrained(made)
        (made / ORIGIN_FILE).write_text(text, encoding="utf-8")


def shape_of(model: PreTrainedModel) -> BaseShape:
    """Return what of a model decides how its adapters are stored."""
    config = model.config
    return BaseShape(config.model_type, config.num_attention_heads, config.num_key_value_heads)


def copy_adapter(made: Path, folder: Path) -> None:
    """Copy an adapter to its place, as `save_adapter` would have written it."""
    with whole_folder(folder) as whole:
        shutil.copytree(made, whole, dirs_exist_ok=True)
