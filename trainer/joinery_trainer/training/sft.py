"""
Supervised fine-tuning: packed rows of prompts and statements, a LoRA on the dequantised base. What is planned (rows, steps, seconds, memory) is told
before the first step; a killed run goes on from its last checkpoint and ends where an uninterrupted one would.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import torch
from accelerate import PartialState
from peft import PeftModel
from transformers import TrainingArguments, set_seed

from joinery_trainer.export.gguf_lora import write_adapter
from joinery_trainer.losses.completion import completion_loss
from joinery_trainer.packing.batch import to_batch
from joinery_trainer.packing.forward import target_logits
from joinery_trainer.packing.rows import Example, Packed, Row, pack, plain_rows
from joinery_trainer.prompts.exported import Exported, GraphTask, Target, encode_parts, encode_text
from joinery_trainer.prompts.joinery import evaluate_set, is_right
from joinery_trainer.prompts.targets import encode_target
from joinery_trainer.stages.errors import NO_DATA, StageError
from joinery_trainer.stages.events import Events
from joinery_trainer.stages.sft_settings import SftSettings
from joinery_trainer.training.base import Base, load_base
from joinery_trainer.training.estimate import measure
from joinery_trainer.training.lora import copy_adapter, save_adapter, with_adapter
from joinery_trainer.training.pace import Together, planned_pace
from joinery_trainer.training.packed_rows import PackedRows
from joinery_trainer.training.packed_trainer import PackedTrainer, RowDataset
from joinery_trainer.training.return_memory import ReturnMemory
from joinery_trainer.training.start import begin, checkpoint_of, finish, library_arguments, plan_once, read_data, row_arguments
from joinery_trainer.training.watch import Watch
from joinery_trainer.views.mix import take_tasks


@dataclass(frozen=True)
class Rows(PackedRows[Row]):
    """Rows of questions. ``too_long`` also has those whose plan is."""

    outside_grammar: int


def run_sft(settings: SftSettings, *, resume: bool = False, quiet: bool = False, events: Events | None = None) -> Path:
    """Train and return the folder of the adapter. ``events`` is where a larger run is told. Raises StageError with a sentence.

    Started by `accelerate launch` on several devices or nodes it trains on all of them: each step's rows are shared out, one process writes.
    """
    started = begin(settings, "sft", events, quiet=quiet)
    events, world = started.events, started.world
    base = load_base(settings.base, settings.cache, settings.dtype)
    rows = make_rows(settings, base)
    set_seed(settings.seed)
    model = with_adapter(base, settings)
    model.to(started.device)
    steps = _plan(settings, model, rows, events, world, resume=resume)
    trainer = _trainer(settings, model, rows, steps, events, world)
    origin = {"stage": "sft", "prompt_version": rows.prompt_version, "questions": rows.count, "steps": steps, "seed": settings.seed}
    watch = _watch(settings, lambda folder: save_adapter(model, base, folder, origin), events)
    if settings.patience > 0 and world.is_main_process:
        trainer.add_callback(watch)
    trainer.add_callback(Together())
    trainer.train(resume_from_checkpoint=checkpoint_of(settings, resume=resume))
    if rows.held_out:
        trainer.evaluate()
    adapter = settings.out / "adapter"
    if world.is_main_process:
        if watch.best.exists():
            copy_adapter(watch.best, adapter)
        else:
            save_adapter(model, base, adapter, {**origin, "steps": trainer.state.global_step})
    return finish(trainer, adapter, started)


def _watch(settings: SftSettings, save: Callable[[Path], None], events: Events) -> Watch:
    questions = settings.questions

    def accuracy(adapter: Path) -> float:
        file = write_adapter(adapter, settings.out / f"look-{time.time_ns()}.gguf")
        try:
            folder = settings.out / "looks"
            folder.mkdir(exist_ok=True)
            verdicts = evaluate_set(settings.joinery, Path(str(questions)), folder, model=str(settings.base), adapter=file, threads=settings.threads)
        finally:
            file.unlink()
        return sum(map(is_right, verdicts)) / max(1, len(verdicts))

    return Watch(settings.out / "best", save, events, patience=settings.patience, accuracy=accuracy if questions else None)


def make_rows(settings: SftSettings, base: Base) -> Rows:
    """Read, encode and pack. Raises StageError when nothing is left to train on, or when a held-out database is trained on."""
    training = read_data(settings.data, get_args(Target))
    held_out = read_data(settings.held_out, (training.target,)) if settings.held_out else None
    if held_out is not None:
        shared = {pair.db for pair in training.pairs} & {pair.db for pair in held_out.pairs}
        if shared:
            raise StageError(f"{', '.join(sorted(shared))} is held out and trained on; leave it out of one", NO_DATA)
    tasks = take_tasks(training.tasks, len(training.pairs), settings.graph_tasks, settings.seed)
    packed, plain_tokens, questions, outside = _pack(settings, base, training, tasks)
    if not packed.rows:
        raise StageError("there is nothing to train on: no pair is left that fits a row and that the grammar can write", NO_DATA)
    watched = _pack(settings, base, held_out)[0].rows if held_out else ()
    return Rows(packed.rows, watched, questions, plain_tokens, packed.too_long, training.prompt_version, outside)


def _pack(settings: SftSettings, base: Base, exported: Exported, tasks: Sequence[GraphTask] = ()) -> tuple[Packed, int, int, int]:
    """Return rows, the tokens that they would have unpacked, the questions in them, and how many the grammar could not write."""
    pairs = [pair for pair in exported.pairs if pair.in_grammar or not settings.only_in_grammar]
    prefixes = {key: encode_parts(base.tokenizer, parts) for key, parts in exported.prefixes.items()}

    def example(pair_id: str, prefix_key: str, question: list[int], answer: list[int]) -> Example:
        return Example(pair_id, prefix_key, tuple(question), (tuple(answer),))

    answered = [(pair, encode_target(base.tokenizer, pair, exported.target)) for pair in pairs]
    unplanned = tuple(pair.id for pair, answer in answered if answer is None)
    examples = [example(pair.id, pair.prefix_key, encode_parts(base.tokenizer, pair.rest), answer) for pair, answer in answered if answer is not None]
    examples += [example(one.id, one.prefix_key, encode_parts(base.tokenizer, one.rest), encode_text(base.tokenizer, one.answer)) for one in tasks]
    packed = pack(examples, prefixes, max_tokens=settings.row_tokens, max_examples=settings.row_questions, seed=settings.seed)
    left_out = set(packed.too_long)
    fitting = [one for one in examples if one.key not in left_out]
    plain = plain_rows(fitting, prefixes)
    rows = packed.rows if settings.packed else tuple(plain)
    packed = Packed(rows, (*packed.too_long, *unplanned))
    return packed, sum(map(len, plain)), len(fitting), len(exported.pairs) - len(pairs)


def _plan(settings: SftSettings, model: PeftModel, rows: Rows, events: Events, world: PartialState, *, resume: bool) -> int:
    """Return the number of steps, and say what they will cost."""
    left_out = f"left out: {len(rows.too_long)} too long, {rows.outside_grammar} outside the grammar"

    def tell(plan: dict[str, Any], cost: str) -> None:
        events.tell("plan", plan, f"{rows.shape('questions')}, {cost}; {left_out}")

    return plan_once(settings, world, lambda: _estimate(settings, model, rows, world), tell, resume=resume)


def _estimate(settings: SftSettings, model: PeftModel, rows: Rows, world: PartialState) -> dict[str, Any]:
    device = next(model.parameters()).device

    def learn(row: Row) -> None:
        batch = to_batch(row).to(device)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=settings.dtype == "bfloat16"):
            completion_loss(target_logits(model, batch), batch.labels).backward()

    cost = measure(model, rows.training, learn)
    pace = {"epochs": settings.epochs, "minutes": settings.minutes, "processes": world.num_processes}
    return {
        **rows.plan(cost, rows.per_step(settings.questions_per_step), **pace),
        "questions": rows.count,
        "targets_per_epoch": sum(row.targets for row in rows.training),
        "outside_grammar": rows.outside_grammar,
    }


def _trainer(settings: SftSettings, model: PeftModel, rows: Rows, steps: int, events: Events, world: PartialState) -> PackedTrainer:
    arguments = TrainingArguments(**library_arguments(settings), **row_arguments(settings, steps, rows.per_step(settings.questions_per_step), world))
    pace = planned_pace(settings, events)
    held_out = RowDataset(rows.held_out) if rows.held_out else None
    return PackedTrainer(
        model=model, args=arguments, train_dataset=RowDataset(rows.training), eval_dataset=held_out, callbacks=[pace, ReturnMemory()]
    )
