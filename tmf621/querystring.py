"""Read the filters of a query string, whichever way the client spells operators (tmf.md §3.5)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from django.http import QueryDict

from tmf621.errors import BadQuery

MAX_FILTERS, MAX_VALUES, MAX_LENGTH = 20, 50, 300
RESERVED = frozenset({"fields", "offset", "limit", "sort"})
_LITERAL = re.compile(r"([A-Za-z@][\w.@]*?)(>=|<=|>|<)(.*)\Z", re.DOTALL)
_SYMBOLS = {">": "gt", ">=": "gte", "<": "lt", "<=": "lte"}
_OPERATORS = ("eq", "gt", "gte", "lt", "lte")


class Asked(NamedTuple):
    """One filter of a query string."""

    attribute: str
    operator: str
    values: list[str]


def read_filters(query: QueryDict) -> Iterator[Asked]:
    """Yield the filters of a query string; values in one filter are alternatives."""
    filters = [(key, raw) for key, raw in query.lists() if key not in RESERVED]
    if len(filters) > MAX_FILTERS:
        raise BadQuery(f"At most {MAX_FILTERS} filters are taken at once.")
    for key, raw in filters:
        attribute, operator, texts = _split(key, [str(text) for text in raw])
        values = [v for text in texts for v in re.split("[,;]", text) if v]
        if len(values) > MAX_VALUES or any(len(v) > MAX_LENGTH or "\0" in v for v in values):
            raise BadQuery(f"{attribute[:80]}: too many, too long or unusable values.")
        if not values:
            raise BadQuery(f"{attribute[:80]}: name a value.")
        yield Asked(attribute, operator, values)


def _split(key: str, texts: list[str]) -> tuple[str, str, list[str]]:
    """Return attribute, operator and values: `a.gt=v`, `a>v` and `a>=v` are all in use."""
    if literal := _LITERAL.match(key):
        attribute, symbol, rest = literal.groups()
        # "a>=v" arrives as key "a>" with the value behind the equals sign.
        if not rest and symbol in "<>":
            return attribute, _SYMBOLS[symbol + "="], texts
        return attribute, _SYMBOLS[symbol], [rest]
    attribute, _, suffix = key.rpartition(".")
    if attribute and suffix in _OPERATORS:
        return attribute, suffix, texts
    return key, "eq", texts
