"""
Group policy optimisation: questions, answers by the current adapter, rewards from running them, and steps towards the answers that were better than
their group. What is planned is told before the first step; a killed run goes on from its last checkpoint and ends where an uninterrupted one would.
"""

from __future__ import annotations

import json
from pathlib import Path

from peft import PeftModel
from transformers import set_seed

from joinery_trainer.rewards.judge import Judge
from joinery_trainer.rollouts.audit import drop_from, summarise_audit
from joinery_trainer.rollouts.compiler import JoinFreeCompiler
from joinery_trainer.rollouts.ladder import rank_of
from joinery_trainer.rollouts.sampler import Sampler
from joinery_trainer.sql.workers import WorkerPool
from joinery_trainer.stages.errors import NO_DATA, StageError
from joinery_trainer.stages.events import Events
from joinery_trainer.stages.grpo_settings import GrpoSettings
from joinery_trainer.training.base import Base, load_base
from joinery_trainer.training.estimate import peak_memory
from joinery_trainer.training.grpo_estimate import measure_step
from joinery_trainer.training.grpo_setup import Questions, make_sampler, make_trainer, read_questions, require_device
from joinery_trainer.training.grpo_trainer import RoundsTrainer
from joinery_trainer.training.grpo_vllm import VllmSampler
from joinery_trainer.training.lora import save_adapter, with_adapter
from joinery_trainer.training.start import begin, last_whole_checkpoint

#: Rounds of waiting for the workers; each may take as long as a statement.
_MOST_TRIES = 5
#: One line for each distinct answer to each question: what it earned, part by part.
AUDIT_FILE = "audit.jsonl"


def run_grpo(
    settings: GrpoSettings, *, resume: bool = False, quiet: bool = False, events: Events | None = None, sampler: Sampler | None = None
) -> Path:
    """Train and return the folder of the adapter.

    Started by `accelerate launch` on several devices each process asks and judges its own questions, and one writes. ``events`` is where a larger
    run is told; ``sampler`` takes the place of the one that the settings name, and is closed at the end. Raises StageError with a sentence when the
    stage cannot go on; no adapter is left then.
    """
    require_device(settings)
    started = begin(settings, "grpo", events, quiet=quiet)
    world, events = started.world, started.events
    base = load_base(settings.base, settings.cache, settings.dtype)
    questions = read_questions(settings, base)
    set_seed(settings.seed)
    model = with_adapter(base, settings)
    model.to(started.device)
    sampler = sampler or make_sampler(settings, model, base)
    log = "compiler.log" if world.is_main_process else f"compiler-{world.process_index}.log"
    compiler = JoinFreeCompiler(settings.joinery, settings.out / log)
    try:
        with WorkerPool(settings.workers) as pool:
            warm(pool, settings.workers, questions)
            if settings.target == "ir":
                # Now, and not in the first round: without it no answer is worth anything.
                compiler(str(questions.pairs[0].database), questions.pairs[0].sql)
            audit = settings.out / (AUDIT_FILE if world.is_main_process else f"audit-{world.process_index}.jsonl")
            trainer = make_trainer(settings, model, base, questions, sampler, Judge(pool.run, compiler=compiler), events, audit)
            checkpoint = last_whole_checkpoint(settings.out / "checkpoints") if resume else None
            drop_from(audit, _steps_in(checkpoint) // settings.passes)
            if isinstance(sampler, VllmSampler):
                sampler.bind(trainer)
            if checkpoint is None:
                _tell_plan(settings, trainer, questions, sampler, events)
            trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    finally:
        sampler.close()
        compiler.close()
    if world.is_main_process:
        _finish(settings, model, base, questions, trainer, events)
    world.wait_for_everyone()
    return settings.out / "adapter"


def warm(pool: WorkerPool, workers: int, questions: Questions) -> None:
    """Wait until the workers answer: on a busy machine their first breath takes longer than a statement may, and would be taken for its failure.

    Raises StageError when they do not come up.
    """
    database = str(questions.pairs[0].database)
    for _ in range(_MOST_TRIES):
        outcomes = pool.run_all([(database, "SELECT 1")] * workers)
        if all(outcome.ran for outcome in outcomes):
            return
    raise StageError(f"answers cannot be run on {database}: {next(outcome.error for outcome in outcomes if not outcome.ran)}", NO_DATA)


def _steps_in(checkpoint: Path | None) -> int:
    return json.loads((checkpoint / "trainer_state.json").read_text(encoding="utf-8"))["global_step"] if checkpoint else 0


def _tell_plan(settings: GrpoSettings, trainer: RoundsTrainer, questions: Questions, sampler: Sampler, events: Events) -> None:
    cost = measure_step(settings, trainer, sampler, questions.pairs)
    minutes = settings.steps * cost.step / 60
    levels: dict[int, int] = {}
    for pair in questions.pairs:
        rank = rank_of(pair.level, pair.gold)
        levels[rank] = levels.get(rank, 0) + 1
    plan = {
        "steps": settings.steps,
        "minutes": round(min(minutes, settings.minutes) if settings.minutes > 0 else minutes, 1),
        "sampling_seconds": round(cost.sampling, 2),
        "learning_seconds": round(cost.learning, 2),
        "peak_mb": cost.peak_mb,
        "questions": len(questions.pairs),
        "levels": {str(rank): count for rank, count in sorted(levels.items())},
        "answers_per_step": settings.questions_per_step * settings.answers,
        "profile": settings.profile,
        "too_long": list(questions.too_long),
        "outside_grammar": questions.outside_grammar,
    }
    if trainer.args.process_index == 0:
        (settings.out / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    shape = f"{len(questions.pairs)} questions in {len(levels)} levels, {settings.steps} steps of {plan['answers_per_step']} answers"
    time = f"about {plan['minutes']:.0f} min, more where groups have to be asked for again, and {cost.peak_mb} MB"
    left_out = f"left out: {len(questions.too_long)} too long, {questions.outside_grammar} outside the grammar"
    events.tell("plan", plan, f"{shape}, {time}; {left_out}")


def _finish(settings: GrpoSettings, model: PeftModel, base: Base, questions: Questions, trainer: RoundsTrainer, events: Events) -> None:
    if "ref" in model.peft_config:
        model.delete_adapter("ref")
    adapter = settings.out / "adapter"
    steps = trainer.state.global_step
    origin = {
        "stage": "grpo",
        "prompt_version": questions.exported.prompt_version,
        "questions": len(questions.pairs),
        "steps": steps,
        "seed": settings.seed,
    }
    save_adapter(model, base, adapter, origin)
    summary = summarise_audit(settings.out / AUDIT_FILE)
    (settings.out / "audit.json").write_text(json.dumps(summary, indent=2), encoding="utf-8")
    ended = {"step": steps, "adapter": str(adapter), "audit": summary, "peak_mb": peak_memory()}
    events.tell("done", ended, f"the adapter is in {adapter}; {ended['peak_mb']} MB of memory at most")
