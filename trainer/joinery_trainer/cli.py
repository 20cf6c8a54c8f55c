"""
`joinery-trainer <stage> --recipe FILE [--set key=value …]`: one command per stage. Torch is imported by a stage, never here: `--help` answers at
once, and data is made where no torch is installed.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from joinery_trainer.stages.errors import explain
from joinery_trainer.stages.events import Events
from joinery_trainer.stages.recipe import load_recipe


@dataclass(frozen=True)
class Stage:
    """A stage: what it is for, its settings, and the function that runs it, named so that nothing is imported before it is needed."""

    purpose: str
    #: ``module:class`` of the settings; the module imports without torch.
    settings: str
    #: ``module:function``; called with the settings, ``resume`` and ``quiet``.
    run: str


STAGES = {
    "pairs": Stage(
        "questions of public data sets, judged, rewritten where SQLite took names for texts, split by database",
        "joinery_trainer.stages.pairs_settings:PairsSettings",
        "joinery_trainer.data.collect:run_pairs",
    ),
    "sft": Stage(
        "supervised fine-tuning of a LoRA adapter",
        "joinery_trainer.stages.sft_settings:SftSettings",
        "joinery_trainer.training.sft:run_sft",
    ),
    "views": Stage(
        "a look at exported schema views: what they tell, what they cost, what a model makes of them",
        "joinery_trainer.stages.views_settings:ViewsSettings",
        "joinery_trainer.views.report:run_views",
    ),
    "paraphrase": Stage(
        "questions of synthetic pairs said as people would, kept when they lead back to the same result",
        "joinery_trainer.stages.paraphrase_settings:ParaphraseSettings",
        "joinery_trainer.synth.paraphrase_run:run_paraphrase",
    ),
    "preferences": Stage(
        "better and worse answers to the same prompts, from gold statements and from what a model gets wrong",
        "joinery_trainer.stages.preferences_settings:PreferencesSettings",
        "joinery_trainer.preferences.build:run_preferences",
    ),
    "mdpo": Stage(
        "learning which of two answers is better, and by how much",
        "joinery_trainer.stages.mdpo_settings:MdpoSettings",
        "joinery_trainer.training.mdpo:run_mdpo",
    ),
    "export": Stage(
        "an adapter as a GGUF file for llama.cpp, compared with what was trained",
        "joinery_trainer.stages.export_settings:ExportSettings",
        "joinery_trainer.training.export:run_export",
    ),
    "pipeline": Stage(
        "from databases to an adapter that is accepted when it is certainly better on them",
        "joinery_trainer.stages.pipeline_settings:PipelineSettings",
        "joinery_trainer.pipeline.run:run_pipeline",
    ),
    "grpo": Stage(
        "learning from rewards: answers are run, and better ones made likelier",
        "joinery_trainer.stages.grpo_settings:GrpoSettings",
        "joinery_trainer.training.grpo:run_grpo",
    ),
    "select": Stage(
        "a small ranker among candidates, from what joinery eval --features wrote",
        "joinery_trainer.stages.select_settings:SelectSettings",
        "joinery_trainer.select.run:run_select",
    ),
    "demos": Stage(
        "which accepted pairs are shown as examples, by what questions kept apart gain from them",
        "joinery_trainer.stages.demos_settings:DemosSettings",
        "joinery_trainer.demos.run:run_demos",
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status. See `stages/errors.py` for the statuses."""
    # Everything is on this machine; the libraries are not to look elsewhere, nor to tell anybody.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    parser = argparse.ArgumentParser(prog="joinery-trainer", description="Fine-tunes Joinery's local model on databases.")
    commands = parser.add_subparsers(dest="stage", required=True, metavar="stage")
    for name, stage in STAGES.items():
        command = commands.add_parser(name, help=stage.purpose, description=stage.purpose)
        command.add_argument("--recipe", type=Path, help=f"TOML file with a table [{name}]")
        command.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="change one setting; may be repeated")
        command.add_argument("--resume", action="store_true", help="go on from the last checkpoint of the run folder")
        command.add_argument("--quiet", action="store_true", help="no lines of progress; events.jsonl has them all the same")
    asked = parser.parse_args(arguments)
    stage = STAGES[asked.stage]
    settings = None
    try:
        settings = load_recipe(_named(stage.settings), asked.stage, asked.recipe, asked.set)
        print(_named(stage.run)(settings, resume=asked.resume, quiet=asked.quiet))
        if "WORLD_SIZE" in os.environ:
            _named("joinery_trainer.training.start:leave_together")()
    except (Exception, KeyboardInterrupt) as error:
        sentence, code = explain(error)
        if code is None:
            raise
        print(sentence, file=sys.stderr)
        if settings is not None and Path(settings.out).is_dir():
            Events(settings.out, asked.stage, quiet=True).tell("failed", {"code": code}, sentence)
        return code
    return 0


def _named(name: str) -> Callable[..., Any]:
    module, _, attribute = name.partition(":")
    return getattr(import_module(module), attribute)


if __name__ == "__main__":
    sys.exit(main())
