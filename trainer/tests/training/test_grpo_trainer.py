from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: the stages of training need it", exc_type=ImportError)

from tokenizers import Tokenizer, decoders, models, pre_tokenizers  # noqa: E402
from transformers import PreTrainedTokenizerFast  # noqa: E402

from joinery_trainer.prompts.exported import Part  # noqa: E402
from joinery_trainer.rewards.judge import Judge  # noqa: E402
from joinery_trainer.rollouts.answers import answer_encoder  # noqa: E402
from joinery_trainer.rollouts.local_sampler import LocalSampler  # noqa: E402
from joinery_trainer.rollouts.sampler import Prompt, Sampled  # noqa: E402
from joinery_trainer.stages.events import Events  # noqa: E402
from joinery_trainer.stages.grpo_settings import GrpoSettings  # noqa: E402
from joinery_trainer.training import grpo_packing, grpo_setup  # noqa: E402
from joinery_trainer.training.base import load_base  # noqa: E402
from joinery_trainer.training.grpo_adapter import AdapterFiles  # noqa: E402
from joinery_trainer.training.grpo_trainer import RoundsTrainer  # noqa: E402
from joinery_trainer.training.lora import with_adapter  # noqa: E402
from tests.rollouts_support import ANSWERS, MadeUpSampler, age_of, mixed, write_questions  # noqa: E402
from tests.torch_models import minute_model, minute_tokenizer, save_minute_base  # noqa: E402


@pytest.fixture
def settings(tmp_path: Path, database: Path) -> GrpoSettings:
    return GrpoSettings(
        base=save_minute_base(tmp_path / "base"),
        out=tmp_path / "run",
        data=(write_questions(tmp_path / "questions.jsonl", database),),
        dtype="float32",
        device="cpu",
        sampler="local",
        profile="sqlr1",
        steps=2,
        questions_per_step=2,
        row_questions=2,
        answers=4,
        answer_tokens=60,
    )


def trainer_of(settings: GrpoSettings, sampler: Any) -> RoundsTrainer:
    base = load_base(settings.base, settings.cache, settings.dtype)
    questions = grpo_setup.read_questions(settings, base)
    events = Events(settings.out, "grpo", quiet=True)
    model = with_adapter(base, settings)
    sampler = sampler or LocalSampler(model, base.tokenizer)
    trainer = grpo_setup.make_trainer(settings, model, base, questions, sampler, Judge(), events, settings.out / "audit.jsonl")
    trainer.current_gradient_accumulation_steps = 1
    trainer.model.train()
    return trainer


def in_order(prompt: Prompt, *_: object) -> list[str]:
    return [text.format(age=age_of(prompt)) for text in ANSWERS]


def batch_of(trainer: RoundsTrainer) -> dict[str, Any]:
    return trainer._generate_and_score_completions([])


def test_advantages_worked_by_hand(settings: GrpoSettings) -> None:
    made = batch_of(trainer_of(settings, MadeUpSampler(in_order)))
    # Rewards 7, 0, −1, −1: mean 1.25, standard deviation √((5.75² + 1.25² + 2·2.25²) / 3) = 3.8622.
    deviation = math.sqrt((5.75**2 + 1.25**2 + 2 * 2.25**2) / 3)
    assert deviation == pytest.approx(3.8622, abs=1e-4)
    expected = [5.75 / deviation, -1.25 / deviation, -2.25 / deviation, -2.25 / deviation]
    assert made["advantages"].tolist() == pytest.approx(expected * 2, abs=1e-3)


def test_a_group_of_equal_rewards_has_no_advantage(settings: GrpoSettings) -> None:
    made = batch_of(trainer_of(settings, MadeUpSampler(lambda *_: ["no idea"])))
    assert made["advantages"].tolist() == [0.0] * 8


