"""The order of a list and the place in it, by one or two keys, empty values included.

Empty counts as more than everything, in both directions: PostgreSQL's own order, so that its
indexes serve.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.db.models.expressions import OrderBy
from django.utils.dateparse import parse_datetime

from workspace.lists.definition import ListPage, Row, Rows

NOTHING = Q(pk__in=[])
Place = tuple[list[Any], int]


class BadCursor(ValueError):
    """A page's place in the list cannot be read."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of an order."""

    field: str
    descending: bool
    nullable: bool = False

    def turned(self) -> "Key":
        """Return the opposite order."""
        return Key(self.field, not self.descending, self.nullable)

    def order(self) -> OrderBy:
        """Return it as Django orders; nothing is said of empty values where there are none."""
        if self.descending:
            return F(self.field).desc(nulls_first=True if self.nullable else None)
        return F(self.field).asc(nulls_last=True if self.nullable else None)

    def beyond(self, value: Any) -> Q:
        """Return what comes after the value."""
        if value is None:
            return Q(**{f"{self.field}__isnull": False}) if self.descending else NOTHING
        side = "lt" if self.descending else "gt"
        rest = Q(**{f"{self.field}__{side}": value})
        if self.nullable and not self.descending:
            rest |= Q(**{f"{self.field}__isnull": True})
        return rest

    def same(self, value: Any) -> Q:
        """Return what has the value too."""
        return Q(**({f"{self.field}__isnull": True} if value is None else {self.field: value}))


def keys_of(page: ListPage, sort: tuple[str, ...]) -> list[Key]:
    """Return the keys of an order; `id` is the last one, so that pages are stable."""
    sorts = page.sorts()
    named = [(sorts[key.removeprefix("-")], key.startswith("-")) for key in sort]
    if not named:
        named = [(page.order.removeprefix("-"), page.order.startswith("-"))]
    keys = [Key(field, down, field in page.nullable) for field, down in named]
    return [*keys, Key("id", keys[-1].descending)]


def ordered(rows: Rows, keys: list[Key]) -> Rows:
    """Return the rows in this order."""
    return rows.order_by(*(key.order() for key in keys))


def beyond(rows: Rows, keys: list[Key], place: Place) -> Rows:
    """Return the rows after a place."""
    values = [*place[0], place[1]]
    if len(values) != len(keys):
        raise BadCursor("This link belongs to another order of the list.")
    wanted, so_far = NOTHING, Q()
    for key, value in zip(keys, values, strict=True):
        wanted |= so_far & key.beyond(value)
        so_far &= key.same(value)
    return rows.filter(wanted)


def place_of(row: Row, keys: list[Key]) -> Place:
    """Return a row's place."""
    return [row[key.field] for key in keys[:-1]], row["id"]


def write_cursor(place: Place) -> str:
    """Return a place in the list as address text."""
    values = [{"t": v.isoformat()} if isinstance(v, datetime) else {"v": v} for v in place[0]]
    return base64.urlsafe_b64encode(json.dumps([values, place[1]]).encode()).decode().rstrip("=")


def read_cursor(text: str) -> Place | None:
    """Read a place in the list; None for the beginning, `BadCursor` for nonsense."""
    if not text:
        return None
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        values, pk = json.loads(raw)
        return [_plain(value) for value in values], int(pk)
    except (binascii.Error, ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadCursor("This link to a place in the list is damaged.") from error


def _plain(value: dict[str, Any]) -> Any:
    if "t" in value:
        return parse_datetime(value["t"])
    plain = value["v"]
    if plain is not None and not isinstance(plain, (str, int, float)):
        raise BadCursor("This link to a place in the list is damaged.")
    return plain
