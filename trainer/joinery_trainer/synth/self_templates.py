"""Templates on tables that refer to themselves: an employee and the manager, both ways."""

from __future__ import annotations

from dataclasses import dataclass

from joinery_trainer.synth.kinship import self_relations
from joinery_trainer.synth.labels import Answer
from joinery_trainer.synth.maker import Maker, NoFit
from joinery_trainer.synth.phrases import plural, singular, words_of
from joinery_trainer.synth.registry import Draft, template
from joinery_trainer.synth.schema import Join, Table, quoted
from joinery_trainer.synth.wording import Rows, how_many, which

#: What the other row is called by the words of the key; without any of them it is the key's own name.
_ROLES = {
    "reports": "manager",
    "manager": "manager",
    "mgr": "manager",
    "boss": "boss",
    "supervisor": "supervisor",
    "lead": "lead",
    "parent": "parent",
}
_ENDS = frozenset({"id", "no", "number", "code", "key", "to", "employee", "ref"})


@dataclass(frozen=True)
class Pair:
    """A table joined to its copy: each row beside the one that it refers to."""

    table: Table
    join: Join
    answer: Answer
    role: str

    @property
    def copy(self) -> str:
        """Return the name of the copy, which stands for the row referred to."""
        return f"{self.table.name}_2"

    @property
    def source(self) -> str:
        """Return what follows FROM."""
        own, copy = quoted(self.table.name), quoted(self.copy)
        on = f"{own}.{quoted(self.join.child_columns[0])} = {copy}.{quoted(self.join.parent_columns[0])}"
        return f"{own} JOIN {own} AS {copy} ON {on}"

    @property
    def key(self) -> str:
        """Return the key of the row referred to."""
        return f"{quoted(self.copy)}.{quoted(self.join.parent_columns[0])}"

    @property
    def under(self) -> str:
        """Return how rows are tied to one above them."""
        return "report to" if self.role in ("manager", "boss", "supervisor", "lead") else "belong to"


def _pair(maker: Maker) -> Pair:
    join = maker.pick(self_relations(maker.schema))
    table = maker.schema.table(join.child)
    words = words_of(join.child_columns[0])
    role = next((_ROLES[word] for word in words if word in _ROLES), "") or " ".join(word for word in words if word not in _ENDS)
    answer = maker.answer(table)
    if not role or answer.named:
        raise NoFit
    return Pair(table, join, answer, role)


def _name_of(maker: Maker, pair: Pair, owner: str, *, above: bool) -> tuple[str, str]:
    """Return a predicate that names a row, one that has others under it if ``above``, and the name as it is said."""
    column = pair.answer.columns[-1]
    value = str(maker.pick(column.values))
    text = "'" + value.replace("'", "''") + "'"
    if len(pair.answer.columns) == 1 or maker.chance.random() < 0.6:
        return f"{quoted(owner)}.{quoted(column.name)} = {text}", f'"{value}"'
    said = " ".join(words_of(column.name))
    noun = pair.role if above else singular(pair.table.name)
    return f"{quoted(owner)}.{quoted(column.name)} = {text}", f'the {noun} with the {said} "{value}"'


@template("hard", "join", "self join", "label")
def rows_with_the_one_above(maker: Maker) -> Draft:
    """Give each row beside the one that it refers to."""
    pair = _pair(maker)
    one, many, role = singular(pair.table.name), plural(pair.table.name), pair.role
    sql = f"SELECT {pair.answer.sql()}, {pair.answer.sql(pair.copy)} FROM {pair.source}"
    asks = [f"List all {many} with their {role}.", f"Show each {one} and the name of the {role}.", f"Who is the {role} of each {one}?"]
    asks += [f"Show the {pair.answer.words()} of each {one} and of the {role}.", f"Which {role} does each {one} have?"]
    return Draft(sql, f"each {one} with its {role}", asks=tuple(asks))


@template("hard", "join", "self join", "label", "where")
def rows_under_one(maker: Maker) -> Draft:
    """Give the rows that refer to one with a name."""
    pair = _pair(maker)
    condition, name = _name_of(maker, pair, pair.copy, above=True)
    rows = Rows(plural(pair.table.name), f"that {pair.under} {name}", f"{pair.under} {name}")
    if maker.chance.random() < 0.3:
        rows = Rows(rows.noun, f"whose {pair.role} is {name}", f"have {name} as {pair.role}")
    return which(f"SELECT {pair.answer.sql()} FROM {pair.source} WHERE {condition}", rows, pair.answer)