def test_one_row_holds_all_answers_of_a_micro_batch(settings: GrpoSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[int] = []
    original = grpo_packing.to_batch
    monkeypatch.setattr(grpo_packing, "to_batch", lambda row: (rows.append(row.targets), original(row))[1])
    trainer = trainer_of(settings, MadeUpSampler(in_order))
    made = trainer._prepare_inputs([])
    assert len(rows) == 1  # the reference's
    trainer._compute_loss(trainer.model, made)
    # The policy is scored once for both the weights and the loss.
    assert len(rows) == 2 and rows[0] == rows[1] == made["completion_mask"].sum().item()


class Told(MadeUpSampler):
    """Says how likely its answers were: the sum, or every token."""

    def __init__(self, trainer: list[RoundsTrainer], surplus: float, *, per_token: bool, tempered: bool = True) -> None:
        super().__init__(in_order)
        self.tempered = tempered
        self._trainer = trainer
        self._surplus = surplus
        self._per_token = per_token

    def sample(
        self, prompts: Sequence[Prompt], *, n: int, temperature: float, max_tokens: int, seed: int, adapter: Path | None
    ) -> list[list[Sampled]]:
        trainer = self._trainer[0]
        return [[self._told(trainer, prompt, text, temperature) for text in in_order(prompt)] for prompt in prompts]

    def _told(self, trainer: RoundsTrainer, prompt: Prompt, text: str, temperature: float) -> Sampled:
        tokenizer = trainer.processing_class
        start = [token for part in (*prompt.prefix, *prompt.rest) for token in encode(tokenizer, part)]
        answer = list(answer_encoder(tokenizer, 258)(Sampled(text)))
        with torch.no_grad():
            logits = trainer.model(input_ids=torch.tensor([start + answer])).logits[0, len(start) - 1 : -1]
        divided = logits / (temperature if self.tempered else 1.0)
        found = divided.log_softmax(-1).gather(1, torch.tensor(answer)[:, None])[:, 0] - self._surplus / len(answer)
        known = tuple(found.tolist()) if self._per_token else ()
        return Sampled(text, 1, found.sum().item(), tuple(answer) if self._per_token else (), known)


def encode(tokenizer: Any, part: Part) -> list[int]:
    return [tokenizer.convert_tokens_to_ids(part.text)] if part.special else tokenizer.encode(part.text, add_special_tokens=False)


@pytest.mark.parametrize("tempered", [True, False])
@pytest.mark.parametrize(
    ("surplus", "per_token", "most", "expected"),
    [
        (0.0, False, 2.0, 1.0),
        (0.0, True, 2.0, 1.0),
        (math.log(1.5), False, 2.0, 1.5),
        (math.log(5), False, 2.0, 2.0),
        (-math.log(4), False, 2.0, 0.25),
    ],
)
def test_the_loss_is_corrected_for_the_sampler(
    settings: GrpoSettings, surplus: float, per_token: bool, most: float, expected: float, tempered: bool
) -> None:
    losses = {}
    for correction in (0.0, most):
        holder: list[RoundsTrainer] = []
        sampler = Told(holder, surplus, per_token=per_token, tempered=tempered)
        run = replace(settings, correction=correction, temperature=0.7, kl=0.0, out=settings.out / str(correction), seed=3)
        torch.manual_seed(0)
        holder.append(trainer_of(run, sampler))
        made = holder[0]._prepare_inputs([])
        losses[correction] = holder[0]._compute_loss(holder[0].model, made).item()
        if correction:
            assert holder[0]._metrics["train"]["sampler_weight"] == [pytest.approx(expected, abs=1e-3)]
    assert losses[most] == pytest.approx(losses[0.0] * expected, rel=1e-2, abs=1e-4)


def test_the_second_pass_keeps_the_weights_of_the_first(settings: GrpoSettings) -> None:
    holder: list[RoundsTrainer] = []
    holder.append(trainer_of(replace(settings, passes=2, temperature=0.7), Told(holder, math.log(1.5), per_token=False, tempered=False)))
    made = holder[0]._prepare_inputs([])
    assert made["sampler_weights"].tolist() == [[pytest.approx(1.5, abs=1e-3)]] * 8
    assert "old_per_token_logps" in made


@pytest.mark.parametrize(("reference", "at_start"), [("start", True), ("base", False)])
def test_the_divergence_is_measured_from_the_start_or_from_the_base(settings: GrpoSettings, tmp_path: Path, reference: str, at_start: bool) -> None:
    base = load_base(settings.base, settings.cache, "float32")
    tuned = with_adapter(base, settings)
    for name, parameter in tuned.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.1, generator=torch.Generator().manual_seed(1))
    tuned.save_pretrained(tmp_path / "sft")
    trainer = trainer_of(replace(settings, start=tmp_path / "sft", reference=reference, kl=0.1), MadeUpSampler(in_order))
    trainer._compute_loss(trainer.model, trainer._prepare_inputs([]))
    (kl,) = trainer._metrics["train"]["kl"]
    assert (kl == 0) is at_start


@pytest.mark.parametrize(
    ("answer", "written"),
    [
        (Sampled("SELECT 1"), "SELECT 1;"),
        (Sampled(""), ";"),
        (Sampled("SELECT 1", finished=False), "SELECT 1"),
        (Sampled("", finished=False), "<|im_end|>"),
        (Sampled("1. one\n```sql\nSELECT 1"), "1. one\n```sql\nSELECT 1;"),
        (Sampled("<|im_end|>"), "<|im_end|>;"),
    ],
)
def test_answers_end_as_they_did(answer: Sampled, written: str) -> None:
    tokenizer = minute_tokenizer()
    tokens = answer_encoder(tokenizer, 258)(answer)
    assert tokenizer.decode(tokens).lower() == written.lower()
    # What looks like the end of a turn is text.
    assert answer.text != "<|im_end|>" or tokenizer.eos_token_id not in tokens
    assert answer_encoder(tokenizer, 258)(replace(answer, tokens=(7, 8))) == (7, 8)


