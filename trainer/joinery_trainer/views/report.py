"""
The stage `views`: reads exported prompts back and reports, per view, what it costs against DDL and whether everything a statement needs is told;
with a model, also how many questions about schemas it answers right. Imports without torch.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from sqlglot import exp

from joinery_trainer.prompts.exported import Exported, Part, PromptPair, read_exported
from joinery_trainer.rollouts.joinery_sampler import JoinerySampler
from joinery_trainer.sql.clauses import parse
from joinery_trainer.stages.errors import NO_DATA, StageError
from joinery_trainer.stages.events import Events
from joinery_trainer.stages.views_settings import ViewsSettings
from joinery_trainer.views.ask import Score, ask_tasks
from joinery_trainer.views.decode import Decoded, decode, schema_text


@dataclass(frozen=True)
class ViewFigures:
    """What one view comes to."""

    view: str
    prefixes: int
    #: Characters of a schema, on average.
    characters: float
    #: Length against the DDL of the same databases; None where they are not there in DDL.
    against_ddl: float | None
    pairs: int
    #: Pairs of which a table that the statement reads is not told.
    untold: int


def run_views(settings: ViewsSettings, *, resume: bool = False, quiet: bool = False) -> Path:
    """Write ``out/views.md`` and return its path; always afresh. Raises StageError for data that cannot be read."""
    events = Events(settings.out, "views", quiet=quiet)
    exported = _read(settings.data)
    figures = figures_of(exported)
    text = table_of(figures)
    if settings.model is not None and exported.tasks:
        scores = _ask(settings, exported)
        text += "\n" + scores_of(scores)
        values = {name: {"right": one.right, "asked": one.asked} for name, one in scores.items()}
        events.tell("score", values, f"{scores['all'].right} of {scores['all'].asked} questions about schemas right")
    file = settings.out / "views.md"
    file.write_text(text, encoding="utf-8")
    untold = sum(one.untold for one in figures)
    events.tell("done", {"views": [one.view for one in figures], "untold": untold}, f"{len(figures)} views; the report is in {file}")
    return file


def figures_of(exported: Exported) -> list[ViewFigures]:
    """Return the figures of each view, by name. Raises ValueError for a prefix in no view."""
    decoded = {key: decode(schema_text(prefix)) for key, prefix in exported.prefixes.items()}
    pairs: dict[str, list[PromptPair]] = defaultdict(list)
    lengths: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    counted: set[str] = set()
    for one in (*exported.pairs, *exported.tasks):
        view = decoded[one.prefix_key].view
        if isinstance(one, PromptPair):
            pairs[view].append(one)
        if one.prefix_key not in counted:
            counted.add(one.prefix_key)
            lengths[view][one.db].append(len(schema_text(exported.prefixes[one.prefix_key])))
    return [_figures(view, by_db, lengths.get("ddl", {}), pairs[view], decoded) for view, by_db in sorted(lengths.items())]


def _figures(
    view: str,
    by_db: Mapping[str, Sequence[int]],
    in_ddl: Mapping[str, Sequence[int]],
    pairs: Sequence[PromptPair],
    decoded: Mapping[str, Decoded],
) -> ViewFigures:
    both = [db for db in by_db if db in in_ddl]
    ratio = mean(mean(by_db[db]) / mean(in_ddl[db]) for db in both) if both else None
    untold = sum(bool(untold_tables(pair, decoded[pair.prefix_key])) for pair in pairs)
    every = [length for lengths in by_db.values() for length in lengths]
    return ViewFigures(view, len(every), mean(every), ratio, len(pairs), untold)


def untold_tables(pair: PromptPair, shown: Decoded) -> set[str]:
    """Return the tables, in lower case, that the pair's statement reads and that neither the prefix nor the question's part names."""
    statement = parse(pair.sql)
    if statement is None or shown.view == "joins":
        return set()
    own = {cte.alias.lower() for cte in statement.find_all(exp.CTE)}
    read = {table.name.lower() for table in statement.find_all(exp.Table)} - own
    rest = "".join(part.text for part in pair.rest).lower()
    return {name for name in read - {table.lower() for table in shown.tables} if name not in rest}


def table_of(figures: Sequence[ViewFigures]) -> str:
    """Return the figures as a Markdown table."""
    lines = ["| view | schemas | characters | against DDL | pairs | a table untold |", "|---|---|---|---|---|---|"]
    for one in figures:
        ratio = f"{one.against_ddl:.2f}" if one.against_ddl is not None else ""
        lines.append(f"| {one.view} | {one.prefixes} | {one.characters:.0f} | {ratio} | {one.pairs} | {one.untold} |")
    return "\n".join(lines) + "\n"


def scores_of(scores: Mapping[str, Score]) -> str:
    """Return the scores as a Markdown table."""
    lines = ["| question | right | asked | share |", "|---|---|---|---|"]
    lines += [f"| {name} | {one.right} | {one.asked} | {one.share:.1%} |" for name, one in scores.items()]
    return "\n".join(lines) + "\n"


def _ask(settings: ViewsSettings, exported: Exported) -> dict[str, Score]:
    tasks = random.Random(settings.seed).sample(list(exported.tasks), min(settings.questions, len(exported.tasks)))
    prefixes: Mapping[str, tuple[Part, ...]] = exported.prefixes
    model = settings.model
    if model is None:
        return {}
    sampler = JoinerySampler(settings.joinery, model, threads=settings.threads, log=settings.out / "model.log", stop=("\n",))
    try:
        return ask_tasks(sorted(tasks, key=lambda task: task.prefix_key), prefixes, sampler, adapter=settings.adapter)
    finally:
        sampler.close()


def _read(paths: Sequence[Path]) -> Exported:
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise StageError(f"there is no {', '.join(missing)}; `joinery export` writes it", NO_DATA)
    try:
        exported = read_exported(paths)
        for prefix in exported.prefixes.values():
            decode(schema_text(prefix))
    except ValueError as error:
        raise StageError(f"the data cannot be read: {error}", NO_DATA) from error
    return exported
