from __future__ import annotations

import json
from pathlib import Path

import pytest

gguf = pytest.importorskip("gguf", reason="gguf is not installed: the export of adapters needs it", exc_type=ImportError)
np = pytest.importorskip("numpy", reason="numpy is not installed: the export of adapters needs it", exc_type=ImportError)

from safetensors.numpy import save_file  # noqa: E402

from joinery_trainer.export.gguf_lora import AdapterFacts, write_adapter  # noqa: E402
from joinery_trainer.stages.errors import WRONG_BASE, StageError  # noqa: E402

MAPS = {"self_attn.q_proj": "attn_q", "self_attn.o_proj": "attn_output", "mlp.down_proj": "ffn_down", "mlp.gate_proj": "ffn_gate"}


def peft_folder(folder: Path, **config: object) -> Path:
    folder.mkdir()
    chance = np.random.default_rng(1)
    weights = {}
    for layer in range(2):
        for name in MAPS:
            stem = f"base_model.model.model.layers.{layer}.{name}"
            weights[f"{stem}.lora_A.weight"] = chance.normal(size=(4, 64)).astype(np.float32)
            weights[f"{stem}.lora_B.weight"] = chance.normal(size=(32, 4)).astype(np.float32)
    save_file(weights, folder / "adapter_model.safetensors")
    (folder / "adapter_config.json").write_text(json.dumps({"peft_type": "LORA", "lora_alpha": 8, **config}))
    (folder / "joinery.json").write_text(json.dumps({"base_sha256": "ab", "prompt_version": "p-1"}))
    return folder


def text(reader: object, key: str) -> str:
    return reader.fields[key].contents()


@pytest.mark.parametrize(("precision", "kinds"), [("f32", {"F32"}), ("f16", {"F16"}), ("q8_0", {"Q8_0", "F16"})])
def test_the_file_holds_the_same_matrices_under_llama_names(tmp_path: Path, precision: str, kinds: set[str]) -> None:
    folder = peft_folder(tmp_path / "adapter")
    reader = gguf.GGUFReader(write_adapter(folder, tmp_path / "out" / "a.gguf", precision=precision))
    found = {tensor.name: tensor for tensor in reader.tensors}
    assert {tensor.tensor_type.name for tensor in reader.tensors} == kinds
    from safetensors.numpy import load_file

    for name, expected in load_file(folder / "adapter_model.safetensors").items():
        layer, rest = name.removeprefix("base_model.model.model.layers.").split(".", 1)
        stem, side = rest.removesuffix(".weight").rsplit(".", 1)
        tensor = found[f"blk.{layer}.{MAPS[stem]}.weight.{side.lower()}"]
        values = gguf.quants.dequantize(tensor.data, tensor.tensor_type).reshape(expected.shape)
        np.testing.assert_allclose(values, expected, atol=0.02 if precision == "q8_0" else 2e-3)


def test_metadata_says_what_it_belongs_to(tmp_path: Path) -> None:
    facts = AdapterFacts("shop", "MIT", "joinery-9", "c0ffee", "f1", ("spider:train", "accepted"))
    reader = gguf.GGUFReader(write_adapter(peft_folder(tmp_path / "adapter"), tmp_path / "a.gguf", facts))
    assert text(reader, "general.type") == "adapter"
    assert text(reader, "general.architecture") == "qwen2"
    assert text(reader, "adapter.type") == "lora"
    assert text(reader, "adapter.lora.alpha") == 8
    assert text(reader, "joinery.base.sha256") == "c0ffee"
    assert text(reader, "joinery.prompt.version") == "joinery-9"
    assert text(reader, "joinery.data.sources") == ["spider:train", "accepted"]


def test_facts_come_from_the_folder(tmp_path: Path) -> None:
    reader = gguf.GGUFReader(write_adapter(peft_folder(tmp_path / "adapter"), tmp_path / "a.gguf"))
    assert text(reader, "joinery.base.sha256") == "ab"
    assert text(reader, "joinery.prompt.version") == "p-1"


def test_what_llama_cannot_apply_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    for name, config in {"dora": {"use_dora": True}, "other": {"peft_type": "IA3"}, "heads": {"modules_to_save": ["lm_head"]}}.items():
        with pytest.raises(StageError) as caught:
            write_adapter(peft_folder(tmp_path / name, **config), tmp_path / "a.gguf")
        assert caught.value.code == WRONG_BASE
    strange = peft_folder(tmp_path / "strange")
    save_file({"base_model.model.vision.lora_A.weight": np.zeros((4, 4), np.float32)}, strange / "adapter_model.safetensors")
    with pytest.raises(StageError, match="knows no tensor"):
        write_adapter(strange, tmp_path / "a.gguf")
    assert not list(tmp_path.glob("*.gguf")) and not list(tmp_path.glob(".*"))
