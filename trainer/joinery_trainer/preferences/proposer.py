"""Where proposed continuations come from: a protocol, and the product's model process behind it. Imports without torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from joinery_trainer.prompts.exported import Part, PromptPair
from joinery_trainer.rollouts.sampler import Prompt, Sampler
from joinery_trainer.stages.errors import StageError

#: Questions in a row that the sampler may refuse before it is taken for broken.
_MOST_REFUSALS = 3


class Proposer(Protocol):
    """Goes on with a begun statement."""

    def propose(self, pair: PromptPair, begun: str, count: int) -> list[str]:
        """Return up to ``count`` different whole statements that begin with ``begun``, without a semicolon; none when nothing comes of it."""
        ...


class ModelProposer:
    """A model that is asked with the pair's prompt, the begun statement as the beginning of its answer."""

    def __init__(
        self,
        sampler: Sampler,
        prefixes: Mapping[str, tuple[Part, ...]],
        *,
        temperature: float,
        max_tokens: int,
        seed: int,
        adapter: Path | None = None,
    ) -> None:
        self._sampler = sampler
        self._prefixes = prefixes
        self._options = {"temperature": temperature, "max_tokens": max_tokens, "adapter": adapter}
        self._seed = seed
        self._refusals = 0
        self._answers = 0
        self._reason: StageError | None = None

    def propose(self, pair: PromptPair, begun: str, count: int) -> list[str]:
        """Draw ``count`` answers. Raises StageError when the sampler has refused several questions in a row."""
        prompt = Prompt(pair.id, pair.prefix_key, self._prefixes[pair.prefix_key], _begun(pair.rest, begun))
        self._seed += count
        try:
            (answers,) = self._sampler.sample([prompt], n=count, seed=self._seed, **self._options)
        except StageError as error:
            self._refusals += 1
            self._reason = error
            if self._refusals >= _MOST_REFUSALS:
                raise
            return []
        self._refusals = 0
        self._answers += 1
        texts = ((begun + answer.text).strip().removesuffix(";").rstrip() for answer in answers if answer.finished)
        return list(dict.fromkeys(text for text in texts if text))

    def require_an_answer(self) -> None:
        """Raise the sampler's own StageError when it was asked and never answered."""
        if self._reason is not None and self._answers == 0:
            raise self._reason


def _begun(rest: tuple[Part, ...], begun: str) -> tuple[Part, ...]:
    """Return the parts with the begun statement at their end, in one text with what stands before it, as the product asks."""
    if not begun:
        return rest
    last = rest[-1]
    return (*rest, Part(begun)) if last.special else (*rest[:-1], replace(last, text=last.text + begun))
