from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: the stages of training need it", exc_type=ImportError)

from joinery_trainer.losses.group_policy import score_targets  # noqa: E402
from joinery_trainer.training import grpo_packing  # noqa: E402
from tests.torch_models import minute_model  # noqa: E402

#: Prompts and answers in tokens: shared beginnings, equal prompts, equal answers, one answer that begins as another, one without tokens.
MEMBERS = [
    ([1, 2, 3, 4], [10, 11, 12]),
    ([1, 2, 3, 4], [10, 11]),
    ([1, 2, 3, 4], [10, 11, 12]),
    ([1, 2, 9], [20]),
    ([1, 2, 9], []),
    ([1, 2], [30, 31, 32, 33]),
]


def padded(members: list[tuple[list[int], list[int]]]) -> tuple[torch.Tensor, torch.Tensor, int]:
    long_prompt = max(len(prompt) for prompt, _ in members)
    kept = max(len(answer) for _, answer in members)
    tokens, mask = [], []
    for prompt, answer in members:
        left, right = long_prompt - len(prompt), kept - len(answer)
        tokens.append([0] * left + prompt + answer + [0] * right)
        mask.append([0] * left + [1] * (len(prompt) + len(answer)) + [0] * right)
    return torch.tensor(tokens), torch.tensor(mask), kept


def alone(model: torch.nn.Module, prompt: list[int], answer: list[int], temperature: float) -> list[torch.Tensor]:
    logits = model(input_ids=torch.tensor([prompt + answer])).logits[0, len(prompt) - 1 : -1].float()
    return list(score_targets(logits, torch.tensor(answer), temperature))


@pytest.mark.parametrize("members", [MEMBERS, MEMBERS[:1], MEMBERS[:3], MEMBERS[3:], [*MEMBERS, ([7, 8], [5, 6])]])
@pytest.mark.parametrize("row_tokens", [1000, 12, 1])
@pytest.mark.parametrize("temperature", [1.0, 0.7])
def test_packed_scores_are_those_of_each_answer_alone(members, row_tokens: int, temperature: float) -> None:
    model = minute_model()
    tokens, mask, kept = padded(members)
    scores = grpo_packing.score_padded(model, tokens, mask, kept, temperature=temperature, row_tokens=row_tokens)
    for at, (prompt, answer) in enumerate(members):
        expected = alone(model, prompt, answer, temperature) if answer else [torch.zeros(0)] * 3
        for found, wanted in zip(scores, expected, strict=True):
            torch.testing.assert_close(found[at, : len(answer)], wanted, atol=2e-6, rtol=1e-5)
            assert found[at, len(answer) :].abs().sum() == 0


def test_packed_gradients_are_the_sum_of_each_answer_alone() -> None:
    model = minute_model()
    tokens, mask, kept = padded(MEMBERS)
    weights = torch.tensor([0.5, -1.0, 2.0, 1.0, 1.0, -0.5])
    scores = grpo_packing.score_padded(model, tokens, mask, kept, temperature=1.0, row_tokens=1000)
    (scores.policy.sum(1) * weights).sum().backward()
    packed = {name: parameter.grad.clone() for name, parameter in model.named_parameters()}
    model.zero_grad()
    for (prompt, answer), weight in zip(MEMBERS, weights, strict=True):
        if answer:
            (alone(model, prompt, answer, 1.0)[0].sum() * weight).backward()
    for name, parameter in model.named_parameters():
        torch.testing.assert_close(packed[name], parameter.grad, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize(("row_tokens", "lengths"), [(1000, [17]), (17, [17]), (16, [11, 6]), (10, [9, 9]), (1, [7, 6, 7, 4, 6])])
def test_what_is_shared_is_computed_once(monkeypatch: pytest.MonkeyPatch, row_tokens: int, lengths: list[int]) -> None:
    seen: list[int] = []
    original = grpo_packing.to_batch
    monkeypatch.setattr(grpo_packing, "to_batch", lambda row: (seen.append(len(row)), original(row))[1])
    tokens, mask, kept = padded(MEMBERS)
    grpo_packing.score_padded(minute_model(), tokens, mask, kept, temperature=1.0, row_tokens=row_tokens)
    assert seen == lengths
