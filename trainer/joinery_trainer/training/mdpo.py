"""
Preference optimisation with a margin: pairs of answers at the same prefix, packed on their schema. What is planned is told before the first step; a
killed run goes on from its last checkpoint and ends where an uninterrupted one would.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from accelerate import PartialState
from peft import PeftModel
from transformers import set_seed
from trl import DPOConfig

from joinery_trainer.preferences.preference import Preference, read_preferences
from joinery_trainer.preferences.rows import PreferenceRow, pack_preferences, plain_tokens, questions_of
from joinery_trainer.prompts.exported import Exported, encode_parts
from joinery_trainer.stages.errors import NO_DATA, StageError
from joinery_trainer.stages.events import Events
from joinery_trainer.stages.mdpo_settings import MdpoSettings
from joinery_trainer.training.base import Base, load_base
from joinery_trainer.training.estimate import measure
from joinery_trainer.training.lora import save_adapter, with_adapter
from joinery_trainer.training.pace import Together, planned_pace
from joinery_trainer.training.packed_rows import PackedRows
from joinery_trainer.training.preference_trainer import PreferenceTrainer, RewardEvents, answer_logprobs, row_tensors
from joinery_trainer.training.return_memory import ReturnMemory
from joinery_trainer.training.start import begin, checkpoint_of, finish, library_arguments, plan_once, read_data, row_arguments


@dataclass(frozen=True)
class Rows(PackedRows[PreferenceRow]):
    """Rows of questions with preferences."""

    #: Preferences of which one answer is the beginning of the other.
    alike: int


def run_mdpo(settings: MdpoSettings, *, resume: bool = False, quiet: bool = False, events: Events | None = None) -> Path:
    """Train and return the folder of the adapter. ``events`` is where a larger run is told. Raises StageError with a sentence.

    Started by `accelerate launch` on several devices it trains on all of them: each step's rows are shared out, one process writes.
    """
    started = begin(settings, "mdpo", events, quiet=quiet)
    events, world = started.events, started.world
    base = load_base(settings.base, settings.cache, settings.dtype)
    rows = make_rows(settings, base)
    set_seed(settings.seed)
    model = with_adapter(base, settings)
    model.to(started.device)
    steps = _plan(settings, model, rows, events, world, resume=resume)
    trainer = _trainer(settings, model, base, rows, steps, events, world)
    trainer.train(resume_from_checkpoint=checkpoint_of(settings, resume=resume))
    if rows.held_out:
        trainer.evaluate()
    model.delete_adapter("ref")
    adapter = settings.out / "adapter"
    origin = {
        "stage": "mdpo",
        "prompt_version": rows.prompt_version,
        "preferences": rows.count,
        "steps": trainer.state.global_step,
        "seed": settings.seed,
    }
    if world.is_main_process:
        save_adapter(model, base, adapter, origin)
    return finish(trainer, adapter, started)


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
        raise StageError(f"there is nothing to train on: no preference is left that fits a row of {settings.row_tokens} tokens", NO_DATA)
    watched = _pack(settings, base, exported, held_out)[0]
    pairs = sum(len(row.margins) for row in rows)
    return Rows(rows, watched, pairs, sum(map(plain_tokens, rows)), too_long, exported.prompt_version, alike)


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


def _plan(settings: MdpoSettings, model: PeftModel, rows: Rows, events: Events, world: PartialState, *, resume: bool) -> int:
    """Return the number of steps, and say what they will cost."""
    left_out = f"left out: {len(rows.too_long)} questions too long, {rows.alike} preferences alike"

    def tell(plan: dict[str, Any], cost: str) -> None:
        events.tell("plan", plan, f"{rows.shape('preferences')}, {cost}; {left_out}")

    return plan_once(settings, world, lambda: _estimate(settings, model, rows, world), tell, resume=resume)


def _estimate(settings: MdpoSettings, model: PeftModel, rows: Rows, world: PartialState) -> dict[str, Any]:
    device = next(model.parameters()).device

    def learn(row: PreferenceRow) -> None:
        inputs = {name: tensor.to(device) for name, tensor in row_tensors(row, 0).items()}
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=settings.dtype == "bfloat16"):
            with torch.no_grad():  # as long as the reference takes
                answer_logprobs(model, inputs)
            chosen, rejected = answer_logprobs(model, inputs)
            (chosen - rejected).sum().backward()

    cost = measure(model, rows.training, learn)
    pace = {"epochs": settings.epochs, "minutes": settings.minutes, "processes": world.num_processes}
    return {**rows.plan(cost, rows.per_step(settings.pairs_per_step), **pace), "preferences": rows.count, "alike": rows.alike}


def _trainer(settings: MdpoSettings, model: PeftModel, base: Base, rows: Rows, steps: int, events: Events, world: PartialState) -> PreferenceTrainer:
    shared = {**library_arguments(settings), **row_arguments(settings, steps, rows.per_step(settings.pairs_per_step), world)}
    arguments = DPOConfig(**shared, beta=settings.beta, max_length=None)
    pace = planned_pace(settings, events)
    return PreferenceTrainer(
        model=model,
        args=arguments,
        processing_class=base.tokenizer,
        rows=rows.training,
        held_out=rows.held_out,
        margin=settings.margin,
        callbacks=[pace, RewardEvents(events), ReturnMemory(), Together()],
    )
