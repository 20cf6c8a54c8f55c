"""
Supervised fine-tuning: packed rows of prompts and statements, a LoRA on the dequantised base. What is planned (rows, steps, seconds, memory) is told
before the first step; a killed run goes on from its last checkpoint and ends where an uninterrupted one would.
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
from transformers import TrainingArguments, set_seed

from joinery_trainer.losses.completion import completion_loss
from joinery_trainer.packing.batch import to_batch
from joinery_trainer.packing.forward import target_logits
from joinery_trainer.packing.rows import Example, Row, pack, plain_rows
from joinery_trainer.prompts.exported import Exported, encode_answer, encode_parts
from joinery_trainer.stages.errors import NO_DATA, StageError
from joinery_trainer.stages.events import Events
from joinery_trainer.stages.recipe import settings_as_json
from joinery_trainer.stages.sft_settings import SftSettings
from joinery_trainer.training.base import Base, load_base
from joinery_trainer.training.lora import save_adapter, with_adapter
from joinery_trainer.training.packed_trainer import Pace, PackedTrainer, RowDataset
from joinery_trainer.training.start import checkpoint_of, device_of, read_data


@dataclass(frozen=True)
class Rows:
    """Everything a run reads, in tokens."""

    training: tuple[Row, ...]
    held_out: tuple[Row, ...]
    questions: int
    too_long: tuple[str, ...]
    outside_grammar: int
    prompt_version: str


def run_sft(settings: SftSettings, *, resume: bool = False, quiet: bool = False, events: Events | None = None) -> Path:
    """Train and return the folder of the adapter. ``events`` is where a larger run is told. Raises StageError with a sentence."""
    settings.out.mkdir(parents=True, exist_ok=True)
    events = events or Events(settings.out, "sft", quiet=quiet)
    (settings.out / "settings.json").write_text(settings_as_json(settings), encoding="utf-8")
    if settings.threads:
        torch.set_num_threads(settings.threads)
    set_seed(settings.seed)
    base = load_base(settings.base, settings.cache, settings.dtype)
    rows = make_rows(settings, base)
    set_seed(settings.seed)
    model = with_adapter(base, settings)
    device = device_of(settings)
    model.to(device)
    if settings.recompute:
        model.enable_input_require_grads()
    steps = _plan(settings, model, rows, events, resume=resume)
    trainer = _trainer(settings, model, rows, steps, events)
    trainer.train(resume_from_checkpoint=checkpoint_of(settings, resume=resume))
    if rows.held_out:
        trainer.evaluate()
    adapter = settings.out / "adapter"
    save_adapter(model, base, adapter, {"stage": "sft", "prompt_version": rows.prompt_version, "questions": rows.questions, "steps": steps})
    events.tell("done", {"step": trainer.state.global_step, "adapter": str(adapter)}, f"the adapter is in {adapter}")
    return adapter


def make_rows(settings: SftSettings, base: Base) -> Rows:
    """Read, encode and pack. Raises StageError when nothing is left to train on, or when a held-out database is trained on."""
    training = read_data(settings.data)
    held_out = read_data(settings.held_out) if settings.held_out else None
    if held_out is not None:
        shared = {pair.db for pair in training.pairs} & {pair.db for pair in held_out.pairs}
        if shared:
            raise StageError(f"{', '.join(sorted(shared))} is held out and trained on; leave it out of one", NO_DATA)
    packed, questions, outside = _pack(settings, base, training, settings.seed)
    if not packed.rows:
        raise StageError("there is nothing to train on: no pair is left that fits a row and that the grammar can write", NO_DATA)
    watched = _pack(settings, base, held_out, settings.seed)[0].rows if held_out else ()
    return Rows(packed.rows, watched, questions, packed.too_long, outside, training.prompt_version)


def _pack(settings: SftSettings, base: Base, exported: Exported, seed: int):  # noqa: ANN202 - a tuple of what pack returns and two counts
    pairs = [pair for pair in exported.pairs if pair.in_grammar or not settings.only_in_grammar]
    prefixes = {key: encode_parts(base.tokenizer, parts) for key, parts in exported.prefixes.items()}
    examples = [
        Example(pair.id, pair.prefix_key, tuple(encode_parts(base.tokenizer, pair.rest)), (tuple(encode_answer(base.tokenizer, pair.sql)),))
        for pair in pairs
    ]
    packed = pack(examples, prefixes, max_tokens=settings.row_tokens, max_examples=settings.row_questions, seed=seed)
    if not settings.packed:
        fitting = [example for example in examples if example.key not in set(packed.too_long)]
        packed = type(packed)(tuple(plain_rows(fitting, prefixes)), packed.too_long)
    return packed, len(pairs) - len(packed.too_long), len(exported.pairs) - len(pairs)


def _plan(settings: SftSettings, model: PeftModel, rows: Rows, events: Events, *, resume: bool) -> int:
    """Return the number of steps, and say what they will cost. A resumed run keeps the steps that were planned at its start."""
    file = settings.out / "plan.json"
    if resume and file.exists():
        return int(json.loads(file.read_text(encoding="utf-8"))["steps"])
    per_step = rows_per_step(settings, rows)
    steps = max(1, round(settings.epochs * len(rows.training) / per_step))
    seconds = _seconds_per_token(model, rows.training) * sum(map(len, rows.training)) / len(rows.training) * per_step
    if settings.minutes > 0:
        steps = max(1, min(steps, int(settings.minutes * 60 / seconds)))
    tokens = sum(map(len, rows.training))
    plan = {
        "steps": steps,
        "rows": len(rows.training),
        "questions": rows.questions,
        "tokens_per_epoch": tokens,
        "targets_per_epoch": sum(row.targets for row in rows.training),
        "minutes": round(steps * seconds / 60, 1),
        "too_long": list(rows.too_long),
        "outside_grammar": rows.outside_grammar,
    }
    file.write_text(json.dumps(plan), encoding="utf-8")
    shape = f"{rows.questions} questions in {len(rows.training)} rows of {tokens // len(rows.training)} tokens"
    left_out = f"left out: {len(rows.too_long)} too long, {rows.outside_grammar} outside the grammar"
    events.tell("plan", plan, f"{shape}, {steps} steps, about {plan['minutes']:.0f} min; {left_out}")
    return steps


def rows_per_step(settings: SftSettings, rows: Rows) -> int:
    """Return how many rows hold the questions of a step, at least 1."""
    return max(1, round(settings.questions_per_step * len(rows.training) / max(rows.questions, 1)))


def _seconds_per_token(model: PeftModel, rows: Sequence[Row]) -> float:
    """Time two middling rows, after one to warm up; no weight changes."""
    middling = sorted(rows, key=len)[len(rows) // 2 :][:3]
    device = next(model.parameters()).device
    seconds, tokens = 0.0, 0
    for at, row in enumerate(middling):
        began = time.perf_counter()
        batch = to_batch(row).to(device)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=model.dtype == torch.bfloat16):
            completion_loss(target_logits(model, batch), batch.labels).backward()
        if at > 0 or len(middling) == 1:
            seconds += time.perf_counter() - began
            tokens += len(row)
    model.zero_grad(set_to_none=True)
    return seconds / max(tokens, 1)


def _trainer(settings: SftSettings, model: PeftModel, rows: Rows, steps: int, events: Events) -> PackedTrainer:
    # The library takes the folder of its curves from here only.
    os.environ["TENSORBOARD_LOGGING_DIR"] = str(settings.out / "tensorboard")
    arguments = TrainingArguments(
        output_dir=str(settings.out / "checkpoints"),
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
    held_out = RowDataset(rows.held_out) if rows.held_out else None
    return PackedTrainer(model=model, args=arguments, train_dataset=RowDataset(rows.training), eval_dataset=held_out, callbacks=[pace])
