"""
TRL's GRPOTrainer over rounds of our own, scored in packed rows.

What is TRL's: advantages, the clipped loss and its averages, the divergence from the reference, several passes, metrics, and by way of transformers
accumulation, schedules, checkpoints and accelerate. What is ours, each an override of one method:

- ``_generate_and_score_completions`` makes a round (`rollouts/rounds.py`) and hands its answers and rewards to TRL's own method.
- ``_prepare_inputs`` does not shuffle, so that the answers to a question stay in one micro-batch and share a row. Nothing is lost: all micro-batches
  of a round enter one step.
- ``_get_per_token_logps_and_entropies`` packs: TRL asks it for all log-probabilities, of the policy, the old policy and the reference.
- ``training_step`` and ``compute_loss`` go on with smaller parts when the memory is too small for a micro-batch; the gradient stays the same.
- ``_compute_loss`` corrects for the sampler. TRL corrects only inside its own vLLM option; a weight on the loss of a token is the same as a weight on
  its advantage, because weights are not negative, so the advantages [B] become [B, 1] or [B, T] as TRL allows.

TRL's fused head gives one log-probability a position; in a packed row the last token of a question predicts the first token of every answer, so
logits at targets are taken instead (`packing/forward.py`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from torch import Tensor, nn
from trl import GRPOConfig, GRPOTrainer
from trl.trainer.utils import split_tensor_dict

from joinery_trainer.losses.group_policy import Scores, importance_weights
from joinery_trainer.prompts.exported import encode_parts
from joinery_trainer.rollouts.answers import AnswerEncoder
from joinery_trainer.rollouts.rounds import Group, Round, Rounds
from joinery_trainer.stages.errors import NOT_A_NUMBER, StageError
from joinery_trainer.training.grpo_adapter import AdapterFiles
from joinery_trainer.training.grpo_packing import score_padded

#: Beside TRL's files in a checkpoint: the ladder, and what the sampler was given last.
STATE_FILE = "joinery_state.json"


@dataclass(frozen=True)
class Correction:
    """How the sampler's distribution is corrected for."""

    #: Weights above it are cut; 0 corrects nothing.
    most: float
    #: Whether the sampler's log-probabilities are of the tempered policy, else of the plain model.
    tempered: bool


