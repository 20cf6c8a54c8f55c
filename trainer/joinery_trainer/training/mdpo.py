"""
Preference optimisation with a margin: pairs of answers at the same prefix, packed on their schema. What is planned is told before the first step; a
killed run goes on from its last checkpoint and ends where an uninterrupted one would.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from peft import PeftModel
from transformers import set_seed
from trl import DPOConfig

from joinery_trainer.preferences.preference import Preference, read_preferences
from joinery_trainer.preferences.rows import PreferenceRow, pack_preferences, questions_of
from joinery_trainer.prompts.exported import Exported, encode_parts
from joinery_trainer.stages.errors import NO_DATA, StageError
from joinery_trainer.stages.events import Events
from joinery_trainer.stages.mdpo_settings import MdpoSettings
from joinery_trainer.stages.recipe import settings_as_json
from joinery_trainer.training.base import Base, load_base
from joinery_trainer.training.lora import save_adapter, with_adapter
from joinery_trainer.training.packed_trainer import Pace
from joinery_trainer.training.preference_trainer import PreferenceTrainer, RewardEvents, answer_logprobs, row_tensors
from joinery_trainer.training.start import checkpoint_of, device_of, read_data


@dataclass(frozen=True)
class Rows:
    """Everything a run reads, in tokens."""

    training: tuple[PreferenceRow, ...]
    held_out: tuple[PreferenceRow, ...]
    pairs: int
    too_long: tuple[str, ...]
    #: Preferences of which one answer is the beginning of the other.
    alike: int
    prompt_version: str


def run_mdpo(settings: MdpoSettings, *, resume: bool = False, quiet: bool = False) -> Path:
    """Train and return the folder of the adapter. Raises StageError with a sentence when that cannot be done."""
    events = Events(settings.out, "mdpo", quiet=quiet)
    (settings.out / "settings.json").write_text(settings_as_json(settings), encoding="utf-8")
    if settings.threads:
        torch.set_num_threads(settings.threads)
    set_seed(settings.seed)
    base = load_base(settings.base, settings.cache, settings.dtype)
    rows = make_rows(settings, base)
    set_seed(settings.seed)
    model = with_adapter(base, settings)
    model.to(device_of(settings))
    steps = _plan(settings, model, rows, events, resume=resume)
    trainer = _trainer(settings, model, base, rows, steps, events)
    trainer.train(resume_from_checkpoint=checkpoint_of(settings, resume=resume))
    if rows.held_out:
        trainer.evaluate()
    model.delete_adapter("ref")
    adapter = settings.out / "adapter"
    save_adapter(model, base, adapter, {"stage": "mdpo", "prompt_version": rows.prompt_version, "preferences": rows.pairs, "steps": steps})
    events.tell("done", {"step": trainer.state.global_step, "adapter": str(adapter)}, f"the adapter is in {adapter}")
    return adapter


def make_rows(settings: MdpoSettings, base: Base) -> Rows:
    """Read, encode and pack. Raises StageError when nothing is left to train on, or when a held-out database is trained on."""
    exported = read_data(settings.data)
    training, held_out = _read(settings.preferences), _read(settings.held_out)
    dbs = {pair.id: pair.db for pair in exported.pairs}
    shared = {dbs.get(one.pair_id) for one in training} & {dbs.get(one.pair_id) for one in held_out} - {None}
    if shared:
        raise StageError(f"{', '.join(sorted(map(str, shared)))} is held out and trained on; leave it out of one", NO_DATA)
    rows, too_long, alike = _pack(settings, base, exported, training)
    if not rows:
        raise StageError("there is nothing to train on: no preference is left that fits a row", NO_DATA)
    watched = _pack(settings, base, exported, held_out)[0]
    return Rows(rows, watched, sum(len(row.margins) for row in rows), too_long, alike, exported.prompt_version)


def _read(paths: Sequence[Path]) -> list[Preference]:
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise StageError(f"there is no {', '.join(missing)}; the stage `preferences` writes it", NO_DATA)
    try:
        return read_preferences(paths)
    except ValueError as error:
        raise StageError(f"the preferences cannot be read: {error}", NO_DATA) from error


def _pack(
    settings: MdpoSettings, base: Base, exported: Exported, preferences: Sequence[Preference]
) -> tuple[tuple[PreferenceRow, ...], tuple[str, ...], int]:
    prefixes = {key: encode_parts(base.tokenizer, parts) for key, parts in exported.prefixes.items()}
    try:
        questions, alike = questions_of(base.tokenizer, preferences, {pair.id: pair for pair in exported.pairs})
    except KeyError as error:
        raise StageError(f"a preference names {error}, which is in no file of data", NO_DATA) from error
    packed = pack_preferences(questions, prefixes, max_tokens=settings.row_tokens, max_questions=settings.row_questions, seed=settings.seed)
    return packed.rows, packed.too_long, alike


def rows_per_step(settings: MdpoSettings, rows: Rows) -> int:
    """Return how many rows hold the preferences of a step, at least 1."""
    return max(1, round(settings.pairs_per_step * len(rows.training) / max(rows.pairs, 1)))


def _plan(settings: MdpoSettings, model: PeftModel, rows: Rows, events: Events, *, resume: bool) -> int:
    """Return the number of steps, and say what they will cost. A resumed run keeps the steps that were planned at its start."""
    file = settings.out / "plan.json"
    if resume and file.exists():
        return int(json.loads(file.read_text(encoding="utf-8"))["steps"])
    per_step = rows_per_step(settings, rows)
    steps = max(1, round(settings.epochs * len(rows.training) / per_step))
    tokens = sum(map(len, rows.training))
    seconds = _seconds_per_token(model, rows.training) * tokens / len(rows.training) * per_step
    if settings.minutes > 0:
        steps = max(1, min(steps, int(settings.minutes * 60 / seconds)))
    plan = {
        "steps": steps,
        "rows": len(rows.training),
        "preferences": rows.pairs,
        "tokens_per_epoch": tokens,
        "minutes": round(steps * seconds / 60, 1),
        "too_long": list(rows.too_long),
        "alike": rows.alike,
    }
    file.write_text(json.dumps(plan), encoding="utf-8")
    shape = f"{rows.pairs} preferences in {len(rows.training)} rows of {tokens // len(rows.training)} tokens"
    left_out = f"left out: {len(rows.too_long)} questions too long, {rows.alike} preferences alike"
    events.tell("plan", plan, f"{shape}, {steps} steps, about {plan['minutes']:.0f} min; {left_out}")
    return steps


def _seconds_per_token(model: PeftModel, rows: Sequence[PreferenceRow]) -> float:
    """Time two middling rows, after one to warm up, with what the reference takes; no weight changes."""
    middling = sorted(rows, key=len)[len(rows) // 2 :][:3]
    device = next(model.parameters()).device
    seconds, tokens = 0.0, 0
    for at, row in enumerate(middling):
        began = time.perf_counter()
        inputs = {name: tensor.to(device) for name, tensor in row_tensors(row, at).items()}
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=model.dtype == torch.bfloat16):
            with torch.no_grad():
                answer_logprobs(model, inputs)
            chosen, rejected = answer_logprobs(model, inputs)
            (chosen - rejected).sum().backward()
        if at > 0 or len(middling) == 1:
            seconds += time.perf_counter() - began
            tokens += len(row)
    model.zero_grad(set_to_none=True)
    return seconds / max(tokens, 1)


def _trainer(settings: MdpoSettings, model: PeftModel, base: Base, rows: Rows, steps: int, events: Events) -> PreferenceTrainer:
    # The library takes the folder of its curves from here only.
    os.environ["TENSORBOARD_LOGGING_DIR"] = str(settings.out / "tensorboard")
    arguments = DPOConfig(
        output_dir=str(settings.out / "checkpoints"),
        beta=settings.beta,
        max_length=None,
        per_device_train_batch_size=1,
        per_device_eval_batch_size=1,
        gradient_accumulation_steps=rows_per_step(settings, rows),
        max_steps=steps,
        learning_rate=settings.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=max(1, math.ceil(settings.warmup * steps)),
        max_grad_norm=settings.clip,
        weight_decay=0.0,
        bf16=settings.dtype == "bfloat16",
        activation_checkpointing=settings.recompute,
        use_cpu=device_of(settings) == "cpu",
        seed=settings.seed,
        data_seed=settings.seed,
        logging_steps=1,
        logging_nan_inf_filter=False,
        save_strategy="no",
        save_total_limit=settings.keep,
        eval_strategy="no",
        remove_unused_columns=False,
        disable_tqdm=True,
        report_to=["tensorboard"],
        dataloader_pin_memory=False,
    )
    pace = Pace(events, save_seconds=settings.checkpoint_minutes * 60, score_seconds=settings.score_minutes * 60)
    return PreferenceTrainer(
        model=model,
        args=arguments,
        processing_class=base.tokenizer,
        rows=rows.training,
        held_out=rows.held_out,
        margin=settings.margin,
        callbacks=[pace, RewardEvents(events)],
    )
