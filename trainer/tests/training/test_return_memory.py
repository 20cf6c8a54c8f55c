from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is not installed: the stages of training need it", exc_type=ImportError)

from transformers import TrainerControl, TrainerState, TrainingArguments

from joinery_trainer.training.return_memory import ReturnMemory, is_scarce


def resident_mb() -> int:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="this system returns memory by itself")
@pytest.mark.parametrize("end", ["on_substep_end", "on_step_end"])
def test_memory_in_pieces_goes_back_to_the_system(tmp_path: Path, end: str) -> None:
    # Small pieces lie on the heap, and those that stay keep it from shrinking.
    pieces = [bytearray(b"x") * 60_000 for _ in range(5_000)]
    kept = pieces[::50]
    full = resident_mb()
    del pieces
    ended = getattr(ReturnMemory(), end)
    ended(TrainingArguments(output_dir=str(tmp_path), use_cpu=True), TrainerState(), TrainerControl())
    assert len(kept) == 100
    assert full - resident_mb() > 150


_FREES_BLOCKS = """
from pathlib import Path
from joinery_trainer.training.return_memory import return_large_blocks

def resident_mb():
    return int(next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS")).split()[1]) // 1024

return_large_blocks()
# A block that is freed raises glibc's own bound above its size; what is smaller then lies on the heap, under pieces that stay.
bytearray(24 << 20)
blocks = [(bytearray(b"x") * (8 << 20), bytearray(b"x") * 60_000) for _ in range(40)]
kept = [small for _, small in blocks]
full = resident_mb()
blocks.clear()
print(full - resident_mb())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="this system returns memory by itself")
def test_freed_activations_go_back_at_once() -> None:
    # In a process of its own: what others left free on the heap would be taken first.
    done = subprocess.run([sys.executable, "-c", _FREES_BLOCKS], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 250


def test_memory_is_scarce_by_the_size_of_the_base(tmp_path: Path) -> None:
    base = tmp_path / "base.gguf"
    base.write_bytes(b"x" * 1_000)
    (tmp_path / "model.safetensors").write_bytes(b"x" * 1_000)
    for where in (base, tmp_path):
        assert is_scarce(where, 15_000)
        assert not is_scarce(where, 17_000)
    assert not is_scarce(base)
