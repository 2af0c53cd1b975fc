"""The order of a list, and cursors that name a place in it."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from tmf621.errors import BadQuery
from tmf621.filtering.values import UNUSABLE
from tmf621.parsing import parse_moment

MOST_KEYS = 3
LONGEST_CURSOR = 1_000


@dataclass(frozen=True, slots=True)
class Key:
    """A column with its direction."""

    column: str
    descending: bool

    def reversed(self) -> "Key":
        return Key(self.column, not self.descending)

    def __str__(self) -> str:
        return f"-{self.column}" if self.descending else self.column


Order = tuple[Key, ...]


def read_order(text: str, sorts: Mapping[str, str]) -> Order:
    """Return the keys `sort=` names; newest first without one, and never ambiguous.

    In: `sorts` maps attributes to columns, `creationDate` among them. Errors: `BadQuery` for an
    unknown attribute or more than three.
    """
    names = [name.strip() for name in text.split(",") if name.strip()] or ["-creationDate"]
    if len(names) > MOST_KEYS:
        raise BadQuery(f"sort: at most {MOST_KEYS} attributes.")
    keys = [_key(name, sorts) for name in names]
    created = sorts["creationDate"]
    if created not in {key.column for key in keys}:
        keys.append(Key(created, True))
    return (*keys, Key("id", keys[-1].descending))


def _key(name: str, sorts: Mapping[str, str]) -> Key:
    # A plus sign reads as a blank in a query string.
    attribute = name.removeprefix("-").removeprefix("+").strip()
    if attribute not in sorts:
        known = ", ".join(sorts)
        raise BadQuery(f"sort: one may sort by {known}; a - in front turns the order.")
    return Key(sorts[attribute], name.startswith("-"))


def cursor_of(row: dict[str, Any], order: Order) -> str:
    """Return the cursor of a row: its values of the keys, opaque to clients."""
    values = [row[key.column] for key in order]
    told = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    text = json.dumps([[str(key) for key in order], told], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def beyond(cursor: str, order: Order, *, backwards: bool = False) -> Q:
    """Return the condition of rows behind a cursor, or in front of it.

    Errors: `BadQuery` for a cursor of a list in another order.
    """
    values = _values(cursor, order)
    if backwards:
        order = tuple(key.reversed() for key in order)
    condition, same = Q(pk__in=[]), Q()
    for key, value in zip(order, values, strict=True):
        side = "lt" if key.descending else "gt"
        condition |= same & Q(**{f"{key.column}__{side}": value})
        same &= Q(**{key.column: value})
    # It follows from the rest, but lets an index begin at the right place.
    first, side = order[0], "lte" if order[0].descending else "gte"
    return Q(**{f"{first.column}__{side}": values[0]}) & condition


def _values(cursor: str, order: Order) -> list[Any]:
    try:
        if len(cursor) > LONGEST_CURSOR:
            raise ValueError
        padded = cursor + "=" * (-len(cursor) % 4)
        keys, told = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if keys != [str(key) for key in order] or len(told) != len(order):
            raise ValueError
        return [_value(key, value) for key, value in zip(order, told, strict=True)]
    except (ValueError, TypeError, RecursionError, binascii.Error) as error:
        raise BadQuery("before, after: this is no cursor of a list in this order.") from error


def _value(key: Key, value: Any) -> Any:
    if key.column in ("id", "priority"):
        fits = type(value) is int and abs(value) < 2**63
    else:
        fits = isinstance(value, str) and not UNUSABLE.search(value)
    if fits and key.column.endswith("_at"):
        value = parse_moment(value.replace("+00:00", "Z"))
        fits = value is not None
    if not fits:
        raise ValueError
    return value
