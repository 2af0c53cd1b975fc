"""Keyset pages and capped counts: no OFFSET and no COUNT over a million rows (performance §1.5)."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from core.models import User
from workspace.lists.definition import ListPage, View

SIZES = (25, 50, 100, 200)
COUNT_CAP = 1000


class BadCursor(ValueError):
    """A page's place in the list cannot be read."""


@dataclass
class Page:
    """One page of rows with its neighbours."""

    rows: list[dict[str, Any]]
    view: View
    sort: str
    query: str
    size: int
    total: int
    filters: dict[str, str]
    next_cursor: str = ""
    previous_cursor: str = ""

    @property
    def total_text(self) -> str:
        """Return the count as shown; beyond the cap it is not counted on."""
        return f"{COUNT_CAP}+" if self.total > COUNT_CAP else str(self.total)


def page_of(page: ListPage, params: Mapping[str, str], user: User) -> Page:
    """Return the page the address asks for; raises `BadCursor` for a forged place."""
    view = page.view(params.get("view", ""))
    query = params.get("q", "").strip()[:100]
    filters = {name: params[name] for name in page.filters if params.get(name)}
    sort = _sort(page, params.get("sort", ""))
    size = int(params["size"]) if params.get("size", "") in {str(s) for s in SIZES} else 50
    rows = _filtered(page, view.apply(page.model._default_manager.all(), user), query, filters)
    total = len(rows.order_by().values_list("pk")[: COUNT_CAP + 1])
    result = Page([], view, sort, query, size, total, filters)
    _fill(result, page, rows, params.get("after", ""), params.get("before", ""))
    return result


def _sort(page: ListPage, asked: str) -> str:
    return asked if asked.lstrip("-") in page.sorts() else ""


def _filtered(
    page: ListPage, rows: QuerySet[Any], query: str, filters: dict[str, str]
) -> QuerySet[Any]:
    if query:
        wanted = Q()
        for field in page.search:
            lookup = "istartswith" if field == "number" else "icontains"
            wanted |= Q(**{f"{field}__{lookup}": query})
        rows = rows.filter(wanted)
    for name, value in filters.items():
        rows = rows.filter(**{f"{page.filters[name]}__in": value.split(",")[:50]})
    return rows


def _fill(result: Page, page: ListPage, rows: QuerySet[Any], after: str, before: str) -> None:
    field, descending = _order(page, result.sort)
    backwards = bool(before)
    cursor = read_cursor(before or after)
    if cursor is not None:
        rows = rows.filter(_beyond(field, cursor, descending != backwards))
    found = _ordered(rows, field, descending != backwards).values(*page.fields())
    window = list(found[: result.size + 1])
    more, window = len(window) > result.size, window[: result.size]
    result.rows = window[::-1] if backwards else window
    if result.rows:
        first, last = _key(result.rows[0], field), _key(result.rows[-1], field)
        result.next_cursor = write_cursor(last) if more or backwards else ""
        has_previous = more if backwards else cursor is not None
        result.previous_cursor = write_cursor(first) if has_previous else ""


def _order(page: ListPage, sort: str) -> tuple[str, bool]:
    if not sort:
        return page.order.lstrip("-"), page.order.startswith("-")
    return page.sorts()[sort.lstrip("-")], sort.startswith("-")


def _ordered(rows: QuerySet[Any], field: str, descending: bool) -> QuerySet[Any]:
    sign = "-" if descending else ""
    return rows.order_by(f"{sign}{field}", f"{sign}id")


def _beyond(field: str, cursor: tuple[Any, int], descending: bool) -> Q:
    value, pk = cursor
    side = "lt" if descending else "gt"
    return Q(**{f"{field}__{side}": value}) | Q(**{field: value, f"id__{side}": pk})


def _key(row: dict[str, Any], field: str) -> tuple[Any, int]:
    return row[field], row["id"]


def write_cursor(key: tuple[Any, int]) -> str:
    """Return a place in the list as address text."""
    value = {"t": key[0].isoformat()} if isinstance(key[0], datetime) else {"v": key[0]}
    return base64.urlsafe_b64encode(json.dumps([value, key[1]]).encode()).decode().rstrip("=")


def read_cursor(text: str) -> tuple[Any, int] | None:
    """Read a place in the list; None for the beginning, `BadCursor` for nonsense."""
    if not text:
        return None
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        value, pk = json.loads(raw)
        plain = parse_datetime(value["t"]) if "t" in value else value["v"]
        return plain, int(pk)
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise BadCursor("This link to a place in the list is damaged.") from error
