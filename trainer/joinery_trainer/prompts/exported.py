"""Prompts as `joinery export` wrote them. The trainer never builds a prompt; it reads parts and turns them into tokens. Imports without torch."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, get_args

#: The format of the file that this reader knows.
FORMAT = 1

#: What the model writes: a statement, a plan and a statement, a statement without FROM and JOIN.
Target = Literal["sql", "think", "ir"]


@dataclass(frozen=True)
class Part:
    """A piece of a prompt; a special one is exactly one token of the model, such as the mark of a turn."""

    text: str
    special: bool = False


@dataclass(frozen=True)
class PromptPair:
    """A question with the statement that the model should write after its prompt."""

    id: str
    db: str
    database: Path
    question: str
    #: In the style in which the product's grammar writes: what is trained on. Without FROM and JOIN where the target is ``ir``.
    sql: str
    #: As the source has it: what results are compared with.
    gold: str
    prefix_key: str
    rest: tuple[Part, ...]
    #: The product's grammar could have written ``sql``. What it could not would be learnt in vain.
    in_grammar: bool
    level: str = ""


@dataclass(frozen=True)
class GraphTask:
    """A question about a schema that its graph answers (D2). The answer is text, not SQL: nothing runs it, and no reward is computed from it."""

    id: str
    db: str
    database: Path
    #: What is asked for, such as ``path`` or ``neighbours``.
    task: str
    question: str
    answer: str
    prefix_key: str
    rest: tuple[Part, ...]


@dataclass(frozen=True)
class Exported:
    """The content of one or more files of one prompt version."""

    prompt_version: str
    template: str
    prefixes: Mapping[str, tuple[Part, ...]]
    pairs: tuple[PromptPair, ...]
    #: ``(id, reason)`` of the pairs that have no prompt.
    skipped: tuple[tuple[str, str], ...]
    tasks: tuple[GraphTask, ...] = ()
    target: Target = "sql"


@dataclass
class _Reading:
    headers: list[tuple[str, str, Target]] = field(default_factory=list)
    prefixes: dict[str, tuple[Part, ...]] = field(default_factory=dict)
    pairs: list[PromptPair] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    tasks: list[GraphTask] = field(default_factory=list)


def read_exported(paths: Sequence[Path]) -> Exported:
    """Read files of `joinery export`. Raises ValueError for another format, a malformed line, or prompts of two versions or targets."""
    reading = _Reading()
    for path in paths:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                try:
                    _read_line(reading, json.loads(line))
                except (KeyError, TypeError, ValueError) as error:
                    raise ValueError(f"{path.name}, line {number}: {error}") from error
    versions = set(reading.headers)
    if len(versions) != 1:
        raise ValueError(f"prompts of one version, template and target are needed, these have {sorted(versions) or 'none'}")
    missing = {one.prefix_key for one in (*reading.pairs, *reading.tasks)} - set(reading.prefixes)
    if missing:
        raise ValueError(f"{len(missing)} prefixes are named but not there")
    (version, template, target) = versions.pop()
    return Exported(version, template, reading.prefixes, tuple(reading.pairs), tuple(reading.skipped), tuple(reading.tasks), target)


def _read_line(reading: _Reading, line: Mapping[str, Any]) -> None:
    kind = line["kind"]
    if kind == "header":
        if line["format"] != FORMAT:
            raise ValueError(f"format {line['format']} is unknown, {FORMAT} is known")
        # Files from before there were targets ask for SQL.
        target = line.get("target", "sql")
        if target not in get_args(Target):
            raise ValueError(f"the target {target!r} is unknown")
        reading.headers.append((line["promptVersion"], line["template"], target))
    elif kind == "prefix":
        reading.prefixes[line["key"]] = _parts(line["parts"])
    elif kind == "skipped":
        reading.skipped.append((line["id"], line["reason"]))
    elif kind == "pair":
        reading.pairs.append(
            PromptPair(
                id=line["id"],
                db=line["db"],
                database=Path(line["database"]),
                question=line["question"],
                sql=line["sql"],
                gold=line["gold"],
                prefix_key=line["prefixKey"],
                rest=_parts(line["rest"]),
                in_grammar=line["inGrammar"],
                level=line.get("level", ""),
            )
        )
    elif kind == "task":
        texts = {name: line[name] for name in ("id", "db", "task", "question", "answer")}
        reading.tasks.append(GraphTask(**texts, database=Path(line["database"]), prefix_key=line["prefixKey"], rest=_parts(line["rest"])))
    else:
        raise ValueError(f"a line of kind {kind!r} is unknown")


def _parts(entries: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
    return tuple(Part(entry["text"], bool(entry.get("special", False))) for entry in entries)


class Tokenizer(Protocol):
    """What is needed of a transformers tokenizer."""

    def encode(self, text: str, **options: object) -> list[int]:
        """Return the tokens of a text."""
        ...

    def convert_tokens_to_ids(self, tokens: str) -> int:
        """Return the one token of that name."""
        ...


#: What follows the statement in the product's examples; its first token ends the answer.
ANSWER_END = ";\n```"
#: What follows an answer that is no statement.
TEXT_END = "\n```"


def encode_parts(tokenizer: Tokenizer, parts: Sequence[Part]) -> list[int]:
    """Return the tokens of a prompt. Text never becomes a special token, whatever it says: a question cannot open a turn."""
    tokens: list[int] = []
    for part in parts:
        if part.special:
            tokens.append(tokenizer.convert_tokens_to_ids(part.text))
        else:
            tokens.extend(tokenizer.encode(part.text, add_special_tokens=False, split_special_tokens=True))
    return tokens


def encode_answer(tokenizer: Tokenizer, sql: str) -> list[int]:
    """Return the tokens that the model should write for a statement, its end included."""
    return tokenizer.encode(sql + ANSWER_END, add_special_tokens=False, split_special_tokens=True)


def encode_text(tokenizer: Tokenizer, answer: str) -> list[int]:
    """Return the tokens that the model should write for the answer of a graph task, its end included."""
    return tokenizer.encode(answer + TEXT_END, add_special_tokens=False, split_special_tokens=True)
