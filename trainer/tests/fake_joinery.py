"""
Stands in for the `joinery` command: `export` writes prompts for the pairs it is given, `eval` finds answers right by a rule: without an adapter every
fourth, with one three of four, with that in FAKE_JOINERY_BETTER all and with that in FAKE_JOINERY_WORSE none. FAKE_JOINERY_FAIL names a subcommand
that fails, FAKE_JOINERY_LOG a file that calls are written to. `compile` knows a table `singer`, refuses what names `concert`, dies of what names
`death` and answers nonsense to `nonsense`. `complete` says the same of everything: half of its answers run.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("command")
    for name in ("set", "out", "report", "adapter", "model", "comparator", "style", "view", "target", "threads"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    if asked.adapter == "none":
        asked.adapter = None
    log = os.environ.get("FAKE_JOINERY_LOG")
    if log:
        with Path(log).open("a") as file:
            file.write(f"{asked.command}{f':{Path(asked.adapter).stem}' if asked.adapter else ''}\n")
    if os.environ.get("FAKE_JOINERY_FAIL") == asked.command:
        print("The model is missing.\nFetch it with `joinery models fetch`.", file=sys.stderr)
        return 5
    if asked.command in ("compile", "complete"):
        (compile_lines if asked.command == "compile" else complete_lines)()
        return 0
    pairs = [json.loads(line) for line in Path(asked.set).read_text().splitlines()]
    if asked.command == "export":
        Path(asked.out).write_text("\n".join(map(json.dumps, export_lines(pairs, asked.target))) + "\n")
        print(json.dumps({"pairs": len(pairs), "skipped": 2 if asked.target == "ir" else 0}))
    else:
        Path(asked.report).write_text(json.dumps({"verdicts": [verdict(at, pair, asked.adapter) for at, pair in enumerate(pairs)]}))
    return 0


def export_lines(pairs: list[dict[str, str]], target: str) -> list[dict[str, object]]:
    header = {"kind": "header", "format": 1, "promptVersion": "test-1", "target": target, "template": "chatml", "view": "ddl", "showValues": True}
    lines: list[dict[str, object]] = [header]
    for db in sorted({pair["db"] for pair in pairs}):
        lines.append({"kind": "prefix", "key": db, "db": db, "parts": [{"text": "schema"}]})
    for pair in pairs:
        common = {"id": pair["id"], "db": pair["db"], "database": pair["db"], "question": pair["question"], "sql": pair["sql"], "gold": pair["sql"]}
        lines.append({"kind": "pair", **common, "prefixKey": pair["db"], "rest": [{"text": pair["question"]}], "inGrammar": True})
    return lines


def compile_lines() -> None:
    print(json.dumps({"kind": "ready"}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        sql = re.sub(r"^(SELECT [^;]*?)(?= WHERE|$)", r"\1 FROM singer", request["ir"]).replace("singer.", "")
        answer = {"sql": sql}
        if "concert" in sql:
            answer = {"refusal": "no join between: singer, concert"}
        if "death" in sql:
            os._exit(9)
        if "absent" in request["database"]:
            answer = {"error": {"code": "database.missing", "sentence": "There is no such database."}}
        print("{}" if "nonsense" in sql else json.dumps({"id": request["id"], **answer}), flush=True)


def complete_lines() -> None:
    print(json.dumps({"kind": "ready"}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        texts = {"SELECT count(*) FROM singer": request["n"] // 2, "no idea": request["n"] - request["n"] // 2}
        known = {"greedy": False, "logProbability": -9.0, "tokens": 5, "finish": "stop"}
        print(json.dumps({"id": request["id"], "completions": [{"text": text, "count": n, **known} for text, n in texts.items()]}), flush=True)


def verdict(at: int, pair: dict[str, str], adapter: str | None) -> dict[str, object]:
    right = at % 4 != 0 if adapter else at % 4 == 0
    if adapter and Path(adapter).stem == os.environ.get("FAKE_JOINERY_BETTER"):
        right = True
    if adapter and Path(adapter).stem == os.environ.get("FAKE_JOINERY_WORSE"):
        right = False
    return {"id": pair["id"], "question": pair["question"], "sql": "SELECT 1", "correct": {"strict": right}}


if __name__ == "__main__":
    sys.exit(main())
