"""
What a source of answers is: prompts in, sampled answers out, each with what the sampler thought of it. Where the answers come from (the product's
model process, transformers, vLLM) is the business of the files beside. Imports without torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from joinery_trainer.prompts.exported import Part


@dataclass(frozen=True)
class Prompt:
    """A prompt as `joinery export` wrote it, in two pieces: what all questions of a database share, and the rest."""

    id: str
    prefix_key: str
    prefix: tuple[Part, ...]
    rest: tuple[Part, ...]


@dataclass(frozen=True)
class Sampled:
    """An answer that was drawn ``count`` times. ``text`` is the answer without what ended it."""

    text: str
    count: int = 1
    #: Sum over its tokens, natural logarithm; see ``Sampler.tempered`` for whose.
    log_probability: float = 0.0
    #: Its tokens with their log-probabilities, the end included; empty where the sampler knows text and sum only.
    tokens: tuple[int, ...] = ()
    token_log_probabilities: tuple[float, ...] = ()
    #: False when the answer was cut off at the limit of tokens.
    finished: bool = True


class Sampler(Protocol):
    """Draws answers with the current adapter."""

    #: True when log-probabilities are those of the distribution drawn from, False when they are the model's own, at temperature 1.
    tempered: bool

    def sample(
        self, prompts: Sequence[Prompt], *, n: int, temperature: float, max_tokens: int, seed: int, adapter: Path | None
    ) -> list[list[Sampled]]:
        """Return the answers to each prompt; their counts sum to ``n``.

        ``adapter`` is the GGUF file of the current adapter, None for the base; samplers that hold the weights themselves take no notice of it. The
        same arguments give the same answers. Raises StageError when no answer is to be had.
        """
        ...

    def close(self) -> None:
        """End what was started. May be called twice."""
        ...


def expand(answers: Sequence[Sampled], n: int) -> list[Sampled]:
    """Return ``n`` answers, each as often as it was drawn. A sampler that returned too few or too many is evened out: the first ones count more."""
    drawn = [answer for answer in answers for _ in range(answer.count)]
    return [drawn[at % len(drawn)] for at in range(n)] if drawn else []