@template("hard", "join", "self join", "count", "where")
def number_under_one(maker: Maker) -> Draft:
    """Count the rows that refer to one with a name."""
    pair = _pair(maker)
    condition, name = _name_of(maker, pair, pair.copy, above=True)
    rows = Rows(plural(pair.table.name), f"that {pair.under} {name}", f"{pair.under} {name}")
    return how_many(f"SELECT COUNT(*) FROM {pair.source} WHERE {condition}", rows)


@template("hard", "join", "self join", "label", "where")
def the_one_above(maker: Maker) -> Draft:
    """Give the row that one with a name refers to."""
    pair = _pair(maker)
    condition, name = _name_of(maker, pair, pair.table.name, above=False)
    sql = f"SELECT {pair.answer.sql(pair.copy)} FROM {pair.source} WHERE {condition}"
    asks = [f"Who is the {pair.role} of {name}?", f"What is the name of the {pair.role} of {name}?", f"Show the {pair.role} of {name}."]
    if pair.under == "report to":
        asks.append(f"Who does {name} report to?")
    return Draft(sql, f"the {pair.role} of {name}", asks=tuple(asks))


@template("extra", "count", "group", "join", "self join", "label")
def number_under_each(maker: Maker) -> Draft:
    """Count the rows that refer to each."""
    pair = _pair(maker)
    many, role = plural(pair.table.name), pair.role
    sql = f"SELECT {pair.answer.sql(pair.copy)}, COUNT(*) FROM {pair.source} GROUP BY {pair.key}"
    asks = [f"How many {many} {pair.under} each {role}?", f"Show each {role} and the number of {many} that {pair.under} them."]
    return Draft(sql, f"each {role} with the number of {many} that {pair.under} them", asks=(*asks, f"What is the number of {many} per {role}?"))


@template("extra", "count", "group", "join", "self join", "label", "top")
def most_under_one(maker: Maker) -> Draft:
    """Give the row to which most others refer."""
    pair = _pair(maker)
    many, role = plural(pair.table.name), pair.role
    sql = f"SELECT {pair.answer.sql(pair.copy)} FROM {pair.source} GROUP BY {pair.key} ORDER BY COUNT(*) DESC LIMIT 1"
    asks = [
        f"Which {role} has the most {many}?",
        f"To whom do the most {many} report?" if pair.under == "report to" else f"Which {role} has the most?",
    ]
    return Draft(sql, f"the {role} with the most {many}", asks=(*asks, f"Show the {role} with the most {many}."))


@template("extra", "count", "group", "having", "join", "self join", "label")
def many_under_one(maker: Maker) -> Draft:
    """Give the rows to which more than so many others refer."""
    pair = _pair(maker)
    least = maker.number_between(1, 4)
    sql = f"SELECT {pair.answer.sql(pair.copy)} FROM {pair.source} GROUP BY {pair.key} HAVING COUNT(*) > {least}"
    number = f"more than {least} {plural(pair.table.name)}"
    asks = [f"Which {plural(pair.role)} have {number}?", f"List the {plural(pair.role)} with {number}.", f"Who has {number} below them?"]
    return Draft(sql, f"the {plural(pair.role)} with {number}", asks=tuple(asks))


@template("medium", "label", "where")
def rows_without_one_above(maker: Maker) -> Draft:
    """Give the rows that refer to none."""
    pair = _pair(maker)
    sql = f"SELECT {pair.answer.sql('')} FROM {quoted(pair.table.name)} WHERE {quoted(pair.join.child_columns[0])} IS NULL"
    relative = maker.chance.choice([f"without a {pair.role}", f"that have no {pair.role}"])
    return which(sql, Rows(plural(pair.table.name), relative, f"have no {pair.role}"), pair.answer)


@template("hard", "anti join", "label", "where")
def rows_above_none(maker: Maker) -> Draft:
    """Give the rows to which none refers."""
    pair = _pair(maker)
    source, own, key = quoted(pair.table.name), quoted(pair.join.child_columns[0]), quoted(pair.join.parent_columns[0])
    sql = f"SELECT {pair.answer.sql('')} FROM {source} WHERE {key} NOT IN (SELECT {own} FROM {source} WHERE {own} IS NOT NULL)"
    none = f"are nobody's {pair.role}" if pair.under == "report to" else f"are the {pair.role} of none"
    return which(sql, Rows(plural(pair.table.name), f"that {none}", none), pair.answer)
