"""
What packing saves and what it changes: tokens of an epoch packed and with each question behind its own prompt, and, on a few rows in float32, by how
much the losses of tokens differ between rows in our attention and single questions in PyTorch's.

    python bench/packing.py --base MODELS/qwen2.5-coder-0.5b-instruct-q4_k_m.gguf --data PROMPTS.jsonl --rows 3
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import torch
from transformers import PreTrainedModel

from joinery_trainer.packing.batch import to_batch
from joinery_trainer.packing.forward import target_logprobs
from joinery_trainer.packing.rows import Row
from joinery_trainer.packing.tree_attention import TREE_ATTENTION
from joinery_trainer.stages.sft_settings import SftSettings
from joinery_trainer.training.base import load_base
from joinery_trainer.training.sft import make_rows


def main() -> None:
    """Measure and print one line of JSON."""
    options = _options()
    torch.set_num_threads(options.threads)
    settings = SftSettings(base=options.base, out=Path("unused"), data=(options.data,), cache=options.cache, row_tokens=options.row_tokens)
    base = load_base(settings.base, settings.cache, "float32")
    packed = make_rows(settings, base)
    alone = {row.keys[at]: row for row in make_rows(replace(settings, packed=False), base).training for at in _targets(row)}
    chosen = random.Random(options.seed).sample(packed.training, min(options.rows, len(packed.training)))
    base.model.eval()
    base.model.set_attn_implementation(TREE_ATTENTION)
    together = _losses(base.model, chosen)
    base.model.set_attn_implementation("sdpa")
    plain = _losses(base.model, [alone[key] for key in together])
    differences = [abs(one - other) for key in together for one, other in zip(together[key], plain[key], strict=True)]
    result = {
        "row_tokens": options.row_tokens,
        "questions": packed.count,
        "tokens_packed": packed.tokens,
        "tokens_plain": packed.plain_tokens,
        "ratio": round(packed.tokens / packed.plain_tokens, 4),
        "compared": {"questions": len(together), "tokens": len(differences), "largest_difference": max(differences, default=0.0)},
        "seed": options.seed,
    }
    print(json.dumps(result))


def _targets(row: Row) -> list[int]:
    return [at for at, span in enumerate(row.spans) if span.is_target]


def _losses(model: PreTrainedModel, rows: Iterable[Row]) -> dict[str, list[float]]:
    """Return the loss of each token of each answer, by the answer's key."""
    found = {}
    for row in rows:
        batch = to_batch(row)
        with torch.no_grad():
            values = -target_logprobs(model, batch)
        found.update({row.keys[at]: values[batch.span_of_target == at].tolist() for at in _targets(row)})
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="prompts of `joinery export`")
    parser.add_argument("--cache", type=Path, default=Path("~/.cache/joinery/trainer"))
    parser.add_argument("--row-tokens", type=int, default=1024)
    parser.add_argument("--rows", type=int, default=3, help="packed rows whose losses are compared")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
