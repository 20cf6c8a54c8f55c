"""The syntax tree of a statement as LearNAT compares it: a set of labels and a set of edges between them, aliases replaced by tables.

A is a subtree of B when its labels and its edges are subsets of B's. Clauses are labels of their own, so that the same column under SELECT and under
WHERE makes two edges. Subqueries hang below the predicate that holds them and look the same when they stand alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

from joinery_trainer.sql.clauses import aliases_of, conjuncts_of, parse, render, sources_of

Kind = Literal["progress", "redundant", "invalid"]

#: Weight of labels against edges in the similarity: LearNAT's released code has 0.7.
_ALPHA = 0.7


@dataclass(frozen=True)
class Tree:
    """Labels and edges of a statement, or of the union of several."""

    nodes: frozenset[str] = frozenset()
    edges: frozenset[tuple[str, str]] = frozenset()

    def __or__(self, other: Tree) -> Tree:
        return Tree(self.nodes | other.nodes, self.edges | other.edges)

    def __le__(self, other: Tree) -> bool:
        return self.nodes <= other.nodes and self.edges <= other.edges

    def similarity(self, gold: Tree) -> float:
        """Return how much of the gold is there, 0..1: ``α · labels + (1 − α) · edges``.

        The share of gold's labels, and the Jaccard index of the edges, so that what is too much counts against a statement. It stands for the paper's
        tree edit distance over ordered trees; for a part of the gold, as every step is, both terms are shares of what is covered.
        """
        if not gold.nodes or not gold.edges:
            return 1.0 if self == gold else 0.0
        labels = len(self.nodes & gold.nodes) / len(gold.nodes)
        return _ALPHA * labels + (1 - _ALPHA) * len(self.edges & gold.edges) / len(self.edges | gold.edges)


def tree_of(sql: str) -> Tree | None:
    """Return the tree of one SELECT-like statement; None when it does not parse."""
    statement = parse(sql)
    if statement is None:
        return None
    edges: set[tuple[str, str]] = set()
    _add_query(statement, "query", edges)
    return Tree(frozenset(label for edge in edges for label in edge), frozenset(edges))


def classify(step: Tree, covered: Tree, gold: Tree) -> Kind:
    """Say what a step is worth after others: it adds to what is covered, it repeats it, or it is no part of the gold."""
    if not step <= gold:
        return "invalid"
    return "redundant" if step <= covered else "progress"


def _add_query(query: exp.Expression, parent: str, edges: set[tuple[str, str]]) -> None:
    if isinstance(query, exp.Subquery):
        _add_query(query.this, parent, edges)
    elif isinstance(query, exp.SetOperation):
        name = type(query).__name__.lower() + ("" if query.args.get("distinct") else " all")
        edges.add((parent, name))
        for side in (query.this, query.expression):
            _add_query(side, "query", edges)
        _add_tail(query, {}, edges)
    elif isinstance(query, exp.Select):
        _add_select(query, edges)


def _add_select(select: exp.Select, edges: set[tuple[str, str]]) -> None:
    names = aliases_of(select)
    edges.add(("query", "select"))
    if select.args.get("distinct"):
        edges.add(("select", "distinct"))
    for item in select.expressions:
        _add_expression(item.unalias(), "select", names, edges)
    for source in sources_of(select):
        edges.add(("query", "from"))
        if isinstance(source, exp.Table):
            edges.add(("from", source.name.lower()))
        else:
            _add_query(source, "from", edges)
    for join in select.args.get("joins") or []:
        on = join.args.get("on")
        for condition in conjuncts_of(on) if on is not None else []:
            _add_expression(condition, "on", names, edges)
    for clause in ("where", "having"):
        node = select.args.get(clause)
        for condition in conjuncts_of(node.this) if node is not None else []:
            _add_expression(condition, clause, names, edges)
    group = select.args.get("group")
    for column in group.expressions if group is not None else []:
        _add_expression(column, "group", names, edges)
    _add_tail(select, names, edges)


def _add_tail(query: exp.Expression, names: dict[str, str], edges: set[tuple[str, str]]) -> None:
    order = query.args.get("order")
    for term in order.expressions if order is not None else []:
        direction = "desc" if term.args.get("desc") else "asc"
        edges.add(("order", direction))
        _add_expression(term.this, direction, names, edges)
    for clause in ("limit", "offset"):
        node = query.args.get(clause)
        if node is not None:
            edges.add((clause, render(node.expression, names)))


def _add_expression(node: exp.Expression, parent: str, names: dict[str, str], edges: set[tuple[str, str]]) -> None:
    label = render(node, names)
    edges.add((parent, label))
    for query in node.find_all(exp.Select, exp.SetOperation):
        if _nearest_query(query, node) is None:
            edges.add((label, "query"))
            _add_query(query, "query", edges)


def _nearest_query(query: exp.Expression, top: exp.Expression) -> exp.Expression | None:
    """Return the query between this one and the expression that holds it, if there is one."""
    parent = query.parent
    while parent is not None and parent is not top.parent:
        if isinstance(parent, exp.Select | exp.SetOperation):
            return parent
        parent = parent.parent
    return None
