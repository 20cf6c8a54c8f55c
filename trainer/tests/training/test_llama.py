"""Bases of the architecture llama: dequantised they are what they were, and their adapters are stored as llama.cpp applies them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: the stages of training need it", exc_type=ImportError)
gguf = pytest.importorskip("gguf", reason="gguf is not installed: the export of adapters needs it", exc_type=ImportError)
np = pytest.importorskip("numpy", reason="numpy is not installed: the export of adapters needs it", exc_type=ImportError)

from peft import LoraConfig, PeftModel, get_peft_model  # noqa: E402
from transformers import Qwen3Config, Qwen3ForCausalLM  # noqa: E402

from joinery_trainer.export.gguf_lora import rotated_rows, write_adapter  # noqa: E402
from joinery_trainer.stages.errors import NO_DATA, WRONG_BASE, StageError  # noqa: E402
from joinery_trainer.stages.lora_settings import ALL_LINEAR  # noqa: E402
from joinery_trainer.stages.sft_settings import SftSettings  # noqa: E402
from joinery_trainer.training import lora, sft  # noqa: E402
from joinery_trainer.training.base import load_base  # noqa: E402
from tests.exports import write_export  # noqa: E402
from tests.llama_models import HEADS, KV_HEADS, minute_llama, write_gguf  # noqa: E402
from tests.torch_models import minute_tokenizer  # noqa: E402

TOKENS = torch.tensor([[5, 70, 3, 200, 41, 8, 8, 120]])


def rows_of(values: list[int], heads: int) -> list[int]:
    return rotated_rows(np.array(values)[:, None], heads)[:, 0].tolist()


def test_rows_of_a_head_are_interleaved() -> None:
    assert rows_of([0, 1, 2, 3], 1) == [0, 2, 1, 3]
    assert rows_of(list(range(8)), 2) == [0, 2, 1, 3, 4, 6, 5, 7]
    assert rows_of(list(range(8)), 1) == [0, 4, 1, 5, 2, 6, 3, 7]


def test_a_llama_is_read_as_it_was_before_it_was_written(tmp_path: Path) -> None:
    model = minute_llama()
    base = load_base(write_gguf(model, tmp_path / "llama.gguf"), tmp_path / "cache", "float32")
    assert (base.model.config.model_type, base.model.config.num_key_value_heads) == ("llama", KV_HEADS)
    with torch.no_grad():
        torch.testing.assert_close(base.model.eval()(TOKENS).logits, model(TOKENS).logits, atol=1e-4, rtol=1e-4)


def with_strong_adapter(model: torch.nn.Module) -> PeftModel:
    made = get_peft_model(model, LoraConfig(r=4, lora_alpha=8, target_modules=list(ALL_LINEAR), task_type="CAUSAL_LM"))
    torch.manual_seed(3)
    for name, weight in made.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.1)
    return made.eval()


def test_what_is_applied_to_the_file_is_what_was_trained(tmp_path: Path) -> None:
    """llama.cpp adds alpha / rank · B·A to the matrices as the file has them; the same file with the sums says what the trained model says."""
    file = write_gguf(minute_llama(), tmp_path / "llama.gguf")
    base = load_base(file, tmp_path / "cache", "float32")
    model = with_strong_adapter(base.model)
    with torch.no_grad():
        plain, expected = minute_llama()(TOKENS).logits, model(TOKENS).logits
    assert (plain - expected).abs().max() > 0.1
    lora.save_adapter(model, base, tmp_path / "adapter", {})
    said = json.loads((tmp_path / "adapter" / "joinery.json").read_text())
    assert (said["architecture"], said["heads"], said["kv_heads"]) == ("llama", HEADS, KV_HEADS)
    reader = gguf.GGUFReader(write_adapter(tmp_path / "adapter", tmp_path / "a.gguf", precision="f32"))
    assert reader.fields["general.architecture"].contents() == "llama"
    parts = {tensor.name: np.array(tensor.data) for tensor in reader.tensors}
    stored = {tensor.name: np.array(tensor.data) for tensor in gguf.GGUFReader(file).tensors}
    for name in stored:
        if f"{name}.lora_a" in parts:
            stored[name] = stored[name] + 8 / 4 * parts[f"{name}.lora_b"] @ parts[f"{name}.lora_a"]
    merged = load_base(write_stored(file, stored, tmp_path / "merged.gguf"), tmp_path / "cache", "float32").model.eval()
    with torch.no_grad():
        torch.testing.assert_close(merged(TOKENS).logits, expected, atol=1e-3, rtol=1e-3)


def write_stored(like: Path, tensors: dict[str, object], file: Path) -> Path:
    """Write a GGUF file with the metadata of another one and these tensors."""
    reader = gguf.GGUFReader(like)
    writer = gguf.GGUFWriter(file, "llama")
    for key, field in reader.fields.items():
        if not key.startswith("GGUF.") and key != "general.architecture":
            kind = field.types[0]
            writer.add_key_value(key, field.contents(), kind, field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None)
    for name, values in tensors.items():
        writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


def test_a_llama_is_fine_tuned(tmp_path: Path) -> None:
    settings = SftSettings(
        base=write_gguf(minute_llama(), tmp_path / "llama.gguf"),
        out=tmp_path / "run",
        cache=tmp_path / "cache",
        data=(write_export(tmp_path / "train.jsonl", ["a"], 4),),
        dtype="float32",
        device="cpu",
        threads=1,
        row_tokens=400,
    )
    adapter = sft.run_sft(settings, quiet=True)
    assert write_adapter(adapter, tmp_path / "a.gguf").read_bytes()[:4] == b"GGUF"


def test_bases_that_are_not_proved_are_refused_before_training(tmp_path: Path) -> None:
    scaled = write_gguf(minute_llama(), tmp_path / "scaled.gguf", extra={"rope_freqs.weight": torch.ones(8)})
    with pytest.raises(StageError, match="scales its positions") as caught:
        load_base(scaled, tmp_path / "cache", "float32")
    assert caught.value.code == NO_DATA
    other = tmp_path / "other"
    Qwen3ForCausalLM(Qwen3Config(vocab_size=259, hidden_size=32, intermediate_size=32, num_hidden_layers=1, head_dim=8)).save_pretrained(other)
    minute_tokenizer().save_pretrained(other)
    settings = SftSettings(base=other, out=tmp_path / "run", data=(write_export(tmp_path / "t.jsonl", ["a"], 4),), dtype="float32", device="cpu")
    with pytest.raises(StageError, match="architecture qwen3") as caught:
        sft.run_sft(replace(settings, threads=1), quiet=True)
    assert caught.value.code == WRONG_BASE
    (tmp_path / "words.gguf").write_text("no model at all")
    with pytest.raises(StageError, match="no GGUF model"):
        load_base(tmp_path / "words.gguf", tmp_path / "cache", "float32")
