"""Filters of a list: a field, an operator and a value, carried out by django-filter."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Q
from django_filters.filters import BaseInFilter

from core.models import User
from workspace.lists.definition import Field, ListPage, Rows

MOST_VALUES = 50


@dataclass(frozen=True, slots=True)
class Operator:
    """A comparison; `lookup` is Django's, `exclude` keeps the rows that do not compare."""

    key: str
    label: str
    lookup: str
    kinds: tuple[str, ...]
    exclude: bool = False
    valueless: bool = False


NAMES = ("text", "ref")
OPERATORS = {
    each.key: each
    for each in (
        Operator("is", "is", "in", ("text", "choice", "ref", "number", "uid", "flag")),
        Operator("not", "is not", "in", ("text", "choice", "ref", "number", "uid"), exclude=True),
        Operator("contains", "contains", "icontains", NAMES),
        Operator("without", "does not contain", "icontains", NAMES, exclude=True),
        Operator("starts", "starts with", "istartswith", NAMES),
        Operator("from", "is at least", "gte", ("number",)),
        Operator("to", "is at most", "lte", ("number",)),
        Operator("before", "before", "lt", ("moment",)),
        Operator("after", "after", "gte", ("moment",)),
        Operator("empty", "is empty", "", ("ref", "text", "choice", "moment"), valueless=True),
        Operator(
            "filled",
            "is not empty",
            "",
            ("ref", "text", "choice", "moment"),
            exclude=True,
            valueless=True,
        ),
    )
}


class BadValue(ValueError):
    """A filter's value means nothing for its field."""


def _several(single: type[Any]) -> Any:
    return type(f"Several{single.__name__}", (BaseInFilter, single), {})


SEVERAL = {
    "number": _several(django_filters.NumberFilter),
    "uid": _several(django_filters.UUIDFilter),
}
SEVERAL_WORDS = _several(django_filters.CharFilter)


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter of an address."""

    field: Field
    operator: str = "is"
    value: str = ""

    @property
    def param(self) -> str:
        """Return the name it has in the address."""
        return self.field.key if self.operator == "is" else f"{self.field.key}__{self.operator}"

    @property
    def words(self) -> str:
        """Return it as people read it."""
        label = OPERATORS[self.operator].label
        if OPERATORS[self.operator].valueless:
            return f"{self.field.label} {label}"
        values = [self.field.choices.get(v, v) for v in self.value.split(",")]
        return f"{self.field.label} {label} {', '.join(values)}"


def operators_of(field: Field) -> list[Operator]:
    """Return the comparisons a field offers."""
    return [each for each in OPERATORS.values() if field.kind in each.kinds]


def read_conditions(page: ListPage, params: Mapping[str, str]) -> tuple[Condition, ...]:
    """Return the filters among an address's parameters; what is none is left alone."""
    found = []
    for name, value in params.items():
        key, _, operator = name.partition("__")
        field = page.field(key)
        known = OPERATORS.get(operator or "is")
        if field and known and value and field.kind in known.kinds:
            found.append(Condition(field, known.key, value[:1000]))
    return tuple(found)


def narrowed(rows: Rows, condition: Condition, user: User) -> Rows:
    """Return the rows that meet the condition; `BadValue` says what cannot be understood."""
    field, operator = condition.field, OPERATORS[condition.operator]
    if operator.valueless:
        empty = _empty(field)
        return rows.exclude(empty) if operator.exclude else rows.filter(empty)
    found: Rows = _compare(condition).filter(rows, understood(condition, user))
    return found


def understood(condition: Condition, user: User | None = None) -> Any:
    """Return the condition's value as the database takes it, or raise `BadValue`."""
    value: str | list[str] = condition.value
    if OPERATORS[condition.operator].lookup == "in" and condition.field.kind != "flag":
        value = [part.strip() for part in condition.value.split(",")]
        if condition.field.people and user is not None:
            value = [user.get_username() if part == "me" else part for part in value]
    try:
        clean = _compare(condition).field.clean(value)
    except ValidationError as error:
        raise BadValue(f"“{condition.words}” was left out: {' '.join(error.messages)}") from error
    return clean[:MOST_VALUES] if isinstance(clean, list) else clean


def _compare(condition: Condition) -> Any:
    field = condition.field
    return _filter(field.kind, field.path, condition.operator, field.many)


def _empty(field: Field) -> Q:
    if field.kind in ("text", "choice"):
        return Q(**{field.path: ""})
    path = field.path.rpartition("__")[0] or field.path
    return Q(**{f"{path}__isnull": True})


@cache
def _filter(kind: str, path: str, operator: str, many: bool) -> Any:
    how = OPERATORS[operator]
    options: dict[str, Any] = {"field_name": path, "exclude": how.exclude, "distinct": many}
    if kind == "flag":
        choices = [("yes", "Yes"), ("no", "No")]
        return django_filters.TypedChoiceFilter(
            **options, choices=choices, coerce=lambda value: value == "yes"
        )
    several = SEVERAL.get(kind, SEVERAL_WORDS)
    single = {
        "number": django_filters.NumberFilter,
        "moment": django_filters.DateTimeFilter,
    }.get(kind, django_filters.CharFilter)
    return (several if how.lookup == "in" else single)(**options, lookup_expr=how.lookup)
