"""Read one page of a list in a number of statements that does not grow with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from tmf621.errors import BadQuery
from tmf621.lists.ordering import Order, beyond, cursor_of, read_order
from tmf621.properties import DEFAULT_LIMIT, MAX_LIMIT, PARTIAL_CONTENT
from tmf621.resources import Resource

MAX_OFFSET = 10_000
HARD_LIMIT = 100
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A slice of what matches, and where it lies."""

    items: list[Resource]
    total: int
    offset: int
    limit: int
    asked: bool
    # Where the page begins and ends, for clients that page by cursor.
    first: str = ""
    last: str = ""
    by_cursor: bool = False
    # Whether a cursor leads on from here.
    has_previous: bool = False
    has_next: bool = False
    # Whose properties decide about its status.
    domain_id: int | None = None

    @property
    def partial(self) -> bool:
        """Tell whether the client asked for a part and got one (tmf.md §3.6)."""
        return self.asked and 0 < len(self.items) < self.total

    @property
    def status(self) -> int:
        return 206 if self.partial and PARTIAL_CONTENT.value(self.domain_id) else 200


@dataclass(frozen=True)
class Listing:
    """What can be listed: the rows in view, how to sort them, and how to tell some of them."""

    rows: QuerySet[Any]
    # Attribute → column; each column begins an index.
    sorts: Mapping[str, str]
    # Which columns `tell` needs of a row, besides those it is sorted by.
    columns: tuple[str, ...]
    tell: Callable[[list[Row]], list[Resource]]


def read_page(query: QueryDict, listing: Listing, domain_id: int | None = None) -> Page:
    """Return the page a query string asks for, by the properties of the client's domain.

    Errors: `BadQuery` where limit, offset, sort or a cursor makes no sense.
    """
    limit, offset = _limit(query, domain_id), _number(query, "offset", 0, MAX_OFFSET)
    order = read_order(query.get("sort", ""), listing.sorts)
    rows, more = _slice(listing, query, order, limit, offset)
    backwards = bool(query.get("before"))
    asked = {"limit", "offset", "before", "after"} & set(query)
    return Page(
        listing.tell(rows),
        listing.rows.count(),
        offset,
        limit,
        bool(asked),
        first=cursor_of(rows[0], order) if rows else "",
        last=cursor_of(rows[-1], order) if rows else "",
        by_cursor=bool({"before", "after"} & set(query)),
        has_previous=more if backwards else bool(query.get("after")),
        has_next=backwards or more,
        domain_id=domain_id,
    )


def _slice(
    listing: Listing, query: QueryDict, order: Order, limit: int, offset: int
) -> tuple[list[Row], bool]:
    """Return the rows, and whether there are more in the direction that was asked for."""
    rows, columns = listing.rows, {*listing.columns, *(key.column for key in order)}
    if "before" in query and "after" in query:
        raise BadQuery("before, after: name one of them.")
    after, before = query.get("after"), query.get("before")
    if after:
        rows = rows.filter(beyond(after, order))
    if before:
        rows = rows.filter(beyond(before, order, backwards=True))
    turned = [str(key.reversed() if before else key) for key in order]
    # One row more than asked for tells whether there are more.
    found = list(rows.order_by(*turned).values(*columns)[offset : offset + limit + 1])
    page, more = found[:limit], len(found) > limit
    return (page[::-1] if before else page), more


def _limit(query: QueryDict, domain_id: int | None) -> int:
    default = DEFAULT_LIMIT.value(domain_id)
    most = min(MAX_LIMIT.value(domain_id), HARD_LIMIT)
    # A larger limit is served as far as allowed; headers tell how far that was.
    return min(_number(query, "limit", default, None), most)


def _number(query: QueryDict, name: str, default: int, most: int | None) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise BadQuery(f"{name}: this must be a whole number from 0 on.")
    if most is not None and int(text) > most:
        raise BadQuery(f"{name}: at most {most}; go on with after=…, or narrow the filters.")
    return int(text)
