from __future__ import annotations

import json
from pathlib import Path

import pytest

gguf = pytest.importorskip("gguf", reason="gguf is not installed: the export of adapters needs it", exc_type=ImportError)
np = pytest.importorskip("numpy", reason="numpy is not installed: the export of adapters needs it", exc_type=ImportError)

from safetensors.numpy import load_file, save_file  # noqa: E402

from joinery_trainer.export.gguf_lora import BaseShape, write_adapter  # noqa: E402
from joinery_trainer.export.read_gguf_lora import read_adapter  # noqa: E402
from joinery_trainer.stages.errors import WRONG_BASE, StageError  # noqa: E402

QWEN = BaseShape("qwen2", 4, 2)
LLAMA = BaseShape("llama", 4, 2)
MAPS = ("self_attn.q_proj", "self_attn.k_proj", "self_attn.o_proj", "mlp.down_proj")


def peft_folder(folder: Path, shape: BaseShape = QWEN, ranks: tuple[int, ...] = (4, 4)) -> Path:
    folder.mkdir()
    chance = np.random.default_rng(1)
    weights = {}
    for layer, rank in enumerate(ranks):
        for name in MAPS:
            stem = f"base_model.model.model.layers.{layer}.{name}"
            weights[f"{stem}.lora_A.weight"] = chance.normal(size=(rank, 64)).astype(np.float32)
            weights[f"{stem}.lora_B.weight"] = chance.normal(size=(32, rank)).astype(np.float32)
    save_file(weights, folder / "adapter_model.safetensors")
    (folder / "adapter_config.json").write_text(json.dumps({"peft_type": "LORA", "lora_alpha": 8}))
    about = {"base_sha256": "ab", "prompt_version": "p-1", "architecture": shape.architecture, "heads": shape.heads, "kv_heads": shape.kv_heads}
    (folder / "joinery.json").write_text(json.dumps(about))
    return folder


@pytest.mark.parametrize("shape", [QWEN, LLAMA])
@pytest.mark.parametrize(("precision", "tolerance"), [("f32", 0), ("f16", 2e-3), ("q8_0", 0.02)])
def test_what_was_written_comes_back(tmp_path: Path, shape: BaseShape, precision: str, tolerance: float) -> None:
    folder = peft_folder(tmp_path / "adapter", shape)
    file = write_adapter(folder, tmp_path / "a.gguf", precision=precision)
    back = read_adapter(file, tmp_path / "back", shape)
    expected, found = load_file(folder / "adapter_model.safetensors"), load_file(back / "adapter_model.safetensors")
    assert found.keys() == expected.keys()
    for name, tensor in expected.items():
        np.testing.assert_allclose(found[name], tensor, atol=tolerance)


def test_what_it_belongs_to_comes_back(tmp_path: Path) -> None:
    back = read_adapter(write_adapter(peft_folder(tmp_path / "adapter"), tmp_path / "a.gguf"), tmp_path / "back", QWEN)
    config, origin = (json.loads((back / name).read_text()) for name in ("adapter_config.json", "joinery.json"))
    assert (config["r"], config["lora_alpha"]) == (4, 8)
    assert config["target_modules"] == ["down_proj", "k_proj", "o_proj", "q_proj"]
    assert origin == {"base_sha256": "ab", "prompt_version": "p-1", "start": "a.gguf"}


def test_what_training_cannot_go_on_from_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    text = tmp_path / "text.gguf"
    text.write_text("no adapter")
    writer = gguf.GGUFWriter(tmp_path / "model.gguf", "qwen2")
    writer.add_tensor("blk.0.attn_q.weight", np.zeros((4, 4), np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    good = write_adapter(peft_folder(tmp_path / "good"), tmp_path / "good.gguf")
    ranks = write_adapter(peft_folder(tmp_path / "ranks", ranks=(4, 8)), tmp_path / "ranks.gguf")
    for file, shape, sentence in [
        (text, QWEN, "no GGUF adapter"),
        (tmp_path / "model.gguf", QWEN, "no LoRA adapter"),
        (good, LLAMA, "another architecture"),
        (ranks, QWEN, "2 ranks"),
    ]:
        with pytest.raises(StageError, match=sentence) as caught:
            read_adapter(file, tmp_path / "back", shape)
        assert caught.value.code == WRONG_BASE
    assert not list(tmp_path.glob("back*"))
