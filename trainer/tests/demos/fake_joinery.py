"""Stands in for the `joinery` command: `alike` offers every other pair, `eval` finds a question right that is shown an example with its first word.

It logs its calls in the file that FAKE_JOINERY_LOG names; with FAKE_JOINERY_LOSES it leaves out a verdict.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path


def main() -> int:
    command, *rest = sys.argv[1:]
    options = dict(zip(rest[::2], rest[1::2], strict=True))
    log = os.environ.get("FAKE_JOINERY_LOG")
    if log:
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(f"{command} {' '.join(sorted(options))}\n")
    questions = read(options["--set"])
    if command == "alike":
        pairs = read(options["--pairs"])
        for question in questions:
            others = [pair for pair in pairs if pair["question"] != question["question"]]
            others.sort(key=lambda pair: (first(pair) != first(question), pair["question"]))
            print(json.dumps({"id": question["id"], "alike": [pair_id(pair) for pair in others]}))
        return 0
    verdicts = [
        {"id": question["id"], "correct": {"strict": any(first(pair) == first(question) for pair in question["demonstrations"])}}
        for question in questions
    ]
    if os.environ.get("FAKE_JOINERY_LOSES"):
        verdicts.pop()
    Path(options["--report"]).write_text(json.dumps({"verdicts": verdicts}), encoding="utf-8")
    return 0


def read(path: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def first(entry: dict[str, object]) -> str:
    return str(entry["question"]).split()[0]


def pair_id(pair: dict[str, object]) -> str:
    return hashlib.sha256(f"{pair['question']}\n{pair['sql']}".encode()).hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main())
