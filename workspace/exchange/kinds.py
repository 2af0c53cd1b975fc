"""What a kind of configuration is, and the kinds that are plain rows of one table.

Records are told by natural keys, never by numbers, so that two sites understand each other.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.contrib.auth.models import Group
from django.db import models

from cmdb.models import CIClass
from core.actor import Actor
from core.models import AssignmentGroup, Domain
from escalation.models import Subflow
from incidents.models import Category, IncidentState

Value = Any
# By which field a record of these models is named where another one points at it.
NAMED_BY: dict[type[models.Model], str] = {
    AssignmentGroup: "name",
    Category: "value",
    CIClass: "name",
    Domain: "name",
    Group: "name",
    IncidentState: "value",
    Subflow: "key",
}


class BadImport(Exception):
    """A file cannot be taken in; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Act:
    """Who brings the configuration in, and when."""

    by: Actor
    now: datetime


class Kind(Protocol):
    """A kind of configuration: its rows by natural key as plain values, and how to put one in."""

    @property
    def name(self) -> str:
        """Return what files and messages call it."""

    @property
    def apart(self) -> bool:
        """Tell whether each row gets a file of its own."""

    def rows(self) -> dict[str, Value]:
        """Return what is there, by key."""

    def put(self, key: str, value: Value, act: Act) -> None:
        """Create or change one row; `BadImport` or `Refused` where that cannot be."""


@dataclass(frozen=True)
class PlainRows:
    """All rows of a table, with every field people may edit."""

    name: str
    model: type[models.Model]
    key: tuple[str, ...]
    many: tuple[str, ...] = ()
    apart: bool = field(default=False)

    def rows(self) -> dict[str, Value]:
        """Return the rows by natural key."""
        found = [plain(row, many=self.many) for row in self.model._base_manager.all()]
        return {self._key_of(row): row for row in found}

    def put(self, key: str, value: Value, act: Act) -> None:
        """Write the row whose natural key the values hold."""
        values = row_values(self.model, value, leave_out=self.many)
        look_up = {name: values.pop(name) for name in self.key}
        row, _ = self.model._base_manager.update_or_create(defaults=values, **look_up)
        for name in self.many:
            target = self.model._meta.get_field(name).related_model
            assert isinstance(target, type)
            getattr(row, name).set([named(target, each) for each in value.get(name, [])])

    def _key_of(self, row: Value) -> str:
        return " / ".join(str(row[name]) for name in self.key)


def plain(
    row: models.Model, *, many: tuple[str, ...] = (), leave_out: tuple[str, ...] = ()
) -> dict[str, Value]:
    """Return a row's editable fields as plain values; what it points at by natural key."""
    values = {
        column.name: _plain_value(row, column)
        for column in editable(type(row))
        if column.name not in leave_out
    }
    for name in many:
        related = getattr(row, name)
        by = NAMED_BY[related.model]
        values[name] = sorted(related.values_list(by, flat=True))
    return values


def editable(model: type[models.Model]) -> list["models.Field[Any, Any]"]:
    """Return the columns people edit: no numbers of rows, no stamps, nothing kept by the code."""
    return [
        column
        for column in model._meta.concrete_fields
        if column.editable and not column.primary_key and not getattr(column, "auto_now", False)
    ]


def row_values(
    model: type[models.Model], value: dict[str, Value], *, leave_out: tuple[str, ...] = ()
) -> dict[str, Value]:
    """Return plain values as a row takes them; `BadImport` for a field there is none of."""
    columns = {column.name: column for column in editable(model)}
    found = {}
    for name, each in value.items():
        if name in leave_out:
            continue
        if name not in columns:
            raise BadImport(f"{model._meta.verbose_name} has no field {name!r}.")
        target = columns[name].related_model
        is_reference = isinstance(target, type) and each is not None
        found[name] = named(target, each) if is_reference else each  # type: ignore[arg-type]
    return found


def named(model: type[models.Model], name: str) -> models.Model:
    """Return the record of this natural key; `BadImport` where this site has none."""
    concrete = model._meta.concrete_model or model
    row = concrete._base_manager.filter(**{NAMED_BY[concrete]: name}).first()
    if row is None:
        raise BadImport(f"There is no {model._meta.verbose_name} {name!r} here.")
    return row


def domain_id(name: str | None) -> int | None:
    """Return the id of a named domain; None where what is named holds for all."""
    return None if name is None else int(named(Domain, name).pk)


def _plain_value(row: models.Model, column: "models.Field[Any, Any]") -> Value:
    if not column.is_relation:
        return getattr(row, column.name)
    target = getattr(row, column.name)
    return None if target is None else getattr(target, NAMED_BY[type(target)])
