"""English for names and values. Questions are plain and a little stiff on purpose: paraphrasing is another step."""

from __future__ import annotations

import re

from joinery_trainer.sql.sandbox import Value

_SPLIT = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SAME_PLURAL = frozenset({"series", "species", "media", "data", "news", "information", "staff", "equipment", "status"})
#: Behind one of these words a phrase goes on about its first noun: "quantity in stock", "price each", "quantity ordered".
_BEHIND_NOUN = frozenset(["in", "on", "of", "per", "for", "each", "by", "at", "to", "from", "with", "without", "that", "whose", "where"])
#: What says too little without the name of its table: an order's "order date" beside its "shipped date".
_NEEDS_TABLE = (["date"], ["time"], ["day"])
_ABBREVIATED = {
    "fname": "first name",
    "lname": "last name",
    "qty": "quantity",
    "lvl": "level",
    "desc": "description",
    "amt": "amount",
    "num": "number",
    "tel": "phone",
    "dept": "department",
    "addr": "address",
    "ord": "order",
}
#: Beginnings that are written with a vowel and spoken with a consonant.
_CONSONANTS = ("uni", "use", "usa", "eu", "one")
_ENDS = (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("ses", "se"))


def words_of(name: str) -> list[str]:
    """Return the words of an identifier in lower case: ``SalesOrder_ID`` gives ``sales order id``."""
    return [word.lower() for word in _SPLIT.split(name) if word]


def singular(name: str) -> str:
    """Return the name as one thing: ``order_details`` gives ``order detail``."""
    *first, last = words_of(name) or [name.lower()]
    return " ".join([*first, _singular_word(last)])


def plural(name: str) -> str:
    """Return the name as many things: ``category`` gives ``categories``."""
    *first, last = words_of(name) or [name.lower()]
    return " ".join([*first, _plural_word(_singular_word(last))])


def column_phrase(column: str, table: str) -> str:
    """Return a column as people say it beside its table: ``customer.customer_name`` gives ``name``, ``sale.qty`` gives ``quantity``."""
    words = words_of(column) or [column.lower()]
    own = words_of(singular(table))
    if len(words) > 1 and len(words[0]) > 1 and words[0] not in _BEHIND_NOUN and own[0] != words[0] and own[0].startswith(words[0]):
        words = words[1:]  # pub_name of publishers, cust_city of customers
    if len(words) > len(own) and words[: len(own)] == own and words[len(own) :] not in _NEEDS_TABLE:
        words = words[len(own) :]
    return " ".join(_ABBREVIATED.get(word, word) for word in words)


def plural_column(phrase: str) -> str:
    """Return a column's phrase for many rows: ``quantity per unit`` gives ``quantities per unit``, ``name`` gives ``names``."""
    words = phrase.split()
    at = _head(words)
    return " ".join([*words[:at], _plural_word(_singular_word(words[at])), *words[at + 1 :]])


def a(noun: str) -> str:
    """Return a noun with its article; none for what is many already, such as ``units in stock``."""
    words = noun.split()
    head = words[_head(words)] if words else ""
    if head.endswith("s") and _singular_word(head) != head and head not in _SAME_PLURAL:
        return noun
    return f"{'an' if noun[:1] in tuple('aeiou') and not noun.startswith(_CONSONANTS) else 'a'} {noun}"


def _head(words: list[str]) -> int:
    """Return where the noun stands that the phrase is about."""
    for at, word in enumerate(words[1:], start=1):
        if word in _BEHIND_NOUN or (word.endswith("ed") and at == len(words) - 1):
            return at - 1
    return len(words) - 1


def value_phrase(value: Value) -> str:
    """Return a value as it stands in a question; text in double quotes."""
    return f'"{value}"' if isinstance(value, str) else f"{value:.12g}" if isinstance(value, float) else str(value)


def value_sql(value: Value) -> str:
    """Return a value as a literal of SQL."""
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return value_phrase(value)


def _singular_word(word: str) -> str:
    if word in _SAME_PLURAL or len(word) <= 3 or word.endswith(("ss", "us", "is")):
        return word
    for end, replacement in _ENDS:
        if word.endswith(end):
            return word.removesuffix(end) + replacement
    return word.removesuffix("s")


def _plural_word(word: str) -> str:
    if word in _SAME_PLURAL:
        return word
    if word.endswith("y") and word[-2:-1] not in tuple("aeiou"):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh", "z")) else "s")
