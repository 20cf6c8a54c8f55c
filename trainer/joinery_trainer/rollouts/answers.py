"""The tokens of a sampled answer, as training writes them. Imports without torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from joinery_trainer.prompts.exported import Tokenizer, encode_answer
from joinery_trainer.rewards.completion import Target
from joinery_trainer.rollouts.sampler import Sampled


class AnswerTokenizer(Tokenizer, Protocol):
    """What is needed of a transformers tokenizer here."""

    def decode(self, token_ids: Sequence[int]) -> str:
        """Return the text of tokens."""
        ...


#: Returns the tokens of an answer; never none at all.
AnswerEncoder = Callable[[Sampled], tuple[int, ...]]


def answer_encoder(tokenizer: AnswerTokenizer, target: Target, end_token: int) -> AnswerEncoder:
    """Return a function for answers to prompts of ``target``.

    Tokens that the sampler gave are taken as they are. Of a text, a finished ``sql`` answer is what supervised training has up to the token that
    ends the statement, so that the end is learnt too; other finished answers end with ``end_token``; one that was cut off has no end.
    """

    def encode(answer: Sampled) -> tuple[int, ...]:
        if answer.tokens:
            return answer.tokens
        if not answer.finished:
            return tuple(tokenizer.encode(answer.text, add_special_tokens=False, split_special_tokens=True)) or (end_token,)
        if target == "sql":
            return _up_to_the_end(tokenizer, answer.text)
        return (*tokenizer.encode(answer.text, add_special_tokens=False, split_special_tokens=True), end_token)

    return encode


def _up_to_the_end(tokenizer: AnswerTokenizer, sql: str) -> tuple[int, ...]:
    whole = encode_answer(tokenizer, sql)
    # The semicolon stands alone, or has grown together with the statement's last sign or the break behind it.
    end = max(at for at, token in enumerate(whole) if ";" in tokenizer.decode([token]))
    return tuple(whole[: end + 1])
