"""Say whether a document fits, exactly as PostgreSQL's lax jsonpath does."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any as Json

from tmf621.filtering.parts import (
    All,
    Any,
    Compare,
    Condition,
    Exists,
    Filter,
    Operator,
    Part,
    Path,
)
from tmf621.filtering.searching import contains
from tmf621.filtering.values import Value

_COMPARISONS = {
    Operator.EQ: eq,
    Operator.NE: ne,
    Operator.GT: gt,
    Operator.GTE: ge,
    Operator.LT: lt,
    Operator.LTE: le,
}


def matches(asked: Filter | Part, document: Json) -> bool:
    """Return whether a normalised document (`normalised`) fits a filter or one part of it."""
    if isinstance(asked, Filter):
        return all(matches(part, document) for part in asked.parts)
    elements = _unwrapped(_walk([document], asked.base))
    return any(_holds(asked.condition, element) for element in elements)


def _holds(condition: Condition, element: Json) -> bool:
    if isinstance(condition, All):
        return all(_holds(inner, element) for inner in condition.conditions)
    if isinstance(condition, Any):
        return any(_holds(inner, element) for inner in condition.conditions)
    found = _walk([element], condition.path)
    if isinstance(condition, Exists):
        return bool(found)
    return any(_compares(item, condition) for item in _unwrapped(found))


def _walk(items: list[Json], path: Path) -> list[Json]:
    """Follow a path; a list on the way stands for its elements."""
    for name in path:
        items = [
            item[name] for item in _unwrapped(items) if isinstance(item, dict) and name in item
        ]
    return items


def _unwrapped(items: Iterable[Json]) -> Iterator[Json]:
    for item in items:
        if isinstance(item, list):
            yield from item
        else:
            yield item


def _compares(item: Json, asked: Compare) -> bool:
    if asked.operator is Operator.REGEX:
        return isinstance(item, str) and any(
            contains(item, value) for value in asked.values if isinstance(value, str)
        )
    return any(_comparable(item, asked.operator, value) for value in asked.values)


def _comparable(item: Json, operator: Operator, value: Value) -> bool:
    """Compare values of one kind; null differs from everything else, other kinds are neither
    equal nor different."""
    if item is None or value is None:
        same = item is None and value is None
        return same if operator is Operator.EQ else operator is Operator.NE and not same
    if isinstance(value, str):
        return isinstance(item, str) and _COMPARISONS[operator](item, value)
    if isinstance(value, bool) or isinstance(item, bool):
        both = isinstance(value, bool) and isinstance(item, bool)
        return both and _COMPARISONS[operator](item, value)
    if not isinstance(item, int | float | Decimal):
        return False
    # A float stands for the digits it is written with, as it does in the database.
    number = Decimal(repr(item)) if isinstance(item, float) else item
    return bool(_COMPARISONS[operator](number, value))
