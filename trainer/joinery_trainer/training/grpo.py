"""
Group policy optimisation: questions, answers by the current adapter, rewards from running them, and steps towards the answers that were better than
their group. What is planned is told before the first step; a killed run goes on from its last checkpoint and ends where an uninterrupted one would.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from accelerate.utils import gather_object
from peft import PeftModel
from transformers import PrinterCallback, ProgressCallback, set_seed
from trl import GRPOConfig

from joinery_trainer.export.gguf_lora import AdapterFacts
from joinery_trainer.prompts.exported import Exported, PromptPair, encode_parts, read_exported
from joinery_trainer.rewards.judge import Judge
from joinery_trainer.rewards.profile import audit_to
from joinery_trainer.rollouts.answers import answer_encoder
from joinery_trainer.rollouts.joinery_sampler import JoinerySampler
from joinery_trainer.rollouts.ladder import Ladder, rank_of
from joinery_trainer.rollouts.local_sampler import LocalSampler
from joinery_trainer.rollouts.rewarding import Rewarding
from joinery_trainer.rollouts.rounds import RoundPlan, Rounds
from joinery_trainer.rollouts.sampler import Sampler
from joinery_trainer.sql.workers import WorkerPool
from joinery_trainer.stages.errors import NO_DATA, StageError
from joinery_trainer.stages.events import Events
from joinery_trainer.stages.grpo_settings import GrpoSettings
from joinery_trainer.stages.recipe import settings_as_json
from joinery_trainer.training.base import Base, load_base
from joinery_trainer.training.grpo_adapter import AdapterFiles
from joinery_trainer.training.grpo_progress import Progress, SaveBetweenRounds, last_whole_checkpoint
from joinery_trainer.training.grpo_trainer import Correction, RoundsTrainer
from joinery_trainer.training.lora import save_adapter, with_adapter
from joinery_trainer.training.packed_trainer import Pace


@dataclass(frozen=True)
class Questions:
    """What a run asks."""

    exported: Exported
    pairs: tuple[PromptPair, ...]
    #: Ids left out because prompt and longest answer do not fit a row.
    too_long: tuple[str, ...]
    outside_grammar: int


def run_grpo(settings: GrpoSettings, *, resume: bool = False, quiet: bool = False, sampler: Sampler | None = None) -> Path:
    """Train and return the folder of the adapter. ``sampler`` takes the place of the one that the settings name.

    Raises StageError with a sentence when that cannot be done; no adapter is left then.
    """
    events = Events(settings.out, "grpo", quiet=quiet)
    (settings.out / "settings.json").write_text(settings_as_json(settings), encoding="utf-8")
    if settings.threads:
        torch.set_num_threads(settings.threads)
    set_seed(settings.seed)
    base = load_base(settings.base, settings.cache, settings.dtype)
    questions = read_questions(settings, base)
    set_seed(settings.seed)
    model = with_adapter(base, settings)
    model.to(_device(settings))
    sampler = sampler or _sampler(settings, model, base)
    try:
        with WorkerPool(settings.workers) as pool:
            trainer = make_trainer(settings, model, base, questions, sampler, Judge(pool.run), events)
            _tell_plan(settings, questions, trainer, events)
            checkpoints = settings.out / "checkpoints"
            trainer.train(resume_from_checkpoint=last_whole_checkpoint(checkpoints) if resume else None)
    finally:
        sampler.close()
    return _finish(settings, model, base, questions, trainer, events)


def read_questions(settings: GrpoSettings, base: Base) -> Questions:
    """Read and sift. Raises StageError when no question is left, or when a database is missing."""
    missing = [str(path) for path in settings.data if not path.exists()]
    if missing:
        raise StageError(f"there is no {', '.join(missing)}; `joinery export` writes it", NO_DATA)
    try:
        exported = read_exported(settings.data)
    except ValueError as error:
        raise StageError(f"the data cannot be read: {error}", NO_DATA) from error
    absent = sorted({str(pair.database) for pair in exported.pairs if not pair.database.exists()})
    if absent:
        raise StageError(f"answers cannot be run: there is no {absent[0]}{f' and {len(absent) - 1} more' if len(absent) > 1 else ''}", NO_DATA)
    writable = [pair for pair in exported.pairs if pair.in_grammar or not settings.only_in_grammar]
    lengths = {key: len(encode_parts(base.tokenizer, parts)) for key, parts in exported.prefixes.items()}
    room = settings.row_tokens - settings.answer_tokens
    fitting = [pair for pair in writable if lengths[pair.prefix_key] + len(encode_parts(base.tokenizer, pair.rest)) <= room]
    if not fitting:
        raise StageError("there is nothing to train on: no question is left that fits a row and that the grammar can write", NO_DATA)
    too_long = {pair.id for pair in writable} - {pair.id for pair in fitting}
    return Questions(exported, tuple(fitting), tuple(sorted(too_long)), len(exported.pairs) - len(writable))


def make_trainer(
    settings: GrpoSettings, model: PeftModel, base: Base, questions: Questions, sampler: Sampler, judge: Judge, events: Events
) -> RoundsTrainer:
    """Put rounds and trainer together. The model gets a second, frozen adapter when the divergence is measured from a start."""
    tokenizer = base.tokenizer
    rewarding = Rewarding(
        settings.profile,
        judge,
        target=settings.target,
        count_tokens=lambda text: len(tokenizer.encode(text, add_special_tokens=False)),
        audit=audit_to(settings.out / "audit.jsonl"),
    )
    progress = Progress(events, idle_steps=settings.idle_steps, sample_steps=settings.sample_steps)
    rounds = Rounds(_round_plan(settings), questions.exported, questions.pairs, sampler, rewarding, _ladder(settings, questions.pairs))
    facts = AdapterFacts("joinery adapter in training", prompt_version=questions.exported.prompt_version, base_sha256=base.sha256)
    files = AdapterFiles(model, settings.out / "sampler", every=settings.export_steps, facts=facts) if settings.sampler == "joinery" else None
    pace = Pace(
        events,
        save_seconds=settings.checkpoint_minutes * 60,
        score_seconds=0,
        end_seconds=settings.minutes * 60 if settings.minutes > 0 else float("inf"),
    )
    trainer = RoundsTrainer(
        model=model,
        args=_arguments(settings),
        tokenizer=tokenizer,
        rounds=rounds,
        encode=answer_encoder(tokenizer, settings.target, int(tokenizer.eos_token_id)),
        adapters=files,
        correction=Correction(settings.correction, sampler.tempered),
        row_tokens=settings.row_tokens,
        on_round=progress.on_round,
        callbacks=[pace, SaveBetweenRounds(settings.passes), progress],
        reward_name=settings.profile,
    )
    for callback in (PrinterCallback, ProgressCallback):
        trainer.remove_callback(callback)
    if settings.reference == "base" and "ref" in model.peft_config:
        # Without a second adapter TRL takes the model with none.
        model.delete_adapter("ref")
    rounds.share = gather_object if trainer.accelerator.num_processes > 1 else rounds.share
    return trainer


def _round_plan(settings: GrpoSettings) -> RoundPlan:
    return RoundPlan(
        groups=settings.questions_per_step,
        answers=settings.answers,
        tries=settings.tries,
        together=settings.row_questions,
        temperature=settings.temperature,
        max_tokens=settings.answer_tokens,
        seed=settings.seed,
    )


def _ladder(settings: GrpoSettings, pairs: Sequence[PromptPair]) -> Ladder:
    ranks = {rank_of(pair.level, pair.gold) for pair in pairs}
    ladder = Ladder(ranks, window=max(settings.ladder_window, 1))
    if settings.ladder_window == 0:
        ladder.restore({"top": max(ranks), "seen": []})
    return ladder


def _arguments(settings: GrpoSettings) -> GRPOConfig:
    # The library takes the folder of its curves from here only, and warns of an option that has served here well.
    os.environ["TENSORBOARD_LOGGING_DIR"] = str(settings.out / "tensorboard")
    os.environ["TRL_EXPERIMENTAL_SILENCE"] = "1"
    return GRPOConfig(
        output_dir=str(settings.out / "checkpoints"),
        per_device_train_batch_size=settings.row_questions * settings.answers,
        gradient_accumulation_steps=settings.questions_per_step // settings.row_questions,
        num_generations=settings.answers,
        max_completion_length=settings.answer_tokens,
        num_iterations=settings.passes,
        max_steps=settings.steps,
        learning_rate=settings.learning_rate,
        lr_scheduler_type="constant_with_warmup",
        warmup_steps=max(1, round(settings.warmup * settings.steps)),
        max_grad_norm=settings.clip,
        weight_decay=0.0,
        beta=settings.kl,
        epsilon=settings.clip_low,
        epsilon_high=settings.clip_high,
        loss_type=settings.loss,
        temperature=settings.temperature,
        use_vllm=settings.sampler == "vllm",
        vllm_mode="colocate",
        vllm_importance_sampling_correction=False,
        bf16=settings.dtype == "bfloat16",
        gradient_checkpointing=settings.recompute,
        use_cpu=_device(settings) == "cpu",
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


def _device(settings: GrpoSettings) -> str:
    wanted = settings.device
    if "cuda" in (wanted, "cuda" if settings.sampler == "vllm" else "") and not torch.cuda.is_available():
        raise StageError(f"no CUDA device is there; set {'sampler to joinery' if settings.sampler == 'vllm' else 'device to cpu or auto'}")
    return wanted if wanted != "auto" else "cuda" if torch.cuda.is_available() else "cpu"


def _sampler(settings: GrpoSettings, model: PeftModel, base: Base) -> Sampler:
    stop = (";",) if settings.target == "sql" else ()
    if settings.sampler == "joinery":
        if settings.base.is_dir():
            raise StageError("the model process reads GGUF files; set sampler to local for a base in a folder")
        return JoinerySampler(
            settings.joinery,
            settings.base,
            threads=settings.threads,
            log=settings.out / "sampler.log",
            stop=stop,
            answer_seconds=settings.answer_seconds,
        )
    return LocalSampler(model, base.tokenizer, stop)


def _tell_plan(settings: GrpoSettings, questions: Questions, trainer: RoundsTrainer, events: Events) -> None:
    levels: dict[int, int] = {}
    for pair in questions.pairs:
        rank = rank_of(pair.level, pair.gold)
        levels[rank] = levels.get(rank, 0) + 1
    plan: Mapping[str, Any] = {
        "steps": settings.steps,
        "questions": len(questions.pairs),
        "levels": {str(rank): count for rank, count in sorted(levels.items())},
        "answers_per_step": settings.questions_per_step * settings.answers,
        "profile": settings.profile,
        "too_long": list(questions.too_long),
        "outside_grammar": questions.outside_grammar,
    }
    (settings.out / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    shape = f"{len(questions.pairs)} questions in {len(levels)} levels, {settings.steps} steps of {plan['answers_per_step']} answers or more"
    events.tell("plan", plan, f"{shape}; left out: {len(questions.too_long)} too long, {questions.outside_grammar} outside the grammar")


def _finish(settings: GrpoSettings, model: PeftModel, base: Base, questions: Questions, trainer: RoundsTrainer, events: Events) -> Path:
    if "ref" in model.peft_config:
        model.delete_adapter("ref")
    adapter = settings.out / "adapter"
    steps = trainer.state.global_step
    origin = {"stage": "grpo", "prompt_version": questions.exported.prompt_version, "questions": len(questions.pairs), "steps": steps}
    save_adapter(model, base, adapter, origin)
    events.tell("done", {"step": steps, "adapter": str(adapter)}, f"the adapter is in {adapter}")
    return adapter
