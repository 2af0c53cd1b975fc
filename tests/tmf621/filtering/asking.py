"""Random documents and parts, and what the database says about them."""

import json
from decimal import Decimal
from typing import Any as Json

from django.db import connection
from hypothesis import strategies as st

from tmf621.filtering import Part, matches, read_expression, to_expression, to_jsonpath
from tmf621.filtering.parts import Compare, Condition, Exists, Operator, all_of, any_of, distinct

NAMES = ("a", "b", "@t")
NASTY = (
    "",
    "'",
    '"',
    "\\",
    '\\"',
    "\n",
    "\r\n",
    "\x01",
    "\x7f",
    "\u2028",
    "\ue000",
    "😀",
    "é",
    "$",
)
texts = st.sampled_from(["x", "xy", "X", "300", "true", "null", "2024-02-24T08:32:52.114Z", *NASTY])
numbers = st.sampled_from([0, 1, -1, 300, 0.1, 1.5, 300.0, 10**17, -2.25])
scalars = texts | numbers | st.booleans() | st.none()
documents = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)
    ),
    max_leaves=12,
)
paths = st.lists(st.sampled_from(NAMES), max_size=2).map(tuple)
anything = texts | numbers.map(lambda n: Decimal(repr(n))) | st.booleans() | st.none()
ordered = texts | numbers.map(lambda n: Decimal(repr(n)))
patterns = st.sampled_from(
    [
        "x",
        "^x$",
        "X|y",
        "x.*",
        ".",
        "^.$",
        "[^x]",
        "[x-z]+$",
        r"\d+",
        r"\\",
        r"^\s$",
        "(x|xy)$",
        "é",
    ]
)


def _compare(operator: Operator) -> st.SearchStrategy[Compare]:
    values: st.SearchStrategy[Json] = ordered
    if operator in (Operator.EQ, Operator.NE):
        values = anything
    if operator is Operator.REGEX:
        values = patterns
    several = st.lists(values, min_size=1, max_size=3).map(distinct)
    return st.builds(Compare, paths, st.just(operator), several)


leaves: st.SearchStrategy[Condition] = st.sampled_from(list(Operator)).flatmap(_compare) | (
    st.builds(Exists, paths)
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    leaves,
    lambda inner: st.lists(inner, min_size=1, max_size=3).flatmap(
        lambda found: st.sampled_from([all_of(found), any_of(found)])
    ),
    max_leaves=4,
)
parts = st.builds(Part, paths, conditions).filter(lambda part: () not in part.paths())


def answer(document: Json, part: Part) -> bool:
    """Return what the database says; SQLite is given the part as an expression."""
    if connection.vendor != "postgresql":
        return matches(read_expression(to_expression(part), longest=10_000), document)
    with connection.cursor() as cursor:
        told = [json.dumps(document), to_jsonpath(part)]
        cursor.execute("SELECT %s::jsonb @? %s::jsonpath", told)
        return bool(cursor.fetchone()[0])