class RoundsTrainer(GRPOTrainer):
    """GRPO whose answers come from ``rounds``. ``on_round`` is told of every round before it is learnt from, ``on_smaller`` when memory ran out."""

    def __init__(
        self,
        *,
        model: nn.Module,
        args: GRPOConfig,
        tokenizer: Any,  # noqa: ANN401 - a tokenizer of transformers
        rounds: Rounds,
        encode: AnswerEncoder,
        adapters: AdapterFiles | None,
        correction: Correction,
        row_tokens: int,
        on_round: Callable[[int, Round], None],
        on_smaller: Callable[[int], None],
        callbacks: list[Any],
        reward_name: str,
    ) -> None:
        self.rounds = rounds
        self._encode = encode
        self._adapters = adapters
        self._correction = correction
        self._row_tokens = row_tokens
        self._on_round = on_round
        self._on_smaller = on_smaller
        self._groups: tuple[Group, ...] = ()
        self._ready: Scores | None = None
        #: Parts into which a micro-batch is cut; doubled when memory runs out.
        self.parts = 1

        def reward(completions: list[object], *, reward: list[float], **_: object) -> list[float]:
            return reward

        reward.__name__ = reward_name
        super().__init__(
            model=model,
            reward_funcs=reward,
            args=args,
            # Questions are drawn by the ladder; these rows only say how many answers a step has.
            train_dataset=Dataset.from_dict({"prompt": [""] * (args.generation_batch_size // args.num_generations)}),
            processing_class=tokenizer,
            callbacks=callbacks,
            rollout_func=_rollout,
        )

    def _send_telemetry(self) -> None:
        """Nothing about a training leaves the machine."""

    def create_model_card(self, *arguments: object, **options: object) -> None:
        """`joinery.json` says what an adapter is; a card of the library beside every checkpoint says nothing more."""

    def _prepare_inputs(self, generation_batch: Any) -> dict[str, Any]:  # noqa: ANN401 - as the library declares it
        every = self.args.steps_per_generation * self.num_iterations
        if self._step % every == 0 or self._buffered_inputs is None:
            made = self._generate_and_score_completions(generation_batch)
            self._buffered_inputs = split_tensor_dict(made, self.args.steps_per_generation)
        return self._buffered_inputs[self._step % self.args.steps_per_generation]

    def _generate_and_score_completions(self, inputs: list[dict[str, Any]]) -> dict[str, Any]:
        number = self.state.global_step // self.num_iterations
        made = self.rounds.make(number, self.adapter_file(), self.accelerator.process_index)
        self._on_round(number, made)
        self._groups = made.groups
        rows = [{"prompt": group.pair.id, "reward": reward} for group in made.groups for reward in group.rewards]
        output = super()._generate_and_score_completions(rows)
        if self._correction.most > 0 and "old_per_token_logps" in output:
            output["sampler_weights"] = self._weights(self._score_old(output), output)
        return output

    def adapter_file(self) -> Path | None:
        """Return the adapter to sample with at this step, written when it is time; None for samplers that need no file."""
        return self._adapters.current(self.state.global_step) if self._adapters else None

    def rollout(self) -> dict[str, list[Any]]:
        """Return the tokens of the round at hand, one entry per answer, as TRL's ``rollout_func`` is to."""
        found: dict[str, list[Any]] = {"prompt_ids": [], "completion_ids": [], "logprobs": []}
        for group in self._groups:
            prompt = encode_parts(self.processing_class, (*self.rounds.prefix_of(group.pair), *group.pair.rest))
            for answer in group.answers:
                tokens = list(self._encode(answer))
                # Of a sum every token gets its part: only the sum is read then.
                known = answer.token_log_probabilities or [answer.log_probability / len(tokens)] * len(tokens)
                found["prompt_ids"].append(prompt)
                found["completion_ids"].append(tokens)
                found["logprobs"].append(list(known))
        return found

    def _get_per_token_logps_and_entropies(
        self,
        model: nn.Module,
        input_ids: Tensor,
        attention_mask: Tensor,
        logits_to_keep: int,
        batch_size: int | None = None,
        **_: object,
    ) -> tuple[Tensor, Tensor | None, None]:
        scores = self._ready or self._score(model, input_ids, attention_mask, logits_to_keep, batch_size)
        return scores.policy, scores.entropy, None

    def _score(self, model: nn.Module, input_ids: Tensor, mask: Tensor, kept: int, batch_size: int | None) -> Scores:
        size = batch_size or len(input_ids)
        with self.accelerator.autocast():
            parts = [
                score_padded(model, input_ids[at : at + size], mask[at : at + size], kept, temperature=self.temperature, row_tokens=self._row_tokens)
                for at in range(0, len(input_ids), size)
            ]
        return Scores(*(torch.cat(column) for column in zip(*parts, strict=True)))

    def _score_old(self, output: dict[str, Any]) -> Scores:
        """Return the scores of the round under the weights before its first step."""
        if self._correction.tempered:
            return Scores(output["old_per_token_logps"], output["old_per_token_logps"], output["old_per_token_logps"])
        tokens, mask = _whole(output)
        with torch.no_grad():
            return self._score(self.model, tokens, mask, output["completion_ids"].size(1), self.args.per_device_train_batch_size)

    def _weights(self, learner: Scores, batch: dict[str, Any]) -> Tensor:
        """Return weights [B, T] or [B, 1] of the loss, and note their mean."""
        per_token = all(answer.token_log_probabilities for group in self._groups for answer in group.answers)
        mask = batch["completion_mask"]
        weights = importance_weights(
            (learner.policy if self._correction.tempered else learner.plain).detach(),
            batch["sampling_per_token_logps"],
            mask,
            per_token=per_token,
            most=self._correction.most,
        )
        mean = (weights * mask).sum() / mask.sum().clamp(min=1)
        self._metrics["train"]["sampler_weight"].append(mean.item())
        return weights

    def training_step(self, model: nn.Module, inputs: Any, num_items_in_batch: Any) -> Tensor:  # noqa: ANN401 - as the library declares it
        """Learn from a micro-batch; when memory runs out, from twice as many parts of it, down to single answers."""
        before = {name: None if one.grad is None else one.grad.clone() for name, one in model.named_parameters() if one.requires_grad}
        while True:
            try:
                return super().training_step(model, inputs, num_items_in_batch)
            except (torch.OutOfMemoryError, MemoryError):
                if self.parts >= self.args.per_device_train_batch_size:
                    raise
                self.parts *= 2
                self._on_smaller(self.parts)
            # A backward pass that broke off leaves gradients of which nobody knows what they hold.
            for name, one in model.named_parameters():
                if name in before:
                    kept = before[name]
                    one.grad = None if kept is None else kept.clone()
            if torch.cuda.is_available():
                torch.cuda.empty_cache()

    def compute_loss(self, model: nn.Module, inputs: dict[str, Any], return_outputs: bool = False, num_items_in_batch: Any = None) -> Tensor:  # noqa: ANN401 - as the library declares it
        """Return the loss of a micro-batch. Of one in parts all but the last are learnt from here, so that only one is in memory."""
        if self.parts == 1:
            return super().compute_loss(model, inputs, return_outputs, num_items_in_batch)
        told = torch.zeros((), device=self.accelerator.device)
        parts = [part for part in _split(inputs, self.parts) if len(part["completion_ids"])]
        # Over tokens the sum is divided by those of the whole step; the other losses are means over the answers of a batch.
        shares = [1.0 if self.loss_type == "dapo" else len(part["completion_ids"]) / len(inputs["completion_ids"]) for part in parts]
        for part, share in zip(parts[:-1], shares[:-1], strict=True):
            loss = super().compute_loss(model, part) * share
            self.accelerator.backward(loss)
            told += loss.detach()
        last = super().compute_loss(model, parts[-1]) * shares[-1]
        # The earlier parts count in what is told, and have no gradient left.
        return last + told

    def _compute_loss(self, model: nn.Module, inputs: dict[str, Any]) -> Tensor:
        weights = inputs.get("sampler_weights")
        try:
            if self._correction.most > 0 and weights is None:
                # The old policy is the present one: scored once, for the weights and for the loss.
                tokens, mask = _whole(inputs)
                self._ready = self._score(model, tokens, mask, inputs["completion_ids"].size(1), None)
                weights = self._weights(self._ready, inputs)
            if weights is not None:
                inputs = {**inputs, "advantages": inputs["advantages"][:, None] * weights}
            loss: Tensor = super()._compute_loss(model, inputs)
        finally:
            self._ready = None
        if not torch.isfinite(loss):
            raise StageError(f"the loss is no number after step {self.state.global_step}; the last checkpoint is kept", NOT_A_NUMBER)
        return loss

    def _save_optimizer_and_scheduler(self, output_dir: str) -> None:
        super()._save_optimizer_and_scheduler(output_dir)
        if self.args.should_save:
            state = {"ladder": self.rounds.ladder.state(), "adapter": self._adapters.state() if self._adapters else None}
            (Path(output_dir) / STATE_FILE).write_text(json.dumps(state), encoding="utf-8")

    def _load_optimizer_and_scheduler(self, checkpoint: str | None) -> None:
        super()._load_optimizer_and_scheduler(checkpoint)
        if checkpoint is not None and (Path(checkpoint) / STATE_FILE).exists():
            state = json.loads((Path(checkpoint) / STATE_FILE).read_text(encoding="utf-8"))
            self.rounds.ladder.restore(state["ladder"])
            if self._adapters and state["adapter"]:
                self._adapters.restore(state["adapter"])


def _split(batch: dict[str, Any], parts: int) -> list[dict[str, Any]]:
    """Cut the tensors of a batch [B, …] into ``parts`` along B; what has no such dimension goes with each."""
    size = -(-len(batch["completion_ids"]) // parts)
    return [
        {key: value[at : at + size] if isinstance(value, Tensor) and value.dim() > 0 else value for key, value in batch.items()}
        for at in range(0, size * parts, size)
    ]


def _rollout(prompts: list[str], trainer: RoundsTrainer) -> dict[str, list[Any]]:
    return trainer.rollout()


def _whole(batch: dict[str, Any]) -> tuple[Tensor, Tensor]:
    """Return tokens and mask [B, P + T] of prompts with their answers."""
    tokens = torch.cat([batch["prompt_ids"], batch["completion_ids"]], dim=1)
    return tokens, torch.cat([batch["prompt_mask"], batch["completion_mask"]], dim=1)
