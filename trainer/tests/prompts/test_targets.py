"""The three targets: what is read of them, what the model is to write, and which tokens of a row are learnt."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from joinery_trainer.packing.rows import Example, make_row, pack
from joinery_trainer.prompts.exported import Part, PromptPair, Target, encode_parts, read_exported
from joinery_trainer.prompts.targets import PLAN_TOKENS, encode_target
from tests.exports import write_export

#: Statements and what is written for them where plans are asked for.
ANSWERS = Path(__file__).parents[3] / "test" / "fixtures" / "prompts" / "plannedAnswers.jsonl"


class WordTokenizer:
    """Tokens of words, signs and line ends, as a real tokenizer splits; what it gave out it can say again."""

    def __init__(self) -> None:
        self.known: list[str] = []

    def encode(self, text: str, **options: object) -> list[int]:
        pieces = re.findall(r"\n| ?\w+| |[^\w\s]", text)
        assert "".join(pieces) == text
        return [self._number(piece) for piece in pieces]

    def convert_tokens_to_ids(self, tokens: str) -> int:
        return self._number(f"[{tokens}]")

    def decode(self, tokens: tuple[int, ...] | list[int]) -> str:
        return "".join(self.known[token] for token in tokens)

    def _number(self, piece: str) -> int:
        if piece not in self.known:
            self.known.append(piece)
        return self.known.index(piece)


def pair_of(sql: str, pair_id: str = "a") -> PromptPair:
    rest = (Part(f"\nQuestion {pair_id}?"), Part("<|im_end|>", special=True), Part("assistant\n### Plan\n"))
    return PromptPair(pair_id, "db", Path("db.sqlite"), "?", sql, sql, "p", rest, in_grammar=True)


def random_sql(chance: random.Random) -> str:
    sql = f"SELECT x, y FROM t JOIN u ON t.id = u.t WHERE x > {chance.randrange(90)}"
    if chance.random() < 0.5:
        sql += f" AND y IN (SELECT z FROM v WHERE w = 'text {chance.randrange(90)}; and `more`')"
    if chance.random() < 0.5:
        sql += f" ORDER BY x DESC LIMIT {chance.randrange(1, 9)}"
    return sql


@pytest.mark.parametrize("target", ["sql", "think", "ir"])
def test_of_a_hundred_samples_the_answer_is_learnt_whole_and_nothing_else(target: Target) -> None:
    chance = random.Random(7)
    tokenizer = WordTokenizer()
    pairs = [pair_of(random_sql(chance), f"q{at}") for at in range(100)]
    examples = []
    for pair in pairs:
        answer = encode_target(tokenizer, pair, target)
        assert answer is not None
        examples.append(Example(pair.id, "p", tuple(encode_parts(tokenizer, pair.rest)), (tuple(answer),)))
    prefix = tokenizer.encode("CREATE TABLE t (x INT);\n")
    packed = pack(examples, {"p": prefix}, max_tokens=2_000, max_examples=16, seed=1)
    assert not packed.too_long
    seen = set()
    for row in packed.rows:
        for span, key in zip(row.spans, row.keys, strict=True):
            text = tokenizer.decode(span.tokens)
            assert span.is_target == (key not in ("prefix",) and not key.endswith("/question"))
            if not span.is_target:
                assert "SELECT" not in text
                continue
            pair = next(pair for pair in pairs if key == f"{pair.id}/0")
            plan, _, statement = text.rpartition("```sql\n") if target == "think" else ("", "", text)
            assert statement == f"{pair.sql};\n```"
            assert (plan != "") == (target == "think")
            if plan:
                assert plan.startswith("1. ") and plan.endswith("?\n") and not set(";`") & set(plan)
                assert len(tokenizer.encode(plan)) <= PLAN_TOKENS + 1
            assert tokenizer.decode(row.spans[span.parent].tokens).endswith("### Plan\n")
            seen.add(pair.id)
    assert len(seen) == 100


def test_a_long_plan_is_said_shortly_and_a_longer_one_is_none() -> None:
    tokenizer = WordTokenizer()
    conditions = [f"column_{at} = {at}" for at in range(60)]
    lengths = {}
    for count in (3, 14, 60):
        answer = encode_target(tokenizer, pair_of(f"SELECT x FROM t WHERE {' AND '.join(conditions[:count])}"), "think")
        lengths[count] = None if answer is None else tokenizer.decode(answer).split("\n```sql")[0].count("\n") + 1
    assert lengths == {3: 4, 14: 1, 60: None}


def test_answers_are_those_that_the_product_reads() -> None:
    """The same file is read by the product's tests: its grammar takes these answers, and it finds their statements."""
    lines = [json.loads(line) for line in ANSWERS.read_text(encoding="utf-8").splitlines()]
    assert len(lines) >= 7
    for line in lines:
        tokenizer = WordTokenizer()
        answer = encode_target(tokenizer, pair_of(line["sql"]), "think")
        assert answer is not None and tokenizer.decode(answer) == line["answer"]


def test_a_statement_that_does_not_parse_has_no_plan_but_is_a_statement() -> None:
    pair = pair_of("SELECT FROM WHERE (")
    assert encode_target(WordTokenizer(), pair, "think") is None
    assert encode_target(WordTokenizer(), pair, "sql") is not None


def test_the_header_says_the_target_and_old_files_mean_sql(tmp_path: Path) -> None:
    old = write_export(tmp_path / "old.jsonl", ["a"], 1)
    assert read_exported([old]).target == "sql"
    for target in ("sql", "think", "ir"):
        assert read_exported([write_export(tmp_path / f"{target}.jsonl", ["a"], 1, target=target)]).target == target
    with pytest.raises(ValueError, match="target are needed"):
        read_exported([old, tmp_path / "ir.jsonl"])
    with pytest.raises(ValueError, match="'poem' is unknown"):
        read_exported([write_export(tmp_path / "poem.jsonl", ["a"], 1, target="poem")])


def test_a_row_holds_answers_of_one_question_as_siblings() -> None:
    tokenizer = WordTokenizer()
    pair = pair_of("SELECT x FROM t")
    answers = tuple(tuple(encode_target(tokenizer, pair, target) or []) for target in ("sql", "think"))
    row = make_row(tokenizer.encode("schema"), [Example(pair.id, "p", tuple(encode_parts(tokenizer, pair.rest)), answers)])
    assert [span.parent for span in row.spans if span.is_target] == [1, 1]
