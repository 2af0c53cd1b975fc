"""Change one cell of a list through the record's own action, and tell who was faster."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.actions import update_case
from core.actor import actor_of
from core.changes import MovedOn
from core.models import User
from incidents.actions import update_incident, update_task
from workspace.forms.cells import CellForm

ENTRIES_LOOKED_AT = 10


@dataclass(frozen=True, slots=True)
class Conflict:
    """Who changed the cell since the user saw it."""

    who: str
    label: str
    old: str
    new: str
    at: datetime


def save_cell(list_name: str, form: CellForm, user: User, now: datetime) -> Conflict | None:
    """Save the cell; a `Conflict` where the very value moved on since the user saw it.

    A record that moved on elsewhere is no conflict. Errors: `Refused` and its kinds.
    """
    version = form.cleaned_data["version"]
    reason = form.cleaned_data.get("reason", "")
    save = ACTIONS[list_name]
    try:
        save(form.record.pk, form.values(), reason, user, now, version)
    except MovedOn:
        form.record.refresh_from_db()
        if form.seen_now() != form.cleaned_data["seen"]:
            return conflict_of(form)
        save(form.record.pk, form.values(), reason, user, now, form.record.version)
    return None


def conflict_of(form: CellForm) -> Conflict:
    """Return the last change of the cell's fields, as the journal tells it."""
    names = {*form.names, form.column}
    for entry in form.record.journal.filter(kind="change").order_by("-id")[:ENTRIES_LOOKED_AT]:
        for change in entry.changes:
            if change["field"] in names:
                return Conflict(
                    entry.actor_name,
                    change["label"],
                    change["old"],
                    change["new"],
                    entry.created_at,
                )
    return Conflict("Somebody", form.column, "", form.seen_now(), form.record.updated_at)


def _incident(
    pk: int, values: dict[str, Any], reason: str, user: User, now: datetime, version: int
) -> None:
    update_incident(
        incident_id=pk,
        values=values,
        by=actor_of(user),
        now=now,
        seen_version=version,
        reason=reason,
    )


def _case(
    pk: int, values: dict[str, Any], reason: str, user: User, now: datetime, version: int
) -> None:
    update_case(
        case_id=pk, values=values, by=actor_of(user), now=now, seen_version=version, reason=reason
    )


def _task(
    pk: int, values: dict[str, Any], reason: str, user: User, now: datetime, version: int
) -> None:
    update_task(task_id=pk, values=values, by=actor_of(user), now=now, seen_version=version)


Save = Callable[[int, dict[str, Any], str, User, datetime, int], None]
ACTIONS: dict[str, Save] = {"incidents": _incident, "cases": _case, "tasks": _task}
