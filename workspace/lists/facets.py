"""What stands left of a list: the values of some fields with how many rows each has (ux C.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import Count

from core.models import User
from core.patience import TooSlow, at_most
from workspace.lists.address import Address, read_address
from workspace.lists.conditions import Condition
from workspace.lists.definition import Field, ListPage
from workspace.lists.paging import COUNT_CAP, matching
from workspace.words import EMPTY

# A facet that needs longer shows no numbers.
MILLISECONDS = 120
SHOWN = 12
PLACES = ("after", "before", "start", "count", "peek")


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value, how many rows have it ("1000+" where there are more), and the list with them."""

    label: str
    count: str
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A field with its most frequent values; `slow` where they could not be counted in time."""

    label: str
    values: list[FacetValue]
    slow: bool = False


def facets_of(page: ListPage, params: Mapping[str, str], user: User) -> list[Facet]:
    """Return the facets of a list as its address narrows it; one question each, in little time.

    A facet counts what its own choice would add, so that more than one value can be chosen.
    """
    address = read_address(page, params)
    fields = [field for key in page.facets if (field := page.field(key))]
    return [_facet(page, address, params, field, user) for field in fields]


def _facet(
    page: ListPage, address: Address, params: Mapping[str, str], field: Field, user: User
) -> Facet:
    chosen = _chosen(address, field)
    labels = field.names() if field.names else field.choices
    try:
        with at_most(MILLISECONDS):
            counts = _counts(page, address, field, user)
    except TooSlow:
        counts, slow = [(value, 0) for value in labels or chosen], True
    else:
        slow = False
    shown = [
        FacetValue(
            labels.get(value, value) or EMPTY,
            "" if slow else _capped(count),
            _url(params, field, value, chosen),
            _is_chosen(params, field, value, chosen),
        )
        for value, count in counts
    ]
    return Facet(field.label, shown, slow)


def _capped(count: int) -> str:
    return f"{COUNT_CAP}+" if count > COUNT_CAP else str(count)


def _chosen(address: Address, field: Field) -> list[str]:
    found = (c for c in address.conditions if c.field == field and c.operator == "is")
    return [value for condition in found for value in condition.value.split(",")]


def _counts(page: ListPage, address: Address, field: Field, user: User) -> list[tuple[str, int]]:
    others = tuple(each for each in address.conditions if not _own(each, field))
    rows, _ = matching(page, replace(address, conditions=others), user)
    counted = rows.order_by().values_list(field.path).annotate(count=Count("pk"))
    found = {str("" if value is None else value): count for value, count in counted}
    order = list(field.choices)
    by_choice = sorted(found.items(), key=lambda pair: _place(order, pair[0]))
    ranked = by_choice if order else sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return ranked[:SHOWN]


def _own(condition: Condition, field: Field) -> bool:
    return condition.field == field and condition.operator in ("is", "empty")


def _place(order: list[str], value: str) -> int:
    return order.index(value) if value in order else len(order)


def _is_chosen(params: Mapping[str, str], field: Field, value: str, chosen: list[str]) -> bool:
    return value in chosen if value else f"{field.key}__empty" in params


def _url(params: Mapping[str, str], field: Field, value: str, chosen: list[str]) -> str:
    """Return the list with the value chosen as well, or no longer."""
    empty = f"{field.key}__empty"
    own = (field.key, empty)
    kept = {key: text for key, text in params.items() if key not in (*PLACES, *own)}
    on = _is_chosen(params, field, value, chosen)
    if not value:
        kept[empty] = "" if on else "1"
    else:
        left = [each for each in chosen if each != value]
        kept[field.key] = ",".join(left if on else [*left, value])
    return "?" + urlencode({"view": "", **{key: text for key, text in kept.items() if text}})
