"""
A search with a model as proposer (LearNAT's decomposition, with several children instead of one): from each beginning that is a part of the gold the
model goes on, its next step is Progress, Redundant or Invalid by the gold's tree, and only Progress is gone on from; where the model finds none, from
the gold's own step. Every such beginning gives preferences between its children; whole answers that return other rows than the gold do, too.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from joinery_trainer.decompose.tree import Kind, Tree, tree_of
from joinery_trainer.preferences.preference import Preference
from joinery_trainer.preferences.proposer import Proposer
from joinery_trainer.preferences.steps import State, at_state, beginnings, states_of, value_of
from joinery_trainer.preferences.surface import surface
from joinery_trainer.preferences.trial import Trial
from joinery_trainer.prompts.exported import PromptPair
from joinery_trainer.sql.clauses import parse


@dataclass(frozen=True)
class SearchLimits:
    """How far a search goes."""

    #: Continuations asked for at each beginning.
    children: int = 3
    #: Steps from the start at most.
    depth: int = 6
    #: Beginnings gone on from, at most.
    simulations: int = 8
    #: UCB's weight of what was seldom tried.
    exploration: float = 1.41


@dataclass
class Node:
    """A beginning that a writer may have reached. Only Progress has nodes of its own below it."""

    state: State | None
    kind: Kind = "progress"
    #: The model ended its answer here.
    ended: bool = False
    #: The gold led here, not the model alone.
    guided: bool = False
    depth: int = 0
    children: list[Node] = field(default_factory=list)
    visits: int = 0
    total: float = 0.0
    #: Nothing is left to be found below.
    closed: bool = False

    @property
    def sql(self) -> str:
        """Return its text; '' at the root."""
        return self.state.sql if self.state is not None else ""


@dataclass(frozen=True)
class Found:
    """What a search brought."""

    preferences: tuple[Preference, ...]
    #: Whole statements that the model wrote, in the product's style.
    statements: tuple[str, ...]
    #: A chain of the model's own Progress steps reached a statement that covers the gold and returns its rows.
    solved: bool


def search(
    pair: PromptPair,
    proposer: Proposer,
    trial: Trial,
    limits: SearchLimits,
    tally: Counter[str],
    is_over: Callable[[], bool] = lambda: False,
) -> Found:
    """Search for steps of one pair. ``is_over`` is asked before each call of the proposer and ends the search early."""
    return _Search(pair, proposer, trial, limits, tally).run(is_over)


class _Search:
    def __init__(self, pair: PromptPair, proposer: Proposer, trial: Trial, limits: SearchLimits, tally: Counter[str]) -> None:
        self._pair = pair
        self._proposer = proposer
        self._trial = trial
        self._limits = limits
        self._tally = tally
        self._gold = tree_of(pair.sql) or Tree()
        golden = states_of(pair.sql, trial) if self._gold.nodes and trial.usable else []
        #: The gold's next state after each of its beginnings.
        self._after = dict(zip(["", *(state.sql for state in golden)], golden, strict=False))
        self._root = Node(None)
        self._statements: dict[str, None] = {}
        self._solved = False

    def run(self, is_over: Callable[[], bool]) -> Found:
        if self._gold.nodes and self._trial.usable:
            for _ in range(self._limits.simulations):
                if self._root.closed or is_over():
                    break
                self._simulate()
        self._tally["solved by the model" if self._solved else "not solved by the model"] += 1
        return Found(tuple(self._preferences()), tuple(self._statements), self._solved)

    def _simulate(self) -> None:
        way = [self._root]
        while way[-1].children and (open_children := [child for child in way[-1].children if not child.closed]):
            way.append(max(open_children, key=lambda child: self._bound(child, way[-1])))
        value = self._expand(way[-1])
        for node in reversed(way):
            node.visits += 1
            node.total += value
            node.closed = node.closed or (bool(node.children) and all(child.closed for child in node.children))

    def _bound(self, child: Node, parent: Node) -> float:
        if child.visits == 0:
            return math.inf
        return child.total / child.visits + self._limits.exploration * math.sqrt(math.log(parent.visits) / child.visits)

    def _expand(self, node: Node) -> float:
        """Ask for continuations, make children of them, and return the best R among those that are progress, or the node's own."""
        own = node.state.reward if node.state is not None else 0.0
        self._tally["asked"] += 1
        seen: dict[str, Node] = {}
        for text in self._proposer.propose(self._pair, node.sql, self._limits.children):
            child = self._child(node, text)
            if child is not None:
                seen.setdefault(child.sql, child)
        node.children = list(seen.values())
        own_step = self._after.get(node.sql)
        if own_step is not None and not any(child.kind == "progress" for child in node.children):
            node.children.append(self._made(Node(own_step, guided=True, depth=node.depth + 1)))
        node.closed = not any(not child.closed for child in node.children)
        return max([own, *(child.state.reward for child in seen.values() if child.state is not None and child.kind == "progress")])

    def _child(self, node: Node, text: str) -> Node | None:
        statement = parse(text)
        whole = surface(statement) if statement is not None else ""
        if not whole.startswith(node.sql):
            self._tally["proposal does not parse"] += 1
            return None
        self._statements.setdefault(whole)
        before = node.state.tree if node.state is not None else Tree()
        if whole == node.sql and node.state is not None:
            return Node(node.state, "redundant", ended=True, depth=node.depth + 1, closed=True)
        for step in beginnings(whole):
            tree = tree_of(step) if len(step) > len(node.sql) and (step == whole or self._trial.runs(step)) else None
            if tree is not None:
                kind, reward = value_of(tree, before, self._gold)
                return self._made(Node(State(step, tree, reward), kind, step == whole, node.guided, node.depth + 1))
        return None

    def _made(self, node: Node) -> Node:
        is_whole = node.kind == "progress" and node.state is not None and self._gold <= node.state.tree
        if is_whole and node.ended and not node.guided and not self._trial.is_wrong(node.sql):
            self._solved = True
        # An answer that ended too early is gone on from: to stop there is what its sibling steps are better than.
        node.closed = is_whole or node.kind != "progress" or node.depth >= self._limits.depth
        return node

    def _preferences(self) -> Iterator[Preference]:
        waiting = [self._root]
        while waiting:
            node = waiting.pop()
            progress = [child for child in node.children if child.kind == "progress"]
            waiting.extend(progress)
            # The gold's own step counts wherever the gold passes, whether the model found it or not.
            own = self._after.get(node.sql)
            states = [*(child.state for child in progress), own]
            best = max((state for state in states if state is not None), key=lambda state: state.reward, default=None)
            for child in node.children if best is not None else []:
                if best is not None and child.sql != best.sql:
                    sibling = [("model", child.sql)]
                    yield from at_state(self._pair, node.state, best, sibling, self._trial, per_state=1, tally=self._tally, siblings_end=child.ended)
