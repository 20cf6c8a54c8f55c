"""When a run saves, looks and ends, on clocks that are set by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: the stages of training need it", exc_type=ImportError)

from transformers import TrainerControl, TrainerState, TrainingArguments, get_scheduler  # noqa: E402

from joinery_trainer.stages.events import Events  # noqa: E402
from joinery_trainer.training.pace import Pace  # noqa: E402


class Run:
    """A run of one process whose steps take as long as they are told to."""

    def __init__(self, folder: Path, state: TrainerState | None = None, **times: object) -> None:
        self.at = 1_000.0
        self.state = state or TrainerState()
        self.arguments = TrainingArguments(output_dir=str(folder), use_cpu=True, report_to=[])
        wanted = {"save_seconds": 1e9, "score_seconds": 0, **times}
        self.pace = Pace(Events(folder, "test", quiet=True), clock=lambda: self.at, **wanted)
        self.pace.on_train_begin(self.arguments, self.state, TrainerControl())

    def step(self, seconds: float, **parts: object) -> TrainerControl:
        self.at += seconds
        control = TrainerControl()
        self.pace.on_step_end(self.arguments, self.state, control, **parts)
        return control


def test_it_ends_when_the_seconds_are_worked(tmp_path: Path) -> None:
    run = Run(tmp_path, end_seconds=30)
    assert [run.step(10).should_training_stop for _ in range(4)] == [False, False, True, True]


def rates(tmp_path: Path, seconds: list[float], **times: object) -> list[float]:
    """Return the rate of each next step, where ten steps are planned to take 100 seconds."""
    run = Run(tmp_path, end_seconds=100, **times)
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = get_scheduler("cosine", optimizer, num_warmup_steps=0, num_training_steps=10)
    found = []
    for one in seconds:
        optimizer.step()
        scheduler.step()
        run.step(one, optimizer=optimizer, lr_scheduler=scheduler)
        assert scheduler.get_last_lr() == [optimizer.param_groups[0]["lr"]]
        found.append(round(optimizer.param_groups[0]["lr"], 3))
    return found


def test_the_rate_of_a_slow_run_falls_with_its_time(tmp_path: Path) -> None:
    planned = [0.976, 0.905, 0.794, 0.655, 0.5, 0.345, 0.206, 0.095, 0.024, 0.0]
    assert rates(tmp_path, [10] * 10, anneals=True) == planned
    assert rates(tmp_path, [5] * 10, anneals=True) == planned
    assert rates(tmp_path, [20] * 5, anneals=True) == planned[1::2]
    assert rates(tmp_path, [10, 10, 60, 10, 10], anneals=True) == [*planned[:2], 0.095, 0.024, 0.0]
    assert rates(tmp_path, [20] * 5) == planned[:5]


def test_it_saves_and_looks_by_the_clock(tmp_path: Path) -> None:
    run = Run(tmp_path, save_seconds=20, score_seconds=30)
    found = [run.step(10) for _ in range(6)]
    assert [control.should_save for control in found] == [False, True, False, True, False, True]
    assert [control.should_evaluate for control in found] == [False, False, True, False, False, True]


def test_a_run_that_goes_on_has_what_is_left_of_its_time(tmp_path: Path) -> None:
    first = Run(tmp_path, end_seconds=30)
    first.step(10)
    first.step(10)
    first.state.save_to_json(str(tmp_path / "state.json"))
    later = Run(tmp_path, TrainerState.load_from_json(str(tmp_path / "state.json")), end_seconds=30)
    assert later.step(9).should_training_stop is False
    assert later.step(1).should_training_stop is True
