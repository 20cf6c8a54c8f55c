"""Puts a run of group policy optimisation together: questions that fit, the sampler that the recipe names, rounds, trainer. It trains nothing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from accelerate.utils import gather_object
from peft import PeftModel
from transformers import PrinterCallback, ProgressCallback
from trl import GRPOConfig

from joinery_trainer.export.gguf_lora import AdapterFacts
from joinery_trainer.prompts.exported import Exported, PromptPair, encode_parts
from joinery_trainer.rewards.judge import Judge
from joinery_trainer.rewards.profile import audit_to
from joinery_trainer.rollouts.answers import answer_encoder
from joinery_trainer.rollouts.joinery_sampler import JoinerySampler
from joinery_trainer.rollouts.ladder import Ladder, rank_of
from joinery_trainer.rollouts.local_sampler import LocalSampler
from joinery_trainer.rollouts.rewarding import Rewarding
from joinery_trainer.rollouts.rounds import RoundPlan, Rounds
from joinery_trainer.rollouts.sampler import Sampler
from joinery_trainer.stages.errors import NO_DATA, StageError
from joinery_trainer.stages.events import Events
from joinery_trainer.stages.grpo_settings import GrpoSettings
from joinery_trainer.training.base import Base
from joinery_trainer.training.grpo_adapter import AdapterFiles
from joinery_trainer.training.grpo_progress import Progress, SaveBetweenRounds
from joinery_trainer.training.grpo_trainer import Correction, RoundsTrainer
from joinery_trainer.training.grpo_vllm import VllmSampler
from joinery_trainer.training.pace import Pace, Together
from joinery_trainer.training.return_memory import ReturnMemory
from joinery_trainer.training.start import device_of, library_arguments, read_data


@dataclass(frozen=True)
class Questions:
    """What a run asks."""

    exported: Exported
    pairs: tuple[PromptPair, ...]
    #: Ids left out because prompt and longest answer do not fit a row.
    too_long: tuple[str, ...]
    outside_grammar: int


def require_device(settings: GrpoSettings) -> None:
    """Raise StageError when the sampler needs a GPU and there is none."""
    if settings.sampler == "vllm" and device_of(settings) == "cpu":
        raise StageError("vLLM needs a GPU; set sampler to joinery or local")


def read_questions(settings: GrpoSettings, base: Base) -> Questions:
    """Read and sift. Raises StageError when no question is left, a database is missing, or the prompts ask for what is not rewarded."""
    exported = read_data(settings.data, (settings.target,))
    absent = sorted({str(pair.database) for pair in exported.pairs if not pair.database.exists()})
    if absent:
        raise StageError(f"answers cannot be run: there is no {absent[0]}{f', and {len(absent) - 1} more' if len(absent) > 1 else ''}", NO_DATA)
    writable = [pair for pair in exported.pairs if pair.in_grammar or not settings.only_in_grammar]
    lengths = {key: len(encode_parts(base.tokenizer, parts)) for key, parts in exported.prefixes.items()}
    room = settings.row_tokens - settings.answer_tokens
    fitting = [pair for pair in writable if lengths[pair.prefix_key] + len(encode_parts(base.tokenizer, pair.rest)) <= room]
    if not fitting:
        raise StageError("there is nothing to train on: no question is left that fits a row and that the grammar can write", NO_DATA)
    too_long = {pair.id for pair in writable} - {pair.id for pair in fitting}
    return Questions(exported, tuple(fitting), tuple(sorted(too_long)), len(exported.pairs) - len(writable))


def make_sampler(settings: GrpoSettings, model: PeftModel, base: Base) -> Sampler:
    """Return the sampler that the recipe names. Raises StageError for a model process without a GGUF file."""
    if settings.sampler == "local":
        return LocalSampler(model, base.tokenizer)
    if settings.sampler == "vllm":
        return VllmSampler()
    if settings.base.is_dir():
        raise StageError("the model process reads GGUF files; set sampler to local for a base in a folder")
    return JoinerySampler(
        settings.joinery,
        settings.base,
        threads=settings.threads,
        log=settings.out / "sampler.log",
        answer_seconds=settings.answer_seconds,
    )


def make_trainer(
    settings: GrpoSettings, model: PeftModel, base: Base, questions: Questions, sampler: Sampler, judge: Judge, events: Events, audit: Path
) -> RoundsTrainer:
    """Put rounds and trainer together. The model gets a second, frozen adapter when the divergence is measured from a start."""
    tokenizer = base.tokenizer
    rewarding = Rewarding(
        settings.profile,
        judge,
        target=settings.target,
        count_tokens=lambda text: len(tokenizer.encode(text, add_special_tokens=False)),
        audit=audit_to(audit),
    )
    progress = Progress(events, idle_steps=settings.idle_steps, sample_steps=settings.sample_steps)
    rounds = Rounds(_round_plan(settings), questions.exported, questions.pairs, sampler, rewarding, _ladder(settings, questions.pairs))
    facts = AdapterFacts("joinery adapter in training", prompt_version=questions.exported.prompt_version, base_sha256=base.sha256)
    arguments = _arguments(settings)
    folder = settings.out / "sampler" / str(arguments.process_index)
    files = AdapterFiles(model, folder, every=settings.export_steps, facts=facts) if settings.sampler == "joinery" else None
    end = settings.minutes * 60 if settings.minutes > 0 else float("inf")
    pace = Pace(events, save_seconds=settings.checkpoint_minutes * 60, score_seconds=0, end_seconds=end)
    trainer = RoundsTrainer(
        model=model,
        args=arguments,
        tokenizer=tokenizer,
        rounds=rounds,
        encode=answer_encoder(tokenizer, int(tokenizer.eos_token_id)),
        adapters=files,
        correction=Correction(settings.correction, sampler.tempered),
        row_tokens=settings.row_tokens,
        on_round=progress.on_round,
        on_smaller=progress.on_smaller,
        callbacks=[pace, progress, ReturnMemory(), Together(), SaveBetweenRounds(settings.passes)],
        reward_name=settings.profile,
    )
    for callback in (PrinterCallback, ProgressCallback):
        trainer.remove_callback(callback)
    if settings.reference == "base" and "ref" in model.peft_config:
        # Without a second adapter TRL takes the model with none.
        model.delete_adapter("ref")
    if trainer.accelerator.num_processes > 1:
        rounds.share = gather_object
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
    # The library warns of rollout functions with every run.
    os.environ["TRL_EXPERIMENTAL_SILENCE"] = "1"
    shared = library_arguments(settings)
    stop = {"stop": [";"], "include_stop_str_in_output": True} if settings.sampler == "vllm" else None
    return GRPOConfig(
        **shared,
        # TRL has this older name and turns it on by itself.
        gradient_checkpointing=settings.recompute,
        per_device_train_batch_size=settings.row_questions * settings.answers,
        gradient_accumulation_steps=settings.questions_per_step // settings.row_questions,
        num_generations=settings.answers,
        max_completion_length=settings.answer_tokens,
        num_iterations=settings.passes,
        max_steps=settings.steps,
        lr_scheduler_type="constant_with_warmup",
        warmup_steps=max(1, round(settings.warmup * settings.steps)),
        beta=settings.kl,
        epsilon=settings.clip_low,
        epsilon_high=settings.clip_high,
        loss_type=settings.loss,
        temperature=settings.temperature,
        generation_kwargs=stop,
        use_vllm=settings.sampler == "vllm",
        vllm_mode="colocate",
        vllm_importance_sampling_correction=False,
    )
