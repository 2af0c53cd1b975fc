"""What a list is made of: columns, fields, views, all of it data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet

from core.models import User

Rows = QuerySet[Any]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: which values it needs, how the cell looks, by which field it sorts."""

    key: str
    label: str
    kind: str  # number | text | title | ref | priority | state | when | count | accounts | flag
    fields: tuple[str, ...] = ()
    sort: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    # From a narrow screen's card these are left out.
    minor: bool = False
    # Offered in the columns dialog, but not shown until asked for.
    spare: bool = False
    # Its value comes from `ListPage.counts`, one statement for the whole page.
    counted: bool = False
    # The permission to change the value in the list; empty where no action changes it.
    edit: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """Something a list can be filtered by."""

    key: str
    label: str
    kind: str  # text | choice | ref | number | moment | flag | uid
    path: str
    choices: Mapping[str, str] = field(default_factory=dict)
    # The path leads to several rows of another table.
    many: bool = False
    # "me" stands for the signed-in user's name.
    people: bool = False
    # What people read for its values, where these are rows an admin keeps.
    names: Callable[[], Mapping[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class View:
    """A shipped view: a tab with its filter, and its columns where they are not the usual ones."""

    key: str
    label: str
    apply: Callable[[Any, User], Rows]
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListPage:
    """A list page; `filters` are the fields its address and its search box may name."""

    name: str
    title: str
    noun: str
    model: type[Model]
    columns: tuple[Column, ...]
    views: tuple[View, ...]
    search: tuple[str, ...]
    filters: tuple[Field, ...]
    order: str
    url_name: str
    permission: str
    url_field: str = "number"
    new_url_name: str = ""
    counts: Callable[[list[int]], dict[int, Row]] | None = None
    nullable: frozenset[str] = frozenset()
    # The fields whose values may stand beside the list, with their counts.
    facets: tuple[str, ...] = ()

    def view(self, key: str) -> View:
        """Return the view of this key, else the first."""
        return next((view for view in self.views if view.key == key), self.views[0])

    def field(self, key: str) -> Field | None:
        """Return the field of this key, None where there is none."""
        return next((each for each in self.filters if each.key == key), None)

    def column(self, key: str) -> Column | None:
        """Return the column of this key, None where there is none."""
        return next((each for each in self.columns if each.key == key), None)

    def usual_columns(self) -> tuple[Column, ...]:
        """Return what is shown where nobody chose columns."""
        return tuple(column for column in self.columns if not column.spare)

    def sorts(self) -> dict[str, str]:
        """Return the sort keys a page offers and their fields; all are indexed or short."""
        return {column.key: column.sort for column in self.columns if column.sort}

    def fields(self, columns: tuple[Column, ...]) -> set[str]:
        """Return every value a row with these columns needs."""
        wanted = {"id", self.url_field, *self.columns[0].fields}
        for column in columns:
            wanted.update(column.fields)
        return wanted
