"""The cells of chosen rows as the list would draw them now, and which rows left its filter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.models import User
from workspace.lists.address import read_address
from workspace.lists.definition import Column, ListPage, Row
from workspace.lists.paging import count_in, in_order, matching

MOST_IDS = 200


@dataclass(frozen=True, slots=True)
class Cells:
    """Rows with the columns to draw; `matches` holds the ids that belong to the list now."""

    rows: list[Row]
    columns: tuple[Column, ...]
    matches: list[int]


def cells_of(page: ListPage, params: Mapping[str, str], ids: Sequence[int], user: User) -> Cells:
    """Return the rows of these ids that the user may see; three statements at most.

    In: the address of the list. An id that is absent or of a foreign domain has no row and does
    not match.
    """
    address = read_address(page, params)
    visible = page.model._default_manager.filter(pk__in=ids)
    rows = list(in_order(page, address, visible, address.columns))
    found, _ = matching(page, address, user)
    matches = found.order_by().filter(pk__in=ids).values_list("pk", flat=True)
    if any(column.counted for column in address.columns):
        count_in(page, rows)
    return Cells(rows, address.columns, sorted(set(matches)))
