"""
Whether an adapter says the same in llama.cpp as in the trainer: greedy answers to the same prompts, statement by statement. The two round otherwise
(quantised weights against the same weights dequantised), so a few answers part where two tokens are nearly tied; each such place is shown with the
margin that the trainer saw there. A wide margin is a mistake in the export, a narrow one is rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from joinery_trainer.prompts.exported import Exported, PromptPair, encode_parts
from joinery_trainer.rollouts.sampler import Prompt, Sampler
from joinery_trainer.stages.errors import NO_DATA, StageError

#: Natural-log probability by which the first token may win for a difference to count as rounding.
NARROW = 0.5
_MOST_TOKENS = 200


@dataclass(frozen=True)
class Difference:
    """Two greedy answers to one prompt that part."""

    id: str
    trainer: str
    served: str
    #: Log-probability of the trainer's token less that of the served one, where the answers part; infinity when the served answer is unreadable.
    margin: float

    @property
    def is_rounding(self) -> bool:
        """True when the two tokens were nearly tied."""
        return self.margin < NARROW


@dataclass(frozen=True)
class Comparison:
    """How many of the prompts were answered alike, and where the others part."""

    prompts: int
    differences: tuple[Difference, ...]

    @property
    def equal(self) -> int:
        """Number of prompts with the same statement."""
        return self.prompts - len(self.differences)


def compare_served(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, sampler: Sampler, exported: Exported, adapter: Path | None, prompts: int
) -> Comparison:
    """Compare greedy answers on an even choice of ``prompts`` pairs. Raises StageError when there are none, or when nothing is served."""
    chosen = even(exported.pairs, prompts)
    if not chosen:
        raise StageError("there are no prompts to compare on", NO_DATA)
    asked = [Prompt(pair.id, pair.prefix_key, exported.prefixes[pair.prefix_key], pair.rest) for pair in chosen]
    served = sampler.sample(asked, n=1, temperature=0.0, max_tokens=_MOST_TOKENS, seed=0, adapter=adapter)
    model.eval()
    differences = []
    for prompt, answers in zip(asked, served, strict=True):
        tokens = encode_parts(tokenizer, (*prompt.prefix, *prompt.rest))
        own = greedy(model, tokenizer, tokens)
        other = answers[0].text if answers else ""
        if own.strip() != other.strip():
            differences.append(Difference(prompt.id, own.strip(), other.strip(), margin_at_parting(model, tokenizer, tokens, own, other)))
    return Comparison(len(chosen), tuple(differences))


def even(pairs: Sequence[PromptPair], count: int) -> list[PromptPair]:
    """Return ``count`` of the pairs, evenly spread; all of them when there are fewer."""
    return list(pairs) if len(pairs) <= count else [pairs[at * len(pairs) // count] for at in range(count)]


@torch.no_grad()
def greedy(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, prompt: Sequence[int]) -> str:
    """Return the likeliest answer as text, up to the first semicolon or the end of the turn."""
    given = torch.tensor([list(prompt)], device=model.device)
    cache = None
    written: list[int] = []
    for _ in range(_MOST_TOKENS):
        output = model(input_ids=given, past_key_values=cache, use_cache=True, logits_to_keep=1)
        cache = output.past_key_values
        token = int(output.logits[0, -1].argmax())
        if token == tokenizer.eos_token_id:
            break
        written.append(token)
        if ";" in tokenizer.decode([token]):
            break
        given = torch.tensor([[token]], device=model.device)
    return tokenizer.decode(written).split(";", 1)[0]


@torch.no_grad()
def margin_at_parting(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, prompt: Sequence[int], own: str, other: str) -> float:
    """Return how much likelier, in natural logarithms, the trainer finds its own token than the served one where the answers first differ."""
    ours, theirs = ([*tokenizer.encode(text + ";", add_special_tokens=False)] for text in (own, other))
    shared = next((at for at, (left, right) in enumerate(zip(ours, theirs, strict=False)) if left != right), None)
    if shared is None:
        return float("inf")
    given = torch.tensor([[*prompt, *ours[:shared]]], device=model.device)
    scores = torch.log_softmax(model(input_ids=given, logits_to_keep=1).logits[0, -1].float(), dim=0)
    return float(scores[ours[shared]] - scores[theirs[shared]])