def test_an_end_that_grew_together_with_the_statement_is_kept_whole() -> None:
    plain = minute_tokenizer()
    vocabulary = {**plain.get_vocab(), ");": 300, ");Ċ": 301, "``": 302}
    inner = Tokenizer(models.BPE(vocab=vocabulary, merges=[(")", ";"), (");", "Ċ"), ("`", "`")]))
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    inner.decoder = decoders.ByteLevel()
    merging = PreTrainedTokenizerFast(tokenizer_object=inner, eos_token="<|im_end|>", pad_token="<|endoftext|>")
    for sql, last in [("SELECT count(*)", ");\n"), ("SELECT 1", ";"), ("SELECT ';' ", ";")]:
        tokens = answer_encoder(merging, 258)(Sampled(sql))
        assert merging.decode(tokens[-1:]) == last
        assert merging.decode(tokens).rstrip("\n") == f"{sql};"


def test_the_local_sampler_knows_what_it_drew(settings: GrpoSettings) -> None:
    model, tokenizer = minute_model(), minute_tokenizer()
    # A model that ends its answers soon, so that both ends are seen.
    with torch.no_grad():
        model.lm_head.weight[tokenizer.encode(";")[0]] *= 6
    sampler = LocalSampler(model, tokenizer)
    prompts = [Prompt("a", "p", (Part("<|im_start|>", True), Part("one")), (Part(" x"),)), Prompt("b", "p", (), (Part("another prompt"),))]
    wish = {"n": 6, "temperature": 0.8, "max_tokens": 12, "adapter": None}
    found = sampler.sample(prompts, seed=5, **wish)
    assert found == sampler.sample(prompts, seed=5, **wish) != sampler.sample(prompts, seed=6, **wish)
    assert [len(answers) for answers in found] == [6, 6]
    assert {answer.finished for answers in found for answer in answers} == {True, False}
    for prompt, answers in zip(prompts, found, strict=True):
        start = [token for part in (*prompt.prefix, *prompt.rest) for token in encode(tokenizer, part)]
        for answer in answers:
            logits = model(input_ids=torch.tensor([[*start, *answer.tokens]])).logits[0, len(start) - 1 : -1] / 0.8
            expected = logits.log_softmax(-1).gather(1, torch.tensor(answer.tokens)[:, None])[:, 0]
            assert answer.token_log_probabilities == pytest.approx(expected.tolist(), abs=1e-4)
            assert answer.log_probability == pytest.approx(sum(expected.tolist()), abs=1e-3)
            assert ";" not in answer.text and (len(answer.tokens) == 12 or answer.finished)
    assert model.training


def test_a_round_of_the_local_sampler_goes_through_the_trainer(settings: GrpoSettings) -> None:
    trainer = trainer_of(settings, None)
    trainer._compute_loss(trainer.model, trainer._prepare_inputs([]))
    # Sampler and learner have the same weights here.
    assert trainer._metrics["train"]["sampler_weight"] == [pytest.approx(1, abs=1e-3)]
    assert trainer.model.training


def test_the_adapter_is_exported_when_it_is_time(settings: GrpoSettings, tmp_path: Path) -> None:
    gguf = pytest.importorskip("gguf", reason="gguf is not installed: adapters cannot be written for llama.cpp")
    from joinery_trainer.export.gguf_lora import AdapterFacts

    model = with_adapter(load_base(settings.base, settings.cache, "float32"), settings)
    facts = AdapterFacts("in training", prompt_version="test-1")
    files = AdapterFiles(model, tmp_path / "sampler", every=2, facts=facts)
    names = []
    for step in range(5):
        file = files.current(step)
        assert [path.name for path in file.parent.iterdir()] == [file.name]
        names.append(file.name)
    assert names == [f"adapter-{step:06}.gguf" for step in (0, 0, 2, 2, 4)]
    assert len(gguf.GGUFReader(tmp_path / "sampler" / names[-1]).tensors) == 2 * 7 * 2
    other = AdapterFiles(model, tmp_path / "sampler", every=2, facts=facts)
    other.restore(files.state())
    before = (tmp_path / "sampler" / names[-1]).stat().st_mtime_ns
    # The file of the checkpoint is taken as it is: it holds the weights of step 4, not those of step 5.
    assert other.current(5).stat().st_mtime_ns == before
    other.restore({"file": "gone.gguf"})
    assert other.current(5).stat().st_mtime_ns > before


def test_nothing_is_told_to_anybody(settings: GrpoSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr("trl.trainer.base_trainer.send_telemetry", lambda **options: told.append(options))
    monkeypatch.delenv("CI", raising=False)
    trainer_of(settings, MadeUpSampler(mixed))
    assert told == []
