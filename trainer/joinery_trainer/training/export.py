"""The stage `export`: an adapter written for llama.cpp, loaded there, compared with what was trained. What no rounding explains, fails."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import get_args

import torch
from peft import PeftModel

from joinery_trainer.export.gguf_lora import read_facts, read_shape, read_weights, write_adapter
from joinery_trainer.export.lower_rank import lower_rank
from joinery_trainer.export.read_gguf_lora import read_adapter
from joinery_trainer.prompts.exported import Target
from joinery_trainer.rollouts.joinery_sampler import JoinerySampler
from joinery_trainer.rollouts.sampler import Sampler
from joinery_trainer.stages.errors import StageError
from joinery_trainer.stages.events import Events
from joinery_trainer.stages.export_settings import ExportSettings
from joinery_trainer.training.base import load_base
from joinery_trainer.training.compare import Comparison, compare_served
from joinery_trainer.training.lora import require_base
from joinery_trainer.training.start import read_data

#: Differences that rounding does not explain, of 100 prompts, above which the export is taken for broken.
_MOST_UNEXPLAINED = 2


def run_export(settings: ExportSettings, *, resume: bool = False, quiet: bool = False, sampler: Sampler | None = None) -> Path:
    """Write the adapter, compare when prompts are given, and return the file. ``resume`` changes nothing. Raises StageError."""
    events = Events(settings.out, "export", quiet=quiet)
    fingerprint = fingerprint_of(settings.prompts) if settings.prompts else ""
    facts = read_facts(settings.adapter)
    facts = replace(facts, name=settings.name, licence=settings.licence, data=settings.data or facts.data, data_fingerprint=fingerprint)
    weights, kept = lower_rank(read_weights(settings.adapter), settings.rank) if settings.rank else (None, 1.0)
    file = write_adapter(settings.adapter, settings.file, facts, settings.precision, weights=weights)
    size = file.stat().st_size
    cut = f", cut to rank {settings.rank}: {100 * kept:.1f} % of the update's squared length are left" if settings.rank else ""
    events.tell("saved", {"file": str(file), "bytes": size}, f"{file} holds {size / 1e6:.1f} MB{cut}")
    if settings.prompts:
        _tell(settings, events, _compare(settings, file, sampler))
    events.tell("done", {"adapter": str(file)})
    return file


def fingerprint_of(files: tuple[Path, ...]) -> str:
    """Return a sum over the content of files, in their order."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _compare(settings: ExportSettings, file: Path, sampler: Sampler | None) -> Comparison:
    if settings.threads:
        torch.set_num_threads(settings.threads)
    exported = read_data(settings.prompts, get_args(Target))
    # float32 is nearest to what the quantised weights mean.
    base = load_base(Path(str(settings.base)), settings.cache, "float32")
    require_base(settings.adapter, base)
    # What was cut is not what was trained: the file is compared with itself as the trainer computes it.
    adapter = read_adapter(file, settings.out / "cut", read_shape(settings.adapter)) if settings.rank else settings.adapter
    model = PeftModel.from_pretrained(base.model, adapter)
    served = sampler or JoinerySampler(settings.joinery, Path(str(settings.base)), threads=settings.threads, log=settings.out / "complete.log")
    try:
        return compare_served(model, base.tokenizer, served, exported, file, settings.compared)
    finally:
        served.close()


def _tell(settings: ExportSettings, events: Events, found: Comparison) -> None:
    (settings.out / "comparison.json").write_text(json.dumps(asdict(found), indent=2, ensure_ascii=False), encoding="utf-8")
    unexplained = [one for one in found.differences if not one.is_rounding]
    sentence = f"{found.equal} of {found.prompts} greedy statements are the same in llama.cpp; {len(unexplained)} differ by more than rounding"
    events.tell("score", {"equal": found.equal, "n": found.prompts, "unexplained": len(unexplained)}, sentence)
    if len(unexplained) > _MOST_UNEXPLAINED * found.prompts / 100:
        raise StageError(f"the exported adapter says something else than the trained one: {sentence}; see comparison.json")
