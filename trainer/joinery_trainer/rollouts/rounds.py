"""
A round: questions of the ladder's levels, answers from the sampler, rewards from the judge, and of them the groups that teach something. A group
whose rewards are all equal has no advantage to learn from; it is dropped and another question asked in its place, within limits. The same number
gives the same round. Imports without torch.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from joinery_trainer.prompts.exported import Exported, Part, PromptPair
from joinery_trainer.rollouts.ladder import Ladder, rank_of
from joinery_trainer.rollouts.rewarding import Rewarded, Rewarding
from joinery_trainer.rollouts.sampler import Prompt, Sampled, Sampler, expand
from joinery_trainer.stages.errors import NO_DATA, StageError

#: Rewards nearer to each other than this are equal: the length term alone is no reason to learn.
_EQUAL = 1e-3


@dataclass(frozen=True)
class Group:
    """A question with its answers and what each of them earned."""

    pair: PromptPair
    rank: int
    answers: tuple[Sampled, ...]
    earned: tuple[Rewarded, ...]

    @property
    def rewards(self) -> tuple[float, ...]:
        """One reward for each answer."""
        return tuple(one.reward for one in self.earned)

    @property
    def teaches(self) -> bool:
        """False when all rewards are equal."""
        return max(self.rewards) - min(self.rewards) > _EQUAL

    @property
    def is_usable(self) -> bool:
        """False when the question's own statement could not be run: its rewards say nothing."""
        return all(one.finding != "unusable" for one in self.earned)

    @property
    def success(self) -> float:
        """Share of the answers that are right."""
        return sum(one.finding == "match" for one in self.earned) / len(self.earned)


@dataclass(frozen=True)
class Round:
    """The groups to train on, and all that were asked for to find them."""

    groups: tuple[Group, ...]
    asked: tuple[Group, ...]
    #: Questions to which the sampler had no answer.
    unanswered: int

    @property
    def teaching(self) -> int:
        """Number of groups to train on that teach something; the others only fill the batch."""
        return sum(group.teaches for group in self.groups)


@dataclass(frozen=True)
class RoundPlan:
    """The size of a round."""

    groups: int
    #: Answers to each question.
    answers: int
    #: Groups that are asked for at most, as a multiple of ``groups``.
    tries: int
    #: Questions of one prefix that are drawn together, to stand in one row.
    together: int
    temperature: float
    max_tokens: int
    seed: int


class Rounds:
    """Makes rounds. ``share`` collects what every process of a distributed run has seen, so that all climb one ladder."""

    def __init__(
        self,
        plan: RoundPlan,
        exported: Exported,
        pairs: Sequence[PromptPair],
        sampler: Sampler,
        rewarding: Rewarding,
        ladder: Ladder,
        share: Callable[[list[tuple[int, float]]], Iterable[tuple[int, float]]] = lambda seen: seen,
    ) -> None:
        self._plan = plan
        self._prefixes = exported.prefixes
        self._sampler = sampler
        self._rewarding = rewarding
        self.ladder = ladder
        self.share = share
        self._by_rank: dict[int, list[PromptPair]] = {}
        for pair in pairs:
            self._by_rank.setdefault(rank_of(pair.level, pair.gold), []).append(pair)
        self._rank = {pair.id: rank for rank, members in self._by_rank.items() for pair in members}

    def make(self, number: int, adapter: Path | None, process: int = 0) -> Round:
        """Return round ``number`` for the ``process``-th process. Raises StageError when no question was answered at all."""
        chance = random.Random(f"{self._plan.seed}/{number}/{process}")
        questions = self._questions(chance)
        kept: list[Group] = []
        asked: list[Group] = []
        requested = 0
        while len(kept) < self._plan.groups and requested < self._plan.groups * self._plan.tries:
            wanted = [pair for _, pair in zip(range(self._plan.groups - len(kept)), questions, strict=False)]
            if not wanted:
                break
            requested += len(wanted)
            found = self._groups(wanted, adapter, chance.getrandbits(31), number)
            asked.extend(found)
            kept.extend(group for group in found if group.teaches)
        if not asked:
            raise StageError("the model answered none of the questions; see sampler.log in the run folder", NO_DATA)
        for rank, success in self.share([(group.rank, group.success) for group in asked if group.is_usable]):
            self.ladder.observe(rank, success)
        return Round(self._filled(kept, asked), tuple(asked), requested - len(asked))

    def prefix_of(self, pair: PromptPair) -> tuple[Part, ...]:
        """Return what the prompt of a question begins with."""
        return self._prefixes[pair.prefix_key]

    def _filled(self, kept: Sequence[Group], asked: Sequence[Group]) -> tuple[Group, ...]:
        """A batch has a fixed size: what is missing is made up with groups that move nothing. Groups of one prefix stand side by side."""
        spare = [group for group in asked if not group.teaches] or list(kept)
        filled = [*kept[: self._plan.groups], *(spare[at % len(spare)] for at in range(self._plan.groups - len(kept)))]
        return tuple(sorted(filled, key=lambda group: group.pair.prefix_key))

    def _questions(self, chance: random.Random) -> Iterator[PromptPair]:
        """Yield distinct questions: half of the newest level, the rest of those below it, a few of one prefix after each other."""
        left = {rank: sorted(members, key=lambda pair: pair.id) for rank, members in self._by_rank.items() if rank in self.ladder.open}
        while left:
            lower = [rank for rank in left if rank != self.ladder.top]
            rank = self.ladder.top if self.ladder.top in left and (not lower or chance.random() < 0.5) else chance.choice(lower)
            first = chance.choice(left[rank])
            same = [pair for pair in left[rank] if pair.prefix_key == first.prefix_key and pair is not first]
            drawn = [first, *chance.sample(same, min(len(same), self._plan.together - 1))]
            taken = {pair.id for pair in drawn}
            left[rank] = [pair for pair in left[rank] if pair.id not in taken]
            if not left[rank]:
                del left[rank]
            yield from drawn

    def _groups(self, pairs: Sequence[PromptPair], adapter: Path | None, seed: int, number: int) -> list[Group]:
        plan = self._plan
        prompts = [Prompt(pair.id, pair.prefix_key, self._prefixes[pair.prefix_key], pair.rest) for pair in pairs]
        drawn = self._sampler.sample(prompts, n=plan.answers, temperature=plan.temperature, max_tokens=plan.max_tokens, seed=seed, adapter=adapter)
        groups: list[Group] = []
        for pair, sampled in zip(pairs, drawn, strict=True):
            answers = expand(sampled, plan.answers)
            if answers:
                groups.append(Group(pair, self._rank[pair.id], tuple(answers), self._rewarding.reward(pair, answers, number)))
        return groups
