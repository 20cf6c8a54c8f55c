"""What a run will cost, measured on one question before the first step: seconds of a step, by sampling and by learning. No weight changes."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from pathlib import Path

import torch

from joinery_trainer.losses.group_policy import score_targets
from joinery_trainer.packing.batch import to_batch
from joinery_trainer.packing.forward import target_logits
from joinery_trainer.packing.rows import Example, Row, make_row
from joinery_trainer.prompts.exported import PromptPair, encode_parts
from joinery_trainer.rollouts.sampler import Prompt, Sampler
from joinery_trainer.stages.grpo_settings import GrpoSettings
from joinery_trainer.training.estimate import peak_memory
from joinery_trainer.training.grpo_trainer import RoundsTrainer


@dataclass(frozen=True)
class Cost:
    """Seconds of a step, and memory."""

    sampling: float
    learning: float
    #: Most memory so far, in MB: of the GPU when there is one, else of this process, the model process not counted.
    peak_mb: int

    @property
    def step(self) -> float:
        """Seconds of both together."""
        return self.sampling + self.learning


def measure_step(settings: GrpoSettings, trainer: RoundsTrainer, sampler: Sampler, pairs: tuple[PromptPair, ...]) -> Cost:
    """Ask two questions and learn from one row; raises what the sampler raises, so that a run that cannot sample ends at once."""
    chosen = random.Random(settings.seed).sample(pairs, min(2, len(pairs)))
    adapter = trainer.adapter_file()
    # The first answer also pays for starting the process and reading the adapter, which every export does.
    first, later = (_seconds_of(settings, trainer, sampler, pair, adapter) for pair in (chosen[0], chosen[-1]))
    exporting = max(0.0, first - later) / settings.export_steps if adapter else 0.0
    rows = settings.questions_per_step / settings.row_questions
    learning = rows * settings.passes * _seconds_of_row(settings, trainer, chosen)
    return Cost(exporting + settings.questions_per_step * later, learning, peak_memory())


def _seconds_of(settings: GrpoSettings, trainer: RoundsTrainer, sampler: Sampler, pair: PromptPair, adapter: Path | None) -> float:
    prompt = Prompt(pair.id, pair.prefix_key, trainer.rounds.prefix_of(pair), pair.rest)
    began = time.perf_counter()
    sampler.sample(
        [prompt], n=settings.answers, temperature=settings.temperature, max_tokens=settings.answer_tokens, seed=settings.seed, adapter=adapter
    )
    return time.perf_counter() - began


def _seconds_of_row(settings: GrpoSettings, trainer: RoundsTrainer, pairs: list[PromptPair]) -> float:
    """Time a row as long as one of training, its answers half as long as they may be."""
    tokenizer = trainer.processing_class
    prefix = encode_parts(tokenizer, trainer.rounds.prefix_of(pairs[0]))
    question = tuple(encode_parts(tokenizer, pairs[0].rest))
    answer = (question * settings.answer_tokens)[: max(1, settings.answer_tokens // 2)]
    fitting = max(1, (settings.row_tokens - len(prefix)) // (len(question) + settings.answers * len(answer)))
    together = min(settings.row_questions, fitting)
    answers = settings.answers
    while True:
        row = make_row(prefix, [Example(str(at), "", question, (answer,) * answers) for at in range(together)])
        try:
            return _learn(settings, trainer, row) * settings.row_questions * settings.answers / (together * answers)
        except (torch.OutOfMemoryError, MemoryError):
            # Training cuts such a row into parts; so does its estimate.
            if together * answers == 1:
                raise
            together, answers = (together // 2, answers) if together > 1 else (together, answers // 2)
        finally:
            trainer.model.zero_grad(set_to_none=True)


def _learn(settings: GrpoSettings, trainer: RoundsTrainer, row: Row) -> float:
    model = trainer.model
    batch = to_batch(row).to(model.device)
    began = time.perf_counter()
    with trainer.accelerator.autocast():
        score_targets(target_logits(model, batch), batch.labels, settings.temperature).policy.mean().backward()
        if settings.kl > 0:
            with torch.no_grad():
                target_logits(model, batch)
    return time.perf_counter() - began
