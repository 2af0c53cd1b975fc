"""Change fields of a record and say in words what changed."""

from datetime import datetime
from typing import Any

from django.db import models

from core.models import Record


class MovedOn(Exception):
    """The record is no longer what the user saw; nothing was changed (reliability R5)."""


def check_version(record: Record, seen_version: int | None) -> None:
    """Raise `MovedOn` when somebody changed the record since the user saw it."""
    if seen_version is not None and record.version != seen_version:
        raise MovedOn(f"{record.number} was changed by somebody else in the meantime.")


def change_fields(record: Record, values: dict[str, Any], *, now: datetime) -> list[dict[str, Any]]:
    """Set the values, save, and return what changed as [{field, label, old, new}].

    A new assignment group clears the assignee unless one is given along (R18).
    """
    values = with_group_rule(record, values)
    changes = [c for name, value in values.items() if (c := _set(record, name, value))]
    if changes:
        record.version += 1
        record.updated_at = now
        record.save()
    return changes


def with_group_rule(record: Record, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values with the assignee emptied where the group changes (R18)."""
    group = values.get("assignment_group", record.assignment_group)
    if group != record.assignment_group and "assigned_to" not in values:
        return {**values, "assigned_to": None}
    return values


def _set(record: Record, name: str, value: Any) -> dict[str, Any] | None:
    field = record._meta.get_field(name)
    assert isinstance(field, models.Field)
    old = getattr(record, name)
    if old == value:
        return None
    before = shown(record, field)
    setattr(record, name, value)
    label = str(field.verbose_name).capitalize()
    return {"field": name, "label": label, "old": before, "new": shown(record, field)}


def shown(record: models.Model, field: "models.Field[Any, Any]") -> str:
    """Return a field's value as people read it."""
    display = getattr(record, f"get_{field.name}_display", None)
    value = display() if display else getattr(record, field.name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
