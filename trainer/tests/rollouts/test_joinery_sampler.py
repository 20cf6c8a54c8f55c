"""The model process may die, be late, refuse or write nonsense; sampling goes on while there is hope, and ends with a sentence when there is none."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from joinery_trainer.prompts.exported import Part
from joinery_trainer.rollouts.joinery_sampler import JoinerySampler
from joinery_trainer.rollouts.sampler import Prompt, Sampled
from joinery_trainer.stages.errors import StageError

SCRIPT = Path(__file__).with_name("fake_complete.py")
PROMPTS = [Prompt(f"q{at}", "p", (Part("<s>", True), Part("schema ")), (Part(f"question {at}"),)) for at in range(4)]


@pytest.fixture
def sampler(tmp_path: Path) -> Iterator[JoinerySampler]:
    made = JoinerySampler(
        [sys.executable, str(SCRIPT), str(tmp_path)],
        Path("base.gguf"),
        threads=2,
        log=tmp_path / "run" / "sampler.log",
        start_seconds=20,
        answer_seconds=5,
    )
    yield made
    made.close()


def ask(sampler: JoinerySampler, prompts: list[Prompt] = PROMPTS, **changes: Any) -> list[list[Sampled]]:
    return sampler.sample(prompts, **{"n": 3, "temperature": 0.8, "max_tokens": 50, "seed": 7, "adapter": None, **changes})


def wanted(at: int) -> list[Sampled]:
    return [Sampled(f"<s>schema question {at}", 2, -1.5), Sampled("cut", 1, -9.0, finished=False)]


def starts(folder: Path) -> list[str]:
    return [line for line in (folder / "log").read_text().splitlines() if line.startswith("start")]


def test_answers_come_in_order_and_the_process_stays(sampler: JoinerySampler, tmp_path: Path) -> None:
    assert ask(sampler) == [wanted(at) for at in range(4)]
    assert ask(sampler, PROMPTS[2:]) == [wanted(2), wanted(3)]
    log = (tmp_path / "log").read_text().splitlines()
    assert starts(tmp_path) == ["start complete --model base.gguf --threads 2 --adapter none"]
    # Every question has a seed of its own, so that equal questions are not answered alike.
    assert log[1:5] == [f"asked {at} {7 + at} [';'] 50 False" for at in range(4)]
    sampler.close()
    assert (tmp_path / "log").read_text().splitlines()[-1] == "end"
    assert ask(sampler, []) == []


def test_another_adapter_is_another_process(sampler: JoinerySampler, tmp_path: Path) -> None:
    for adapter in (None, Path("a.gguf"), Path("a.gguf"), Path("b.gguf")):
        ask(sampler, PROMPTS[:1], adapter=adapter)
    assert [line.partition(" --threads 2")[2] for line in starts(tmp_path)] == [" --adapter none", " --adapter a.gguf", " --adapter b.gguf"]


@pytest.mark.parametrize("fault", ["die-on-2", "garbage-on-2", "half-on-2"])
def test_what_fails_once_is_asked_again(sampler: JoinerySampler, tmp_path: Path, fault: str) -> None:
    (tmp_path / fault).write_text("1")
    assert ask(sampler) == [wanted(at) for at in range(4)]
    assert (len(starts(tmp_path)), sampler.deaths) == (2, 1)


def test_a_question_that_brings_it_down_is_left_out(sampler: JoinerySampler, tmp_path: Path) -> None:
    (tmp_path / "die-on-1").write_text("99")
    assert ask(sampler) == [wanted(0), [], wanted(2), wanted(3)]
    assert sampler.deaths == 2


def test_one_that_is_late_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "mute").write_text("1")
    command = [sys.executable, str(SCRIPT), str(tmp_path)]
    hasty = JoinerySampler(command, Path("base.gguf"), threads=0, log=tmp_path / "sampler.log", start_seconds=20, answer_seconds=0.5)
    try:
        assert ask(hasty, PROMPTS[:2]) == [wanted(0), wanted(1)]
        assert hasty.deaths == 1
    finally:
        hasty.close()


def test_a_refusal_is_an_answer_and_refusing_all_is_said(sampler: JoinerySampler, tmp_path: Path) -> None:
    (tmp_path / "refuse-1").touch()
    assert ask(sampler) == [wanted(0), [], wanted(2), wanted(3)]
    assert sampler.deaths == 0
    (tmp_path / "refuse-0").touch()
    with pytest.raises(StageError, match="answers nothing: the prompt is too long"):
        ask(sampler, PROMPTS[:2])


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"no-start": "99"}, r"failed 4 times in a row: it ended with status 3 \(the model is broken\); .*sampler\.log has what it said"),
        ({"odd-start": "99"}, "its first line is not that it is ready"),
        ({f"die-on-{at}": "99" for at in range(4)}, "failed 4 times in a row: it ended with status 9"),
    ],
)
def test_without_hope_it_ends_with_a_sentence(sampler: JoinerySampler, tmp_path: Path, files: dict[str, str], message: str) -> None:
    for name, times in files.items():
        (tmp_path / name).write_text(times)
    with pytest.raises(StageError, match=message):
        ask(sampler)
    if "no-start" in files:
        assert "the model is broken" in (tmp_path / "run" / "sampler.log").read_text()


def test_a_slow_start_is_forgiven(sampler: JoinerySampler, tmp_path: Path) -> None:
    (tmp_path / "no-start").write_text("3")
    assert ask(sampler, PROMPTS[:1]) == [wanted(0)]


def test_a_command_that_is_not_there_is_said(tmp_path: Path) -> None:
    absent = JoinerySampler([str(tmp_path / "joinery")], Path("base.gguf"), threads=1, log=tmp_path / "sampler.log")
    with pytest.raises(StageError, match="cannot be started"):
        ask(absent)
