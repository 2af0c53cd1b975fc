"""Keyset pages and capped counts: no OFFSET and no COUNT over a million rows (performance §1.5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db.models import Q

from core.models import User
from workspace.lists.address import Address, read_address
from workspace.lists.conditions import BadValue, narrowed
from workspace.lists.definition import Column, ListPage, Row, Rows, View
from workspace.lists.order import (
    BadCursor,
    beyond,
    keys_of,
    ordered,
    place_of,
    read_cursor,
    write_cursor,
)

COUNT_CAP = 1000


@dataclass
class Page:
    """One page of rows with its neighbours."""

    address: Address
    rows: list[Row] = field(default_factory=list)
    total: int = 0
    hints: list[str] = field(default_factory=list)
    next_cursor: str = ""
    previous_cursor: str = ""

    @property
    def view(self) -> View:
        return self.address.view

    @property
    def capped(self) -> bool:
        """Tell whether there are more rows than were counted."""
        return self.total > COUNT_CAP and not self.address.count_all

    @property
    def total_text(self) -> str:
        """Return the count as shown; beyond the cap it is not counted on."""
        return f"{COUNT_CAP}+" if self.capped else str(self.total)

    @property
    def first(self) -> int:
        """Return the number of the first row."""
        return self.address.start

    @property
    def last(self) -> int:
        """Return the number of the last row."""
        return self.address.start + len(self.rows) - 1

    @property
    def whole(self) -> bool:
        """Tell whether these rows are all there are."""
        return not self.next_cursor and not self.previous_cursor

    @property
    def next_start(self) -> int:
        return self.last + 1

    @property
    def previous_start(self) -> int:
        return max(1, self.address.start - self.address.size)


def page_of(page: ListPage, params: Mapping[str, str], user: User) -> Page:
    """Return the page the address asks for; raises `BadCursor` for a forged place."""
    address = read_address(page, params)
    result = Page(address, hints=list(address.hints))
    rows, hints = matching(page, address, user)
    result.hints += hints
    few = rows.order_by().values_list("pk")
    result.total = few.count() if address.count_all else len(few[: COUNT_CAP + 1])
    try:
        _fill(result, page, rows)
    except (ValidationError, ValueError, TypeError, OverflowError) as error:
        raise BadCursor("This link to a place in the list is damaged.") from error
    if page.counts and any(column.counted for column in address.columns):
        count_in(page, result.rows)
    return result


def matching(page: ListPage, address: Address, user: User) -> tuple[Rows, list[str]]:
    """Return every row of the list the user may see, and what was not understood."""
    rows = address.view.apply(page.model._default_manager.all(), user)
    hints = []
    for term in address.words:
        wanted = Q()
        for name in page.search:
            lookup = "istartswith" if name == "number" else "icontains"
            wanted |= Q(**{f"{name}__{lookup}": term.values[0]})
        rows = rows.exclude(wanted) if term.negated else rows.filter(wanted)
    for condition in (*address.conditions, *address.typed):
        try:
            rows = narrowed(rows, condition, user)
        except BadValue as error:
            hints.append(str(error))
    return rows, hints


def in_order(page: ListPage, address: Address, rows: Rows, columns: tuple[Column, ...]) -> Rows:
    """Return the rows in the address's order, with the values these columns need."""
    keys = keys_of(page, address.sort)
    fields = page.fields(columns) | {key.field for key in keys}
    return ordered(rows, keys).values(*sorted(fields))


def count_in(page: ListPage, rows: list[Row]) -> None:
    """Add the counted values to the rows, by one statement for all of them."""
    if page.counts and rows:
        counted = page.counts([row["id"] for row in rows])
        for row in rows:
            row.update(counted.get(row["id"], {}))


def _fill(result: Page, page: ListPage, rows: Rows) -> None:
    address = result.address
    keys = keys_of(page, address.sort)
    backwards = bool(address.before)
    place = read_cursor(address.before or address.after)
    found = in_order(page, address, rows, address.columns)
    if backwards:
        found = ordered(found, [key.turned() for key in keys])
    if place is not None:
        found = beyond(found, [key.turned() for key in keys] if backwards else keys, place)
    window = list(found[: address.size + 1])
    more, window = len(window) > address.size, window[: address.size]
    result.rows = window[::-1] if backwards else window
    if result.rows:
        first, last = place_of(result.rows[0], keys), place_of(result.rows[-1], keys)
        result.next_cursor = write_cursor(last) if more or backwards else ""
        has_previous = more if backwards else place is not None
        result.previous_cursor = write_cursor(first) if has_previous else ""
