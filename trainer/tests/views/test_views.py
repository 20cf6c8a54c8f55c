"""Views say the same of one database; questions about schemas are read, mixed and scored. The prompts are those that `joinery export` writes."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from joinery_trainer.prompts.exported import Exported, GraphTask, read_exported
from joinery_trainer.rollouts.sampler import Sampled
from joinery_trainer.stages.errors import NO_DATA, StageError
from joinery_trainer.stages.events import read_events
from joinery_trainer.stages.views_settings import ViewsSettings
from joinery_trainer.views.ask import Score, ask_tasks, score
from joinery_trainer.views.decode import Relation, decode, schema_text, view_of
from joinery_trainer.views.mix import take_tasks
from joinery_trainer.views.report import figures_of, run_views, untold_tables

#: Written by the product's own tests.
PROMPTS = Path(__file__).parents[3] / "test" / "fixtures" / "prompts" / "views.jsonl"

TABLES = {
    "author": {"author_id", "name", "birth year"},
    "book": {"isbn", "title", "price"},
    "written": {"author_id", "isbn", "place"},
    "order": {"id", "isbn", "note"},
}
RELATIONS = {
    Relation("written", ("author_id",), "author", ("author_id",)),
    Relation("written", ("isbn",), "book", ("isbn",)),
    Relation("order", ("isbn",), "book", ("isbn",)),
}
VIEWS = {"ddl", "compact", "mSchema", "edges", "sentences", "joins"}


@pytest.fixture
def exported() -> Exported:
    return read_exported([PROMPTS])


def test_every_view_in_every_order_decodes_to_the_same_schema(exported: Exported) -> None:
    seen: Counter[str] = Counter()
    for prefix in exported.prefixes.values():
        found = decode(schema_text(prefix))
        seen[found.view] += 1
        if found.view != "joins":
            assert found.tables == {table: frozenset(columns) for table, columns in TABLES.items()}
        if found.view in ("edges", "sentences"):
            assert found.relations == {relation.without_parent_columns() for relation in RELATIONS}
        else:
            assert found.relations == RELATIONS
    assert set(seen) == VIEWS and all(count == 2 for count in seen.values())


@pytest.mark.parametrize(
    ("text", "view", "tables", "relations"),
    [
        ('CREATE TABLE "a b" (\n  "x, y" INT, -- 1, \'FOREIGN KEY (\'\n  PRIMARY KEY ("x, y", z)\n);', "ddl", {"a b": {"x, y"}}, set()),
        (
            "CREATE VIEW v (\n  a,\n  b INT,\n  FOREIGN KEY (a, b) REFERENCES t (c, d)\n);",
            "ddl",
            {"v": {"a", "b"}},
            {Relation("v", ("a", "b"), "t", ("c", "d"))},
        ),
        ('"a(b"(x pk, "y, z")', "compact", {"a(b": {"x", "y, z"}}, set()),
        ("a.x = b.y AND a.z = b.w [N:1]", "joins", {}, {Relation("a", ("x", "z"), "b", ("y", "w"))}),
        ("a b -has-> a b.c.d\na b -c.d+e-> f", "edges", {"a b": {"c.d"}}, {Relation("a b", ("c.d", "e"), "f")}),
        ("The table t has the columns a, b.", "sentences", {"t": {"a", "b"}}, set()),
        ("# Table: t\n[\n(a:TEXT, Examples: ['(b:']),\n(c:)\n]\n[Foreign keys]", "mSchema", {"t": {"a", "c"}}, set()),
    ],
)
def test_odd_names_and_values(text: str, view: str, tables: dict[str, set[str]], relations: set[Relation]) -> None:
    found = decode(text)
    assert (found.view, {table: set(columns) for table, columns in found.tables.items()}, set(found.relations)) == (view, tables, relations)


@pytest.mark.parametrize("text", ["", "SELECT 1", "hello"])
def test_what_is_no_view_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError, match="no view"):
        view_of(text)


def test_questions_about_schemas_are_read_and_answer_in_text(exported: Exported) -> None:
    assert len(exported.tasks) == 12
    assert {task.task for task in exported.tasks} == {"neighbours", "columns", "joinable", "bridge", "path", "home"}
    for task in exported.tasks:
        assert task.prefix_key in exported.prefixes and task.rest[-1].text.endswith("```text\n")
        assert decode(schema_text(exported.prefixes[task.prefix_key])).view != "joins"


def test_answers_of_neighbours_and_homes_follow_from_the_schema(exported: Exported) -> None:
    for task in exported.tasks:
        named = task.question.removesuffix("?").split()[-2 if task.task == "neighbours" else -1].strip('"')
        if task.task == "home":
            assert {name.strip('"') for name in task.answer.split(", ")} == {table for table, columns in TABLES.items() if named in columns}
        if task.task == "neighbours":
            near = {one.parent for one in RELATIONS if one.child == named} | {one.child for one in RELATIONS if one.parent == named}
            assert {name.strip('"') for name in task.answer.split(", ")} == near


@pytest.mark.parametrize(("pairs", "share", "expected"), [(36, 0.25, 12), (3, 0.25, 1), (30, 0.1, 3), (100, 0.0, 0), (0, 0.5, 0), (2, 0.9, 12)])
def test_tasks_are_no_more_than_their_share(exported: Exported, pairs: int, share: float, expected: int) -> None:
    taken = take_tasks(exported.tasks, pairs, share, seed=1)
    assert len(taken) == len({task.id for task in taken}) == expected
    assert len(taken) <= share * (pairs + len(taken)) + 1e-9
    assert taken == take_tasks(exported.tasks, pairs, share, seed=1)


@pytest.mark.parametrize("share", [-0.1, 1.0])
def test_another_share_is_refused(exported: Exported, share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        take_tasks(exported.tasks, 5, share, seed=1)


class KnowsHalf:
    tempered = False

    def __init__(self, tasks: tuple[GraphTask, ...]) -> None:
        self._answers = {task.id: task.answer if at % 2 else "nonsense" for at, task in enumerate(tasks)}

    def sample(self, prompts, *, n, temperature, max_tokens, seed, adapter):
        assert temperature == 0 and n == 1
        return [[Sampled(self._answers[prompt.id] + "\n```")] if prompt.id != prompts[0].id else [] for prompt in prompts]

    def close(self) -> None:
        pass


def test_scores_count_exact_answers_by_kind(exported: Exported) -> None:
    scores = ask_tasks(exported.tasks, exported.prefixes, KnowsHalf(exported.tasks))
    assert scores["all"] == Score(6, 12) and scores["all"].share == 0.5
    assert sum(one.asked for name, one in scores.items() if name != "all") == 12
    (task, *_) = exported.tasks
    assert [score([(task, text)])["all"].right for text in (f" {task.answer} ", f"{task.answer}\nmore", "", task.answer.upper() + "x")] == [
        1,
        1,
        0,
        0,
    ]
    assert score([]) == {} and Score(0, 0).share == 0


def test_figures_of_views(exported: Exported) -> None:
    figures = {one.view: one for one in figures_of(exported)}
    assert set(figures) == VIEWS
    assert figures["ddl"].against_ddl == 1 and figures["joins"].against_ddl is not None and figures["joins"].against_ddl < figures["ddl"].against_ddl
    assert all((one.prefixes, one.untold, one.pairs) == (2, 0, 4) for one in figures.values())
    pair = next(pair for pair in exported.pairs if pair.id.endswith("@ddl"))
    shown = decode(schema_text(exported.prefixes[pair.prefix_key]))
    assert untold_tables(replace(pair, sql="SELECT x FROM Elsewhere JOIN book ON 1 WHERE EXISTS(SELECT 1 FROM nowhere)"), shown) == {
        "elsewhere",
        "nowhere",
    }


FAKE = """
import json, sys
print(json.dumps({"kind": "ready"}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    answer = [{"text": "none", "count": 1, "logProbability": -1, "finish": "stop"}]
    print(json.dumps({"id": request["id"], "completions": answer}), flush=True)
"""


def test_the_stage_reports_and_asks(tmp_path: Path, exported: Exported) -> None:
    settings = ViewsSettings(out=tmp_path / "run", data=(PROMPTS,))
    assert "| ddl | 2 |" in run_views(settings, quiet=True).read_text()
    (tmp_path / "fake.py").write_text(FAKE)
    (tmp_path / "model.gguf").touch()
    asking = replace(settings, model=tmp_path / "model.gguf", joinery=(sys.executable, str(tmp_path / "fake.py")))
    right = sum(task.answer == "none" for task in exported.tasks)
    assert right > 0 and f"| all | {right} | 12 |" in run_views(asking, quiet=True).read_text()
    assert [event["kind"] for event in read_events(settings.out / "events.jsonl")] == ["done", "score", "done"]


def test_data_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    odd = tmp_path / "odd.jsonl"
    lines = [
        {"kind": "header", "format": 1, "promptVersion": "x", "template": "chatml"},
        {"kind": "prefix", "key": "p", "db": "d", "parts": [{"text": "user\nhi"}]},
    ]
    odd.write_text("\n".join(map(json.dumps, lines)))
    for data, message in [((odd,), "no view"), ((tmp_path / "absent",), "there is no")]:
        with pytest.raises(StageError, match=message) as caught:
            run_views(ViewsSettings(out=tmp_path / "run", data=data), quiet=True)
        assert caught.value.code == NO_DATA
