"""
TRL's DPO trainer over packed rows, with LearNAT's margin: one row is one micro-batch with several preferences on a shared prefix, its loss is that
of `losses/margin_preference.py`. The reference (TRL's frozen copy of the adapter), checkpoints, resuming and accelerate are the libraries'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from datasets import Dataset
from torch import Tensor, nn
from transformers import PrinterCallback, TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from trl import DPOTrainer
from trl.models.utils import disable_gradient_checkpointing
from trl.trainer.utils import use_adapter

from joinery_trainer.losses.margin_preference import PreferenceLoss, margin_preference_loss
from joinery_trainer.packing.batch import RowBatch, to_batch
from joinery_trainer.packing.forward import sum_by_span, target_logprobs
from joinery_trainer.preferences.rows import PreferenceRow
from joinery_trainer.stages.events import Events
from joinery_trainer.training.packed_trainer import share_of_step

#: Keys of a micro-batch that are not of the row itself.
_OWN = ("row", "chosen_paths", "rejected_paths", "margins", "shift_labels")


def row_tensors(row: PreferenceRow, at: int) -> dict[str, Tensor]:
    """Return the tensors of a row with S spans and P preferences.

    Those of `RowBatch`; ``chosen_paths`` and ``rejected_paths`` [P, S], 1 for each span of an answer; ``margins`` [P]; ``row`` [], its number.
    """
    paths = {}
    for name, ways in (("chosen_paths", row.chosen), ("rejected_paths", row.rejected)):
        paths[name] = torch.zeros(len(ways), len(row.row.spans))
        for pair, way in enumerate(ways):
            paths[name][pair, list(way)] = 1
    margins = torch.tensor(row.margins, dtype=torch.float32)
    # The library counts what a step averages over by this key: preferences, whatever their rows.
    return {**vars(to_batch(row.row)), **paths, "margins": margins, "row": torch.tensor(at), "shift_labels": torch.zeros(len(row.margins))}


def answer_logprobs(model: nn.Module, inputs: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
    """Return the log-probabilities [P], float32, of the chosen and the rejected answers: sums over their paths.

    A product of matrices would do, but autocast would make it one of bfloat16, in which a sum of 100 has no decimals.
    """
    batch = RowBatch(**{name: tensor for name, tensor in inputs.items() if name not in _OWN})
    sums = sum_by_span(target_logprobs(model, batch), batch, inputs["chosen_paths"].shape[1])
    return (inputs["chosen_paths"] * sums).sum(dim=1), (inputs["rejected_paths"] * sums).sum(dim=1)


class PreferenceTrainer(DPOTrainer):
    """DPOTrainer whose examples are rows. ``margin`` multiplies the margins; 0 is plain DPO."""

    def __init__(
        self,
        *,
        rows: Sequence[PreferenceRow],
        held_out: Sequence[PreferenceRow],
        margin: float,
        **options: Any,  # noqa: ANN401
    ) -> None:
        self._margin = margin
        self._rows = [*rows, *held_out]
        # The reference does not move: what it thinks of a row is computed once.
        self._reference: dict[int, tuple[Tensor, Tensor]] = {}
        indices = Dataset.from_dict({"row": list(range(len(rows)))})
        watched = Dataset.from_dict({"row": list(range(len(rows), len(self._rows)))}) if held_out else None
        super().__init__(data_collator=self._collate, train_dataset=indices, eval_dataset=watched, **options)
        self.remove_callback(PrinterCallback)
        # The loss is divided by the preferences of the whole step, not by the number of rows: rows differ in length.
        self.model_accepts_loss_kwargs = self.loss_is_scaled_for_ga = True

    def _send_telemetry(self) -> None:
        """Nothing about a training leaves the machine."""

    def _collate(self, examples: Sequence[Mapping[str, int]]) -> dict[str, Tensor]:
        (example,) = examples
        return row_tensors(self._rows[example["row"]], example["row"])

    def _prepare_dataset(self, dataset: Dataset, *_: object) -> Dataset:
        """Leave rows as they are: they are in tokens."""
        return dataset

    def compute_loss(
        self,
        model: nn.Module,
        inputs: Mapping[str, Tensor],
        return_outputs: bool = False,
        num_items_in_batch: Tensor | int | None = None,
    ) -> Any:  # noqa: ANN401 - as the library declares it
        """Return the loss of a row as its share of the step's mean over preferences."""
        chosen, rejected = answer_logprobs(model, inputs)
        reference = self.reference_logprobs(inputs)
        found = margin_preference_loss(chosen, rejected, *reference, self._margin * inputs["margins"], self.beta)
        self._keep_figures(found)
        total = num_items_in_batch if num_items_in_batch is not None else len(found.loss)
        loss = share_of_step(self, found.loss.sum() / total, num_items_in_batch)
        return (loss, None) if return_outputs else loss

    def reference_logprobs(self, inputs: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
        """Return what the frozen reference thinks of a row, as `answer_logprobs` does."""
        at = int(inputs["row"])
        if at not in self._reference:
            unwrapped = self.accelerator.unwrap_model(self.model)
            with torch.no_grad(), disable_gradient_checkpointing(self.model), use_adapter(unwrapped, "ref"):
                self._reference[at] = answer_logprobs(self.model, inputs)
        return self._reference[at]

    def _keep_figures(self, found: PreferenceLoss) -> None:
        figures = self._metrics["train" if self.model.training else "eval"]
        figures["rewards/chosen"].extend(found.chosen_reward.tolist())
        figures["rewards/rejected"].extend(found.rejected_reward.tolist())
        figures["rewards/margins"].extend((found.chosen_reward - found.rejected_reward).tolist())
        figures["rewards/accuracies"].extend((found.chosen_reward > found.rejected_reward).float().tolist())


class RewardEvents(TrainerCallback):
    """Tells the implicit rewards as events: how often the better answer is ahead, and by how much."""

    def __init__(self, events: Events) -> None:
        self._events = events

    def on_log(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, logs: dict[str, float] | None = None, **rest: object
    ) -> None:
        """Pass rewards on."""
        logs = logs or {}
        for kind in ("", "eval_"):
            if f"{kind}rewards/accuracies" in logs:
                values = {name: round(logs[f"{kind}rewards/{name}"], 5) for name in ("chosen", "rejected", "margins", "accuracies")}
                sentence = f"the better of two is ahead in {values['accuracies']:.0%}, by {values['margins']:.3f}"
                self._events.tell("reward", {"step": state.global_step, "held_out": bool(kind), **values}, sentence if kind else "")
