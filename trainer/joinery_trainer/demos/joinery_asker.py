"""Joinery's command as the asker: `joinery alike` says what would be shown, `joinery eval` asks questions with the examples that each brings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
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
        folder.mkdir(parents=True, exist_ok=True)

    def alike(self, questions: Sequence[Pair], pairs: Sequence[Pair]) -> dict[str, list[str]]:
        """See `Asker`. No model is loaded."""
        asked, given = self._folder / "questions.jsonl", self._folder / "pairs.jsonl"
        entries = [{"id": one.id, "db": _file(one), "question": one.question, "sql": one.sql} for one in questions]
        asked.write_text(_lines(entries), encoding="utf-8")
        given.write_text(_lines([_example(one) for one in pairs]), encoding="utf-8")
        lines = run_joinery(self._settings.joinery, ["alike", "--set", str(asked), "--pairs", str(given)], seconds=3_600)
        found = [json.loads(line) for line in lines.splitlines() if line.strip()]
        return {entry["id"]: list(entry["alike"]) for entry in found}

    def right(self, asked: Sequence[Asked]) -> list[bool]:
        """See `Asker`. One run of the command for all of them; the same questions after an interruption go on where it was."""
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
        text = _lines(entries)
        file = self._folder / f"batch-{hashlib.sha256(text.encode()).hexdigest()[:12]}.jsonl"
        file.write_text(text, encoding="utf-8")
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


def _lines(entries: Sequence[Mapping[str, object]]) -> str:
    return "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)
