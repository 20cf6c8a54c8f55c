"""Files of `joinery export` made up for tests."""

from __future__ import annotations

import json
from pathlib import Path


def write_export(path: Path, databases: list[str], questions: int, *, in_grammar: bool = True, target: str | None = None) -> Path:
    mark = {"text": "<|im_start|>", "special": True}
    end = {"text": "<|im_end|>", "special": True}
    lines: list[dict[str, object]] = [
        {"kind": "header", "format": 1, "promptVersion": "test-1", "template": "chatml", "view": "ddl", "showValues": True}
    ]
    if target is not None:
        lines[0]["target"] = target
    for db in databases:
        parts = [mark, {"text": f"user\nCREATE TABLE {db} (x INT);\n"}]
        lines.append({"kind": "prefix", "key": f"p-{db}", "db": db, "parts": parts})
        for at in range(questions // len(databases)):
            rest = [{"text": f"Question: x above {at}?"}, end, mark, {"text": "assistant\n"}]
            sql = f"SELECT x FROM {db} WHERE x > {at}"
            pair = {"id": f"{db}-{at}", "db": db, "database": f"{db}.sqlite", "question": f"x above {at}?", "sql": sql, "gold": sql}
            lines.append({"kind": "pair", **pair, "prefixKey": f"p-{db}", "rest": rest, "inGrammar": in_grammar})
    path.write_text("\n".join(json.dumps(line) for line in lines) + "\n", encoding="utf-8")
    return path
