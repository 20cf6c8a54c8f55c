"""
Started by torch.distributed.run: supervised fine-tuning in every process. First a whole run; then one in which the clock of the first process alone
goes on, looks and an end come by it, and each process writes where it ended.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import count
from pathlib import Path

#: Seconds of the first clock between two looks at it.
TICK = 10


def main() -> None:
    from accelerate import PartialState

    from joinery_trainer.stages.events import Events
    from joinery_trainer.stages.sft_settings import SftSettings
    from joinery_trainer.training import sft
    from joinery_trainer.training.pace import Pace
    from joinery_trainer.training.start import leave_together

    base, out, data, held_out = map(Path, sys.argv[1:])
    settings = SftSettings(
        base=base,
        out=out / "whole",
        data=(data,),
        dtype="float32",
        device="cpu",
        threads=1,
        questions_per_step=4,
        row_tokens=400,
        row_questions=2,
        learning_rate=0.01,
        checkpoint_minutes=0,
    )
    sft.run_sft(settings, quiet=True)
    ticks = count(0, TICK)
    trainers = []
    made = sft._trainer

    def clock() -> float:
        return next(ticks) if PartialState().is_main_process else 0.0

    def paced(settings: SftSettings, events: Events) -> Pace:
        return Pace(events, save_seconds=2 * TICK, score_seconds=TICK, end_seconds=6 * TICK, clock=clock)

    def make(*arguments: object) -> object:
        trainers.append(made(*arguments))
        return trainers[0]

    sft.planned_pace, sft._trainer = paced, make
    sft.run_sft(replace(settings, out=out / "paced", held_out=(held_out,), epochs=20, patience=20), quiet=True)
    (out / f"ended-{PartialState().process_index}").write_text(str(trainers[0].state.global_step))
    leave_together()


if __name__ == "__main__":
    main()
