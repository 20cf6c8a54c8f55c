"""Started by torch.distributed.run: group policy optimisation with a made-up sampler in every process; each writes the weights that it ends with."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> None:
    # Imported here: the processes that run statements import this file too, and need nothing of it.
    import torch
    from accelerate import PartialState

    from joinery_trainer.stages.grpo_settings import GrpoSettings
    from joinery_trainer.training import grpo
    from joinery_trainer.training.start import leave_together
    from tests.rollouts_support import MadeUpSampler, mixed

    base, out, data = map(Path, sys.argv[1:])
    trainers = []
    made = grpo.make_trainer

    def make(*arguments: object) -> object:
        trainers.append(made(*arguments))
        return trainers[0]

    grpo.make_trainer = make
    settings = GrpoSettings(
        base=base,
        out=out,
        data=(data,),
        dtype="float32",
        device="cpu",
        threads=1,
        sampler="local",
        workers=1,
        steps=3,
        questions_per_step=2,
        answers=4,
        answer_tokens=60,
        learning_rate=0.01,
        ladder_window=100,
        checkpoint_minutes=0,
    )
    grpo.run_grpo(settings, quiet=True, sampler=MadeUpSampler(mixed))
    model = trainers[0].model
    weights = {name: value.detach().clone() for name, value in model.named_parameters() if "lora_B.default" in name}
    torch.save({"weights": weights, "seen": trainers[0].rounds.ladder.state()}, out / f"process-{PartialState().process_index}.pt")
    leave_together()


if __name__ == "__main__":
    main()
