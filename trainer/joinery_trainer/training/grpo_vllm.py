"""
Answers from the vLLM that TRL runs inside the trainer (`use_vllm`, colocated), for a GPU. It needs the vllm package and cannot run on a CPU; what is
drawn follows vLLM's own seed, so resumed does not equal uninterrupted here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from trl import GRPOTrainer

from joinery_trainer.prompts.exported import encode_parts
from joinery_trainer.rollouts.sampler import Prompt, Sampled


class VllmSampler:
    """Samples through a trainer, once `bind` has named it."""

    tempered = True

    def __init__(self, stop: Sequence[str] = (";",)) -> None:
        self._stop = tuple(stop)
        self._trainer: Any = None
        self._synced = -1

    def bind(self, trainer: GRPOTrainer) -> None:
        """Take the trainer whose weights are sampled from."""
        self._trainer = trainer

    def sample(
        self, prompts: Sequence[Prompt], *, n: int, temperature: float, max_tokens: int, seed: int, adapter: Path | None
    ) -> list[list[Sampled]]:
        """Return ``n`` answers to each prompt. Temperature and length are those of the trainer's configuration."""
        trainer = self._trainer
        if trainer.state.global_step != self._synced:
            trainer.vllm_generation.sync_weights()
            self._synced = trainer.state.global_step
        tokenizer = trainer.processing_class
        tokens = [encode_parts(tokenizer, (*prompt.prefix, *prompt.rest)) for prompt in prompts for _ in range(n)]
        _, written, scores, _ = trainer.vllm_generation.generate(prompts=tokens, images=None, num_generations=n)
        answers = [self._answer(tokenizer, ids, [one[0] for one in chosen]) for ids, chosen in zip(written, scores, strict=True)]
        return [answers[at : at + n] for at in range(0, len(answers), n)]

    def close(self) -> None:
        """It ends with the trainer."""

    def _answer(self, tokenizer: Any, ids: Sequence[int], scores: Sequence[float | None]) -> Sampled:  # noqa: ANN401 - a tokenizer of transformers
        text = tokenizer.decode(list(ids), skip_special_tokens=True)
        finished = bool(ids) and (ids[-1] in self._trainer.eos_token_ids or any(sign in text for sign in self._stop))
        for sign in self._stop:
            text = text.partition(sign)[0]
        known = tuple(float("nan") if score is None else score for score in scores)
        return Sampled(text, 1, sum(known), tuple(ids), known, finished)
