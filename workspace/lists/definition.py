"""What a list is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet

from core.models import User

Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: which values it needs, how the cell looks, by which field it sorts."""

    key: str
    label: str
    kind: str  # number | text | title | ref | priority | state | when
    fields: tuple[str, ...]
    sort: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    # From a narrow screen's card these are left out.
    minor: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """A saved view: a tab with its filter."""

    key: str
    label: str
    apply: Callable[[Any, User], Rows]


@dataclass(frozen=True, slots=True)
class ListPage:
    """A list page; `filters` maps a query parameter to the field it compares."""

    name: str
    title: str
    noun: str
    model: type[Model]
    columns: tuple[Column, ...]
    views: tuple[View, ...]
    search: tuple[str, ...]
    filters: Mapping[str, str]
    order: str
    url_name: str
    permission: str
    url_field: str = "number"
    new_url_name: str = ""

    def view(self, key: str) -> View:
        """Return the view of this key, else the first."""
        return next((view for view in self.views if view.key == key), self.views[0])

    def sorts(self) -> dict[str, str]:
        """Return the sort keys a page offers and their fields; all are indexed or short."""
        return {column.key: column.sort for column in self.columns if column.sort}

    def fields(self) -> list[str]:
        """Return every value a row needs."""
        wanted = {"id", self.url_field, self.order.lstrip("-")}
        for column in self.columns:
            wanted.update(column.fields)
            if column.sort:
                wanted.add(column.sort)
        return sorted(wanted)
