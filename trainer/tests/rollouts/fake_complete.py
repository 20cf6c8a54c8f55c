"""
Stands in for `joinery complete`: answers by its lines, and misbehaves as the files in its folder say. A file `die-on-ID` is a number of deaths left
while it works on that request; `refuse` refuses all; `mute` keeps it from answering; `garbage-on-ID` is a number of lines that are no answer.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

FOLDER = Path(sys.argv[1])


def takes(name: str) -> bool:
    """Use one of the times that a file allows."""
    file = FOLDER / name
    left = int(file.read_text()) if file.exists() else 0
    if left:
        file.write_text(str(left - 1))
    return left > 0


def note(text: str) -> None:
    with (FOLDER / "log").open("a") as log:
        log.write(text + "\n")


def main() -> None:
    arguments = sys.argv[2:]
    note("start " + " ".join(arguments))
    if takes("no-start"):
        print("the model is broken", file=sys.stderr)
        sys.exit(3)
    if takes("odd-start"):
        print('{"kind": "hello"}', flush=True)
        time.sleep(60)
    print(json.dumps({"kind": "ready", "model": "m", "adapter": "", "threads": 1}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        note(f"asked {request['id']} {request['seed']} {request['stop']} {request['maxTokens']} {request['greedy']}")
        if takes(f"die-on-{request['id']}"):
            os._exit(9)
        if takes("mute"):
            time.sleep(60)
        if takes(f"garbage-on-{request['id']}"):
            print("Segmentation fault", flush=True)
            continue
        if takes(f"half-on-{request['id']}"):
            print(json.dumps({"id": request["id"], "completions": [{"text": "SELECT 1"}]}), flush=True)
            continue
        if (FOLDER / f"refuse-{request['id']}").exists():
            print(json.dumps({"id": request["id"], "error": {"code": "request", "sentence": "the prompt is too long"}}), flush=True)
            continue
        text = "".join(part["text"] for part in [*request["prefix"], *request["rest"]])
        answers = [
            {"text": text, "count": request["n"] - 1, "greedy": False, "logProbability": -1.5, "tokens": 3, "finish": "stop"},
            {"text": "cut", "count": 1, "greedy": False, "logProbability": -9, "tokens": 3, "finish": "length"},
            {"text": "greedy", "count": 0, "greedy": True, "logProbability": -1, "tokens": 3, "finish": "stop"},
        ]
        print(json.dumps({"id": request["id"], "completions": answers}), flush=True)
    note("end")


main()
