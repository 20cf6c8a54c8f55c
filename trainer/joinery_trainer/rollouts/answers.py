"""The tokens of a sampled answer, as training writes them. Imports without torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from joinery_trainer.prompts.exported import Tokenizer, encode_answer
from joinery_trainer.rollouts.sampler import Sampled


class AnswerTokenizer(Tokenizer, Protocol):
    """What is needed of a transformers tokenizer here."""

    def decode(self, token_ids: Sequence[int]) -> str:
        """Return the text of tokens."""
        ...


#: Returns the tokens of an answer; never none at all.
AnswerEncoder = Callable[[Sampled], tuple[int, ...]]


def answer_encoder(tokenizer: AnswerTokenizer, end_token: int) -> AnswerEncoder:
    """Return a function for answers, with a plan before the statement or without.

    Tokens that the sampler gave are taken as they are. Of a text, a finished answer is what supervised training has up to the token that ends the
    statement, so that the end is learnt too; one that was cut off has no end, and is ``end_token`` where it has no text either.
    """

    def encode(answer: Sampled) -> tuple[int, ...]:
        if answer.tokens:
            return answer.tokens
        if not answer.finished:
            return tuple(tokenizer.encode(answer.text, add_special_tokens=False, split_special_tokens=True)) or (end_token,)
        return _up_to_the_end(tokenizer, answer.text)

    return encode


def _up_to_the_end(tokenizer: AnswerTokenizer, sql: str) -> tuple[int, ...]:
    whole = encode_answer(tokenizer, sql)
    # The semicolon stands alone, or has grown together with the statement's last sign or the break behind it.
    end = max(at for at, token in enumerate(whole) if ";" in tokenizer.decode([token]))
    return tuple(whole[: end + 1])
