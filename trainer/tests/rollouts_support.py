"""Questions on a real database, samplers that make their answers up, for tests of rollouts and of group policy optimisation."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Sequence
from pathlib import Path

from joinery_trainer.rollouts.sampler import Prompt, Sampled

RIGHT = "SELECT name FROM singer WHERE age > {age}"
#: Right rows, wrong rows, does not run, no statement.
ANSWERS = (RIGHT, "SELECT name FROM singer", "SELECT nothing FROM singer", "no idea")
AGES = (30, 31, 40, 42, 45, 50)


def write_questions(path: Path, database: Path, *, levels: Sequence[str] = ("easy",), databases: int = 1, prefix: str = "") -> Path:
    """Write one question for each age, level and prefix."""
    lines: list[dict[str, object]] = [{"kind": "header", "format": 1, "promptVersion": "test-1", "template": "chatml"}]
    mark = {"text": "<|im_start|>", "special": True}
    for number in range(databases):
        lines.append({"kind": "prefix", "key": f"p{number}", "db": f"d{number}", "parts": [mark, {"text": f"user\nsinger {number}{prefix}\n"}]})
        for level in levels:
            for age in AGES:
                gold = RIGHT.format(age=age)
                lines.append(
                    {
                        "kind": "pair",
                        "id": f"{number}-{level}-{age}",
                        "db": f"d{number}",
                        "database": str(database),
                        "question": f"older than {age}?",
                        "sql": gold,
                        "gold": gold,
                        "prefixKey": f"p{number}",
                        "rest": [{"text": f"{level} older than {age}? "}],
                        "inGrammar": True,
                        "level": level,
                    }
                )
    path.write_text("\n".join(json.dumps(line) for line in lines) + "\n", encoding="utf-8")
    return path


def age_of(prompt: Prompt) -> int:
    return int(prompt.id.rpartition("-")[2])


class MadeUpSampler:
    """Returns what ``answer`` says for a prompt, its texts in turn; how likely they were it does not know."""

    tempered = True

    def __init__(self, answer: Callable[[Prompt, random.Random], Sequence[str]]) -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.adapters: list[Path | None] = []
        self.closed = False

    def sample(
        self, prompts: Sequence[Prompt], *, n: int, temperature: float, max_tokens: int, seed: int, adapter: Path | None
    ) -> list[list[Sampled]]:
        self.asked.extend(prompt.id for prompt in prompts)
        # Known before the answers are made: they may follow from it.
        self.adapters.append(adapter)
        answered = []
        for prompt in prompts:
            texts = self.answer(prompt, random.Random(f"{seed}/{prompt.id}"))
            drawn = [texts[at % len(texts)] for at in range(n)] if texts else []
            answered.append([Sampled(text, drawn.count(text), math.nan) for text in dict.fromkeys(drawn)])
        return answered

    def close(self) -> None:
        self.closed = True


def mixed(prompt: Prompt, chance: random.Random) -> list[str]:
    """Answers of every kind, in an order of their own for each question."""
    texts = [text.format(age=age_of(prompt)) for text in ANSWERS]
    chance.shuffle(texts)
    return texts
