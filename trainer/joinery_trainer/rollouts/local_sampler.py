"""
Answers from transformers with the weights that are being trained: for a GPU, where no model process is needed, and for tests. No grammar binds them.
Torch is imported when something is sampled.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from joinery_trainer.prompts.exported import encode_parts
from joinery_trainer.rollouts.sampler import Prompt, Sampled

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

#: Bytes of logits that one call may keep: they are what fills the memory.
_MOST_BYTES = 2 << 30


class LocalSampler:
    """Samples from ``model`` as it is at each call."""

    tempered = True

    def __init__(self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, stop: Sequence[str] = (";",)) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._stop = tuple(stop)
        # A token that has a stop in it ends an answer as the end of the turn does.
        stopping = [token for text, token in tokenizer.get_vocab().items() if any(sign in text for sign in self._stop)]
        self._ends = sorted({int(tokenizer.eos_token_id), *stopping})

    def sample(
        self, prompts: Sequence[Prompt], *, n: int, temperature: float, max_tokens: int, seed: int, adapter: Path | None
    ) -> list[list[Sampled]]:
        """Return ``n`` answers to each prompt, each with its tokens. ``adapter`` is of no account."""
        import torch

        tokens = [encode_parts(self._tokenizer, (*prompt.prefix, *prompt.rest)) for prompt in prompts]
        together = max(1, _MOST_BYTES // (4 * n * max_tokens * self._model.config.get_text_config().vocab_size))
        training = self._model.training
        self._model.eval()
        try:
            with torch.random.fork_rng(), torch.no_grad():
                torch.manual_seed(seed)
                parts = [tokens[at : at + together] for at in range(0, len(tokens), together)]
                return [answers for part in parts for answers in self._generate(part, n, temperature, max_tokens)]
        finally:
            self._model.train(training)

    def close(self) -> None:
        """Nothing was started."""

    def _generate(self, prompts: Sequence[Sequence[int]], n: int, temperature: float, max_tokens: int) -> list[list[Sampled]]:
        import torch

        longest = max(map(len, prompts))
        pad = int(self._tokenizer.pad_token_id)
        device = self._model.device
        given = torch.tensor([[pad] * (longest - len(prompt)) + list(prompt) for prompt in prompts], device=device)
        mask = torch.tensor([[0] * (longest - len(prompt)) + [1] * len(prompt) for prompt in prompts], device=device)
        options: dict[str, Any] = {"do_sample": True, "temperature": temperature, "top_k": 0, "top_p": 1.0, "num_return_sequences": n}
        made: Any = self._model.generate(
            input_ids=given,
            attention_mask=mask,
            max_new_tokens=max_tokens,
            eos_token_id=self._ends,
            pad_token_id=pad,
            return_dict_in_generate=True,
            output_logits=True,
            **options,
        )
        written = made.sequences[:, longest:]
        scores = torch.stack([_chosen(logits, written[:, at], temperature) for at, logits in enumerate(made.logits)], dim=1)
        answers = [self._answer(row.tolist(), chosen.tolist()) for row, chosen in zip(written, scores, strict=True)]
        return [answers[at : at + n] for at in range(0, len(answers), n)]

    def _answer(self, tokens: Sequence[int], scores: Sequence[float]) -> Sampled:
        end = next((at for at, token in enumerate(tokens) if token in self._ends), None)
        length = len(tokens) if end is None else end + 1
        text = self._tokenizer.decode(tokens[:length], skip_special_tokens=True)
        for sign in self._stop:
            text = text.partition(sign)[0]
        return Sampled(text, 1, sum(scores[:length]), tuple(tokens[:length]), tuple(scores[:length]), finished=end is not None)


def _chosen(logits: Tensor, tokens: Tensor, temperature: float) -> Tensor:
    scores = (logits.float() / temperature).log_softmax(dim=-1)
    return scores.gather(1, tokens[:, None])[:, 0]
