from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: the stages of training need it", exc_type=ImportError)

from joinery_trainer.rollouts.sampler import Sampled  # noqa: E402
from joinery_trainer.stages.errors import StageError  # noqa: E402
from joinery_trainer.stages.events import read_events  # noqa: E402
from joinery_trainer.stages.export_settings import ExportSettings  # noqa: E402
from joinery_trainer.stages.sft_settings import SftSettings  # noqa: E402
from joinery_trainer.training import compare  # noqa: E402
from joinery_trainer.training.base import load_base  # noqa: E402
from joinery_trainer.training.compare import greedy, margin_at_parting  # noqa: E402
from joinery_trainer.training.export import run_export  # noqa: E402
from joinery_trainer.training.sft import run_sft  # noqa: E402
from tests.exports import write_export  # noqa: E402
from tests.torch_models import save_minute_base  # noqa: E402


class Served:
    """Answers as llama.cpp would: the trainer's own greedy ones, but for those named otherwise."""

    tempered = False

    def __init__(self, answers: dict[str, str]) -> None:
        self.answers = answers

    def sample(self, prompts, *, n, temperature, max_tokens, seed, adapter):
        assert (n, temperature) == (1, 0.0)
        assert adapter.read_bytes()[:4] == b"GGUF"
        return [[Sampled(self.answers[prompt.id])] for prompt in prompts]

    def close(self) -> None:
        pass


@pytest.fixture
def settings(tmp_path: Path) -> ExportSettings:
    base = save_minute_base(tmp_path / "base")
    data = write_export(tmp_path / "train.jsonl", ["a"], 6)
    tuned = SftSettings(base=base, out=tmp_path / "run", data=(data,), dtype="float32", device="cpu", threads=1, questions_per_step=3, row_tokens=900)
    adapter = run_sft(tuned, quiet=True)
    return ExportSettings(adapter, tmp_path / "out", tmp_path / "out" / "a.gguf", prompts=(data,), base=base, compared=4, threads=1)


def own_answers(settings: ExportSettings) -> dict[str, str]:
    from peft import PeftModel

    from joinery_trainer.prompts.exported import encode_parts, read_exported

    base = load_base(Path(str(settings.base)), settings.cache, "float32")
    model = PeftModel.from_pretrained(base.model, settings.adapter).eval()
    exported = read_exported(settings.prompts)
    return {
        pair.id: greedy(model, base.tokenizer, encode_parts(base.tokenizer, (*exported.prefixes[pair.prefix_key], *pair.rest)))
        for pair in exported.pairs
    }


def test_an_adapter_that_says_the_same_is_exported(settings: ExportSettings) -> None:
    file = run_export(replace(settings, name="mine", data=("made up",)), quiet=True, sampler=Served(own_answers(settings)))
    assert file.exists()
    score = next(event for event in read_events(settings.out / "events.jsonl") if event["kind"] == "score")
    assert (score["equal"], score["n"], score["unexplained"]) == (4, 4, 0)


def test_a_lower_rank_is_exported_and_compared_as_it_was_cut(settings: ExportSettings) -> None:
    whole = run_export(replace(settings, prompts=()), quiet=True).stat().st_size
    cut = replace(settings, rank=2, out=settings.out / "cut", file=settings.out / "cut.gguf")
    file = run_export(cut, quiet=True, sampler=Served(own_answers(settings)))
    assert file.stat().st_size < 0.6 * whole
    events = read_events(cut.out / "events.jsonl")
    assert "cut to rank 2" in next(event["text"] for event in events if event["kind"] == "saved")
    assert next(event for event in events if event["kind"] == "score")["n"] == 4


def test_one_that_says_something_else_is_refused_with_the_places(settings: ExportSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "NARROW", 0.0)  # a model that learnt nothing finds all tokens nearly tied
    answers = {name: "\u00ff" * 9 for name in own_answers(settings)}
    with pytest.raises(StageError, match="something else"):
        run_export(settings, quiet=True, sampler=Served(answers))
    found = json.loads((settings.out / "comparison.json").read_text())
    assert len(found["differences"]) == 4
    assert {"id", "trainer", "served", "margin"} <= set(found["differences"][0])


def test_the_margin_is_that_of_the_first_token_that_differs(settings: ExportSettings) -> None:
    base = load_base(Path(str(settings.base)), settings.cache, "float32")
    model, tokenizer = base.model.eval(), base.tokenizer
    prompt = tokenizer.encode("ab", add_special_tokens=False)
    own = greedy(model, tokenizer, prompt)
    first = tokenizer.encode(own, add_special_tokens=False)[0]
    scores = torch.log_softmax(model(input_ids=torch.tensor([prompt])).logits[0, -1], dim=0)
    other = int(scores.argsort(descending=True)[1])
    expected = (scores[first] - scores[other]).item()
    found = margin_at_parting(model, tokenizer, prompt, own, tokenizer.decode([other]) + "x")
    if tokenizer.encode(tokenizer.decode([other]), add_special_tokens=False) == [other]:
        assert found == pytest.approx(expected, abs=1e-4)
    assert found >= 0
