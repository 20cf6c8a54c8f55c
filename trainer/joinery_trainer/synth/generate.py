"""Pairs of question and SQL for any database, without a model: templates filled from the schema graph, filtered, run, and made distinct.

Template augmentation as in SyntaxSQLNet (https://arxiv.org/abs/1810.05237) and CodeS (https://arxiv.org/abs/2402.16347). Every statement has run on
the database; empty results are kept to a small, labelled share.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from joinery_trainer.data.pairs import Pair
from joinery_trainer.sql.clauses import canonical, skeleton, table_count
from joinery_trainer.sql.results import same_rows
from joinery_trainer.sql.sandbox import Limits, run_select
from joinery_trainer.synth.library import CONSTRUCTS, TEMPLATES
from joinery_trainer.synth.maker import Maker, NoFit
from joinery_trainer.synth.registers import say
from joinery_trainer.synth.registry import Draft, Level, Template
from joinery_trainer.synth.schema import Join, Schema, read_schema
from joinery_trainer.synth.triviality import trivial_reason

_LIMITS = Limits(seconds=2, rows=2_000)
#: Draws per wanted pair before a poor schema is given up.
_PATIENCE = 24
#: Draws from one difficulty before another one is drawn.
_TRIES = 6
#: Weight of templates that join, against 1 of others.
_JOINED = 1.5
_FIRST_ROWS = re.compile(r"SELECT (?!DISTINCT)(.* ORDER BY (.*) (?:ASC|DESC) LIMIT) (\d+)$")


@dataclass(frozen=True)
class Request:
    """What is wanted of one database."""

    pairs: int = 1_000
    seed: int = 1
    #: Most pairs with the same statement but for literals.
    repeats: int = 3
    #: Largest share 0..1 of pairs whose result is empty.
    empty: float = 0.05
    #: Shares of difficulty; they need not add up to 1.
    levels: tuple[tuple[Level, float], ...] = (("easy", 0.2), ("medium", 0.35), ("hard", 0.3), ("extra", 0.15))
    #: Names of the templates that may be used; None is all. A template that training never saw measures more than a new filling of a known one.
    templates: frozenset[str] | None = None


@dataclass(frozen=True)
class Synthesis:
    """Pairs, and what became of all draws."""

    pairs: list[Pair]
    #: Ids of pairs whose result is empty.
    empty: frozenset[str]
    skeletons: int
    multi_table: float
    refused: Counter[str]


def synthesise(database: Path, request: Request = Request(), relations: Iterable[Join] = ()) -> Synthesis:
    """Return up to ``request.pairs`` pairs; fewer where the schema gives no more. The same seed gives the same pairs."""
    return _Synthesiser(read_schema(database, relations), request).run()


class _Synthesiser:
    def __init__(self, schema: Schema, request: Request) -> None:
        self._schema = schema
        self._request = request
        self._chance = random.Random(request.seed)
        self._templates = {level: [one for one in known if _may(request, one)] for level, known in TEMPLATES.items()}
        self._maker = Maker(schema, self._chance)
        self._masked: Counter[str] = Counter()
        self._seen: set[str] = set()
        self._refused: Counter[str] = Counter()
        self._pairs: list[Pair] = []
        self._empty: set[str] = set()

    def run(self) -> Synthesis:
        names = [level for level, _ in self._request.levels if self._templates[level]]
        weights = [weight for level, weight in self._request.levels if self._templates[level]]
        for _ in range(self._request.pairs * _PATIENCE // _TRIES):
            if len(self._pairs) >= self._request.pairs or not self._schema.tables or not names:
                break
            self._try(self._chance.choices(names, weights)[0])
        shapes = {skeleton(pair.sql) for pair in self._pairs}
        several = sum(table_count(pair.sql) > 1 for pair in self._pairs)
        share = several / len(self._pairs) if self._pairs else 0.0
        return Synthesis(self._pairs, frozenset(self._empty), len(shapes), share, self._refused)

    def _try(self, level: Level) -> None:
        """Add a pair of the level: what does not fit is tried again, lest the easy ones, which always fit, crowd out the others."""
        weights = [_JOINED if "join" in CONSTRUCTS[template.__name__] else 1.0 for template in self._templates[level]]
        before = len(self._pairs)
        for _ in range(_TRIES):
            template = self._chance.choices(self._templates[level], weights)[0]
            draft = self._draw(template)
            if draft is not None:
                self._take(draft, level, template.__name__)
            if len(self._pairs) > before:
                return

    def _draw(self, template: Template) -> Draft | None:
        try:
            return template(self._maker)
        except NoFit:
            self._refused["no fit"] += 1
            return None

    def _take(self, draft: Draft, level: Level, template: str) -> None:
        reason = self._refuse(draft.sql)
        if reason:
            self._refused[reason] += 1
            return
        outcome = run_select(self._schema.database, draft.sql, _LIMITS)
        if not outcome.ran:
            self._refused[f"does not run: {outcome.status}"] += 1
            return
        # Nothing found and none counted say the same: any statement that is wrong enough gives it as well.
        is_empty = all(value is None for row in outcome.rows for value in row) or outcome.rows == ((0,),)
        if is_empty and len(self._empty) >= self._request.empty * (len(self._pairs) + 1):
            self._refused["empty"] += 1
            return
        if self._has_tie(draft.sql):
            self._refused["a tie at the limit"] += 1
            return
        again = run_select(self._schema.database, draft.sql, _LIMITS)
        if not same_rows(outcome.rows, again.rows, ordered=False):
            self._refused["unstable"] += 1
            return
        self._add(draft, level, template, is_empty=is_empty)

    def _has_tie(self, sql: str) -> bool:
        """Return whether the row behind the limit is as good as the last one shown, so that another answer would be as right."""
        found = _FIRST_ROWS.match(sql)
        if found is None:
            return False
        rest, by, count = found.groups()
        rows = run_select(self._schema.database, f"SELECT {by}, {rest} {int(count) + 1}", _LIMITS).rows
        return len(rows) > int(count) and rows[-1][0] == rows[-2][0]

    def _refuse(self, sql: str) -> str:
        form = canonical(sql)
        if form is None:
            return "does not parse"
        if form in self._seen:
            return "twin"
        masked = canonical(sql, mask_literals=True) or ""
        if self._masked[masked] >= self._request.repeats:
            return "same but for literals"
        reason = trivial_reason(sql, self._schema)
        if not reason:
            self._seen.add(form)
            self._masked[masked] += 1
        return reason

    def _add(self, draft: Draft, level: Level, template: str, *, is_empty: bool) -> None:
        name = self._schema.database.stem
        identity = f"{name}-{len(self._pairs):05}"
        question = say(draft, self._chance)
        self._pairs.append(Pair(identity, name, self._schema.database, question, draft.sql, f"synthesis:{template}", level=level))
        if is_empty:
            self._empty.add(identity)


def _may(request: Request, template: Template) -> bool:
    return request.templates is None or template.__name__ in request.templates
