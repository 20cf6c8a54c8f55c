"""Joinery's command as the asker: `joinery alike` says what would be shown, `joinery eval` asks questions with the examples that each brings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from joinery_trainer.data.pairs import Pair
from joinery_trainer.demos.asking import Asked
from joinery_trainer.prompts.joinery import evaluate_set, run_joinery
from joinery_trainer.stages.demos_settings import DemosSettings
from joinery_trainer.stages.errors import NO_DATA, StageError


class JoineryAsker:
    """Runs the command; its files stand in ``folder``."""

    def __init__(self, settings: DemosSettings, folder: Path) -> None:
        self._settings = settings
        self._folder = folder
        self._batch = 0
        folder.mkdir(parents=True, exist_ok=True)

    def alike(self, questions: Sequence[Pair], pairs: Sequence[Pair]) -> dict[str, list[str]]:
        """See `Asker`. No model is loaded."""
        asked, given = self._folder / "questions.jsonl", self._folder / "pairs.jsonl"
        _write(asked, [{"id": one.id, "db": _file(one), "question": one.question, "sql": one.sql} for one in questions])
        _write(given, [_example(one) for one in pairs])
        lines = run_joinery(self._settings.joinery, ["alike", "--set", str(asked), "--pairs", str(given)], seconds=3_600)
        entries = [json.loads(line) for line in lines.splitlines() if line.strip()]
        return {entry["id"]: list(entry["alike"]) for entry in entries}

    def right(self, asked: Sequence[Asked]) -> list[bool]:
        """See `Asker`. One run of the command for all of them."""
        self._batch += 1
        file = self._folder / f"batch-{self._batch:04}.jsonl"
        entries = [
            {
                "id": str(at),
                "db": _file(one.question),
                "question": one.question.question,
                "sql": one.question.sql,
                "demonstrations": [_example(pair) for pair in one.shown],
            }
            for at, one in enumerate(asked)
        ]
        _write(file, entries)
        # Predictions of a run that was killed may belong to other questions of the same number.
        for left in self._folder.glob(f"{file.stem}-*"):
            left.unlink()
        settings = self._settings
        verdicts = evaluate_set(
            settings.joinery,
            file,
            self._folder,
            model=settings.model,
            adapter=settings.adapter,
            threads=settings.threads,
        )
        found = {verdict["id"]: bool(verdict["correct"].get("strict", False)) for verdict in verdicts}
        missing = [entry["id"] for entry in entries if entry["id"] not in found]
        if missing:
            raise StageError(f"joinery eval left out {len(missing)} of {len(entries)} questions", NO_DATA)
        return [found[str(at)] for at in range(len(asked))]


def _file(pair: Pair) -> str:
    if pair.database is None:
        raise ValueError(f"{pair.id} has no database")
    return str(pair.database.resolve())


def _example(pair: Pair) -> dict[str, str]:
    return {"question": pair.question, "sql": pair.sql}


def _write(path: Path, entries: Sequence[dict[str, object]] | Sequence[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries), encoding="utf-8")
