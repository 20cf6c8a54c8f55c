"""
transformers' trainer over packed rows: one row is one micro-batch, its loss is that of `losses/completion.py`, and a step sums rows until it has seen
the recipe's number of questions. Everything else (checkpoints, resuming, schedules, accelerate) is the library's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import Dataset
from transformers import PrinterCallback, Trainer

from joinery_trainer.losses.completion import completion_loss
from joinery_trainer.packing.batch import RowBatch, to_batch
from joinery_trainer.packing.forward import target_logits
from joinery_trainer.packing.rows import Row
from joinery_trainer.stages.errors import NOT_A_NUMBER, StageError


class RowDataset(Dataset[Row]):
    """Rows as torch's loader wants them."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: int) -> Row:
        return self._rows[index]


def collate(rows: Sequence[Row]) -> dict[str, Tensor]:
    """Return the tensors of the one row of a micro-batch."""
    (row,) = rows
    tensors = dict(vars(to_batch(row)))
    # The library counts the targets of a step by this key, one by one and unshifted.
    return {**tensors, "shift_labels": tensors["labels"]}


def share_of_step(trainer: Trainer, loss: Tensor, total: Tensor | int | None) -> Tensor:
    """Return the loss [] of a row, a sum divided by the ``total`` of a step in all processes, as each of them is to return it.

    The library averages over processes. Without a ``total`` the loss stays. Raises StageError when it is no number.
    """
    if not torch.isfinite(loss):
        raise StageError(f"the loss is no number after step {trainer.state.global_step}; the last checkpoint is kept", NOT_A_NUMBER)
    is_shared = total is not None and trainer.args.average_tokens_across_devices
    return loss * trainer.accelerator.num_processes if is_shared else loss


class PackedTrainer(Trainer):
    """Trainer whose examples are rows."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - the library's own options
        super().__init__(data_collator=collate, **options)
        self.remove_callback(PrinterCallback)
        # The loss is divided by the targets of the whole step, not by the number of rows: rows differ in length.
        self.model_accepts_loss_kwargs = self.loss_is_scaled_for_ga = True

    def compute_loss(
        self,
        model: nn.Module,
        inputs: Mapping[str, Tensor],
        return_outputs: bool = False,
        num_items_in_batch: Tensor | int | None = None,
    ) -> Any:  # noqa: ANN401 - as the library declares it
        """Return the loss of a row as its share of the step's mean over targets."""
        batch = RowBatch(**{name: tensor for name, tensor in inputs.items() if name != "shift_labels"})
        loss = completion_loss(target_logits(model, batch), batch.labels, num_items_in_batch)
        loss = share_of_step(self, loss, num_items_in_batch)
        return (loss, None) if return_outputs else loss

    def prediction_step(
        self, model: nn.Module, inputs: dict[str, Tensor], prediction_loss_only: bool, ignore_keys: list[str] | None = None
    ) -> tuple[Tensor, None, None]:
        """Return the mean loss of a row; logits are never gathered."""
        inputs = self._prepare_inputs(inputs)
        with torch.no_grad(), self.compute_loss_context_manager():
            return self.compute_loss(model, inputs).detach(), None, None
