"""
Questions a second of `joinery-trainer sft` against TRL's SFTTrainer as it comes, in one run: the same base, the same adapter, the same questions, the
same targets, one pass each. Only the ratio means something; what else the machine does slows both.

    python bench/sft_speed.py --base MODELS/qwen2.5-coder-0.5b-instruct-q4_k_m.gguf --data PROMPTS.jsonl --questions 48 --threads 2
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from datasets import Dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
from trl import SFTConfig, SFTTrainer

from joinery_trainer.packing.rows import Row
from joinery_trainer.stages.sft_settings import SftSettings
from joinery_trainer.training.base import load_base
from joinery_trainer.training.lora import with_adapter
from joinery_trainer.training.packed_trainer import PackedTrainer, RowDataset
from joinery_trainer.training.sft import make_rows

#: Questions whose gradients are summed before one step, in both.
STEP = 16


def main() -> None:
    """Measure and print one line of JSON."""
    options = _options()
    torch.set_num_threads(options.threads)
    settings = SftSettings(base=options.base, out=Path("unused"), data=(options.data,), cache=options.cache)
    base = load_base(settings.base, settings.cache, settings.dtype)
    rows = list(make_rows(settings, base).training)
    random.Random(options.seed).shuffle(rows)
    chosen: list[Row] = []
    while rows and sum(map(_questions, chosen)) < options.questions:
        chosen.append(rows.pop())
    count = sum(map(_questions, chosen))
    with tempfile.TemporaryDirectory() as folder:
        # The base of the first measurement carries an adapter afterwards: the second gets one of its own.
        second = AutoModelForCausalLM.from_pretrained(base.model.name_or_path, dtype=torch.bfloat16)
        packed = _timed(lambda: _packed(settings, with_adapter(base, settings), chosen, folder))
        plain = _timed(lambda: _plain(settings, second, base.tokenizer, chosen, folder, options.batch))
    result = {
        "questions": count,
        "threads": options.threads,
        "seed": options.seed,
        "batch": options.batch,
        "packed": {"tokens": sum(map(len, chosen)), "seconds": packed, "questions_a_second": round(count / packed, 3)},
        "trl": {"tokens": sum(len(ids) for ids, _ in _alone(chosen)), "seconds": plain, "questions_a_second": round(count / plain, 3)},
        "ratio": round(plain / packed, 2),
    }
    print(json.dumps(result))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="prompts of `joinery export`")
    parser.add_argument("--cache", type=Path, default=Path("~/.cache/joinery/trainer"))
    parser.add_argument("--questions", type=int, default=48)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=4, help="TRL's questions of a micro-batch")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _questions(row: Row) -> int:
    return sum(span.is_target for span in row.spans)


def _timed(train: Callable[[], Trainer]) -> float:
    """Return the seconds of training alone."""
    trainer = train()
    start = time.perf_counter()
    trainer.train()
    return round(time.perf_counter() - start, 1)


def _packed(settings: SftSettings, model: torch.nn.Module, rows: list[Row], folder: str) -> Trainer:
    per_step = max(1, round(STEP * len(rows) / sum(map(_questions, rows))))
    return PackedTrainer(model=model, train_dataset=RowDataset(rows), args=TrainingArguments(**_shared(settings, folder, 1, per_step)))


def _plain(settings: SftSettings, model: torch.nn.Module, tokenizer: object, rows: list[Row], folder: str, batch: int) -> Trainer:
    adapter = LoraConfig(r=settings.rank, lora_alpha=settings.alpha, target_modules=list(settings.targets), task_type="CAUSAL_LM")
    examples = [{"input_ids": ids, "labels": labels} for ids, labels in _alone(rows)]
    shared = _shared(settings, folder, batch, max(1, STEP // batch))
    # Its own defaults would compute activations twice and cut long prompts.
    own = {"gradient_checkpointing": False, "max_length": None, "dataset_kwargs": {"skip_prepare_dataset": True}}
    return SFTTrainer(
        model=model, args=SFTConfig(**shared, **own), train_dataset=Dataset.from_list(examples), processing_class=tokenizer, peft_config=adapter
    )


def _shared(settings: SftSettings, folder: str, batch: int, micro_batches: int) -> dict[str, object]:
    return {
        "output_dir": folder,
        "per_device_train_batch_size": batch,
        "gradient_accumulation_steps": micro_batches,
        "num_train_epochs": 1,
        "learning_rate": settings.learning_rate,
        "bf16": True,
        "use_cpu": True,
        "remove_unused_columns": False,
        "save_strategy": "no",
        "logging_strategy": "no",
        "report_to": [],
        "disable_tqdm": True,
        "dataloader_pin_memory": False,
    }


def _alone(rows: list[Row]) -> list[tuple[list[int], list[int]]]:
    """Return tokens and labels of each question by itself, with its prompt in front of it."""
    found: list[tuple[list[int], list[int]]] = []
    for row in rows:
        for span in row.spans:
            if not span.is_target:
                continue
            before: list[int] = []
            at = span.parent
            while at >= 0:
                before = [*row.spans[at].tokens, *before]
                at = row.spans[at].parent
            found.append(([*before, *span.tokens], [-100] * len(before) + list(span.tokens)))
    return found


if __name__ == "__main__":
    main()
