"""Change one cell of a list through the record's own action, and tell who was faster."""

from dataclasses import dataclass
from datetime import datetime

from core.changes import MovedOn
from core.models import User
from workspace.forms.cells import CellForm
from workspace.lists.deeds import ACTIONS, remember, watch
from workspace.lists.definition import Column, ListPage
from workspace.models import Deed

ENTRIES_LOOKED_AT = 10


@dataclass(frozen=True, slots=True)
class Conflict:
    """Who changed the cell since the user saw it."""

    who: str
    label: str
    old: str
    new: str
    at: datetime


def save_cell(
    page: ListPage, column: Column, form: CellForm, user: User, now: datetime
) -> Conflict | Deed | None:
    """Save the cell and return the deed to undo it by; None where nothing changed.

    A `Conflict` where the very value moved on since the user saw it; a record that moved on
    elsewhere is none. Errors: `Refused` and its kinds.
    """
    try:
        return _save(page, column, form, user, now, form.cleaned_data["version"])
    except MovedOn:
        form.record.refresh_from_db()
        if form.seen_now() != form.cleaned_data["seen"]:
            return conflict_of(form)
        return _save(page, column, form, user, now, form.record.version)


def _save(
    page: ListPage, column: Column, form: CellForm, user: User, now: datetime, version: int
) -> Deed | None:
    reason = form.cleaned_data.get("reason", "")

    def act() -> None:
        ACTIONS[page.name](form.record.pk, form.values(), reason, user, now, version)

    changed = watch(page, form.record, act)
    return remember(
        page=page,
        title=f"{column.label} of {form.record.number}",
        permission=column.edit,
        changed=[changed] if changed else [],
        by=user,
        now=now,
    )


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
