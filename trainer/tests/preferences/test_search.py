"""A search with a scripted proposer: only progress is gone on from, limits hold, and siblings at one prefix become preferences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from joinery_trainer.decompose.tree import Tree, tree_of
from joinery_trainer.preferences.proposer import ModelProposer
from joinery_trainer.preferences.search import Found, SearchLimits, search
from joinery_trainer.preferences.trial import Trial
from joinery_trainer.prompts.exported import Part, PromptPair
from joinery_trainer.rollouts.sampler import Prompt, Sampled
from joinery_trainer.stages.errors import StageError

GOLD = "SELECT name FROM singer WHERE age > 30 AND country = 'France' ORDER BY age DESC"
NAMES = "SELECT name FROM singer"
OVER_30 = "SELECT name FROM singer WHERE age > 30"
FRENCH = "SELECT name FROM singer WHERE age > 30 AND country = 'France'"


class Script:
    """Proposes what it is told for each beginning, and remembers what it was asked."""

    def __init__(self, answers: Mapping[str, Sequence[str]], otherwise: Sequence[str] = ()) -> None:
        self._answers = answers
        self._otherwise = otherwise
        self.asked: list[str] = []

    def propose(self, pair: PromptPair, begun: str, count: int) -> list[str]:
        self.asked.append(begun)
        return list(self._answers.get(begun, self._otherwise))[:count]


def pair_of(database: Path, sql: str = GOLD) -> PromptPair:
    return PromptPair("p", "concerts", database, "?", sql, sql, "key", (Part("Q"), Part("<end>", special=True), Part("```sql\n")), True)


def run(database: Path, script: Script, limits: SearchLimits = SearchLimits(), gold: str = GOLD) -> tuple[Found, Counter[str]]:  # noqa: B008
    tally: Counter[str] = Counter()
    return search(pair_of(database, gold), script, Trial(database, gold, tally), limits, tally), tally


def reward(sql: str) -> float:
    tree, gold = tree_of(sql), tree_of(GOLD)
    assert tree is not None and gold is not None
    return tree.similarity(gold)


def test_siblings_at_one_prefix_become_preferences_with_the_difference_of_r(database: Path) -> None:
    script = Script({"": [GOLD, "SELECT country FROM singer", "SELECT DISTINCT name FROM singer WHERE age > 30"], NAMES: [GOLD, NAMES + " LIMIT 1"]})
    found, _ = run(database, script)
    at_start = {one.rejected: one for one in found.preferences if one.prefix == ""}
    assert set(at_start) == {"SELECT country FROM singer"}  # the other returns the same rows as the step that is right
    one = at_start["SELECT country FROM singer"]
    assert (one.chosen, one.kind, one.source) == (NAMES, "step", "model") and one.margin == pytest.approx(reward(NAMES))
    (limited,) = [one for one in found.preferences if one.rejected == " LIMIT 1"]
    assert (limited.prefix, limited.chosen) == (NAMES, " WHERE age > 30")
    assert limited.margin == pytest.approx(reward(OVER_30) - reward(NAMES))


def test_only_progress_is_gone_on_from_and_the_gold_is_reached(database: Path) -> None:
    answers = {"": ["SELECT country FROM singer WHERE age > 30", OVER_30], NAMES: [OVER_30], OVER_30: [FRENCH, OVER_30], FRENCH: [GOLD]}
    script = Script(answers)
    found, tally = run(database, script)
    assert script.asked == ["", NAMES, OVER_30, FRENCH] and tally["asked"] == 4
    assert found.solved and tally["solved by the model"] == 1
    early = [one for one in found.preferences if one.rejected == ";"]
    assert [(one.prefix, one.chosen) for one in early] == [(OVER_30, " AND country = 'France'")]
    assert set(found.statements) == {"SELECT country FROM singer WHERE age > 30", OVER_30, FRENCH, GOLD}


def test_where_the_model_finds_nothing_right_the_golds_own_step_leads_on(database: Path) -> None:
    wrong = ["SELECT country FROM singer", "SELECT title FROM concert", NAMES + " LIMIT 1", NAMES, OVER_30 + " OR country = 'USA'", GOLD + " LIMIT 1"]

    class Wrong:
        def __init__(self) -> None:
            self.asked: list[str] = []

        def propose(self, pair: PromptPair, begun: str, count: int) -> list[str]:
            self.asked.append(begun)
            return [text for text in wrong if text.startswith(begun) and (begun or text in wrong[:2])]

    script = Wrong()
    found, _ = run(database, script)  # type: ignore[arg-type]
    assert script.asked == ["", NAMES, OVER_30, FRENCH] and not found.solved
    assert {(one.prefix, one.chosen, one.rejected) for one in found.preferences} == {
        ("", NAMES, "SELECT country FROM singer"),
        ("", NAMES, "SELECT title FROM concert"),
        (NAMES, " WHERE age > 30", " LIMIT 1"),
        (NAMES, " WHERE age > 30", ";"),
        (OVER_30, " AND country = 'France'", " OR country = 'USA'"),
    }


def test_progress_that_covers_less_is_worse_than_progress_that_covers_more(database: Path) -> None:
    gold = "SELECT singer.name FROM singer JOIN singer_in_concert ON singer_in_concert.singer_id = singer.singer_id WHERE singer.age > 30"
    less = "SELECT singer.name FROM singer WHERE singer.age > 30"
    joined = gold.removesuffix(" WHERE singer.age > 30")
    found, _ = run(database, Script({"": [gold], "SELECT singer.name FROM singer": [less, gold]}), gold=gold)
    (one,) = [one for one in found.preferences if one.prefix == "SELECT singer.name FROM singer"]
    assert one.prefix + one.chosen == joined and one.rejected == " WHERE singer.age > 30" and 0 < one.margin < 1


def test_limits_hold(database: Path) -> None:
    answers = {"": [GOLD], NAMES: [GOLD], OVER_30: [GOLD], FRENCH: [GOLD]}
    for limits, asked in [
        (SearchLimits(simulations=2), ["", NAMES]),
        (SearchLimits(depth=1), [""]),
        (SearchLimits(depth=2), ["", NAMES]),
        (SearchLimits(simulations=99, depth=99), ["", NAMES, OVER_30, FRENCH]),
    ]:
        script = Script(answers)
        run(database, script, limits)
        assert script.asked == asked
    tally: Counter[str] = Counter()
    script = Script(answers)
    calls = iter([False, True])
    search(pair_of(database), script, Trial(database, GOLD, tally), SearchLimits(), tally, lambda: next(calls))
    assert script.asked == [""]


def test_the_bound_weighs_what_is_good_against_what_was_seldom_tried(database: Path) -> None:
    tail = " WHERE age > 30 AND country = 'France' AND singer_id < 9 ORDER BY age LIMIT 3"
    both, one = "SELECT name, age FROM singer", "SELECT age FROM singer"

    class Two:
        def __init__(self) -> None:
            self.asked: list[str] = []

        def propose(self, pair: PromptPair, begun: str, count: int) -> list[str]:
            self.asked.append(begun)
            return [start + tail for start in (both, one) if start.startswith(begun) or begun.startswith(start)]

    asked = {}
    for exploration in (0.0, 1.41, 50.0):
        script = Two()
        run(database, script, SearchLimits(simulations=6, depth=9, exploration=exploration), both + tail)  # type: ignore[arg-type]
        asked[exploration] = [begun.startswith(one) for begun in script.asked[1:]]
    assert asked[0.0] == [False, True, False, False, False]  # what was never tried comes first, then what is best
    assert asked[50.0] == [False, True, False, True, False]  # all by turns
    assert sum(asked[1.41]) == 2


def test_nonsense_is_survived(database: Path) -> None:
    for answers in ([], ["garbage ("], ["DROP TABLE singer"], [""], ["SELECT absent FROM nowhere"], ["SELECT name FROM singer WHERE"]):
        found, tally = run(database, Script({}, answers))
        assert found.preferences == () and not found.solved and tally["asked"] == 4  # at each beginning of the gold
    found, tally = run(database, Script({}, [GOLD]), gold="SELECT name FROM singer WHERE age > 100")
    assert (found.preferences, tally["asked"]) == ((), 0)  # nothing can be told from an empty result


class OneSampler:
    tempered = False

    def __init__(self, answers: Sequence[Sampled] | None) -> None:
        self.answers = answers
        self.prompts: list[Prompt] = []

    def sample(
        self, prompts: Sequence[Prompt], *, n: int, temperature: float, max_tokens: int, seed: int, adapter: Path | None
    ) -> list[list[Sampled]]:
        self.prompts.extend(prompts)
        if self.answers is None:
            raise StageError("the model process answers nothing")
        return [list(self.answers) for _ in prompts]

    def close(self) -> None:
        pass


def test_a_model_is_asked_with_the_begun_statement_at_the_end_of_its_prompt(database: Path) -> None:
    sampler = OneSampler([Sampled(" WHERE age > 3", 2), Sampled(" LIMIT 1;", 1), Sampled(" ORDER BY", 1, finished=False)])
    proposer = ModelProposer(sampler, {"key": (Part("schema"),)}, temperature=1.0, max_tokens=9, seed=1)
    assert proposer.propose(pair_of(database), NAMES, 4) == [f"{NAMES} WHERE age > 3", f"{NAMES} LIMIT 1"]
    (prompt,) = sampler.prompts
    assert prompt.prefix == (Part("schema"),)
    assert prompt.rest == (Part("Q"), Part("<end>", special=True), Part(f"```sql\n{NAMES}"))
    assert proposer.propose(pair_of(database), "", 4) == ["WHERE age > 3", "LIMIT 1"]
    assert sampler.prompts[-1].rest == pair_of(database).rest


def test_a_sampler_that_refuses_once_is_forgiven_and_one_that_refuses_always_is_not(database: Path) -> None:
    proposer = ModelProposer(OneSampler(None), {"key": ()}, temperature=1.0, max_tokens=9, seed=1)
    assert [proposer.propose(pair_of(database), "", 4) for _ in range(2)] == [[], []]
    with pytest.raises(StageError):
        proposer.propose(pair_of(database), "", 4)
    assert tree_of("") is None and Tree() <= Tree()
