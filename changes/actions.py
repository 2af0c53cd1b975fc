"""Open, change and move change requests, and write into their stream (C.4)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from changes.models import ChangeEntry, ChangeRequest
from changes.policy import moves_from, needed_for
from changes.queries import locked_change
from core.actor import Actor
from core.bus import emit, new_act
from core.changes import change_fields, check_version
from core.errors import IllegalMove, MissingField, NotAllowed, Refused
from core.models import default_domain
from core.numbers import next_number

Kind = ChangeEntry.Kind
State = ChangeRequest.State
EDITABLE = frozenset(
    {
        "short_description",
        "description",
        "priority",
        "assignment_group",
        "assigned_to",
        "account",
        "ci",
        "kind",
        "planned_start",
        "planned_end",
        "actual_end",
        "close_code",
        "close_notes",
    }
)
# Approvals were given for this item and this way of working (X17).
ONLY_WHILE_NEW = {"ci": "The configuration item", "kind": "The type"}


@transaction.atomic
def open_change(
    *,
    by: Actor,
    now: datetime,
    short_description: str,
    values: dict[str, Any] | None = None,
    domain_id: int | None = None,
) -> ChangeRequest:
    """Open a change request and say so (`change.opened`).

    Errors: `MissingField` for an empty title, `Refused` for a field that cannot be set.
    """
    values = dict(values or {})
    if not short_description.strip():
        raise MissingField("short_description", "A short description is needed.")
    _check_fields(values)
    _check_window(values.get("planned_start"), values.get("planned_end"))
    change = ChangeRequest.objects.create(
        number=next_number("CHG"),
        short_description=short_description.strip()[:160],
        domain_id=domain_id or (by.user.domain_id if by.user else default_domain()),
        opened_at=now,
        updated_at=now,
        **values,
    )
    _write(change, Kind.SYSTEM, "Change request opened.", by, now)
    emit("change.opened", record=change, by=by, now=now)
    return change


@transaction.atomic
def update_change(
    *,
    change_id: int,
    values: dict[str, Any],
    by: Actor,
    now: datetime,
    seen_version: int | None = None,
) -> ChangeRequest:
    """Change fields and say which (`change.updated`); a state has its own action.

    Errors: `Refused` for a closed change, for the item or type once the change has left New
    (X17); `core.changes.MovedOn` when somebody was faster.
    """
    change = locked_change(change_id)
    check_version(change, seen_version)
    _check_fields(values)
    _check_open(change)
    _check_frozen(change, values)
    _check_window(
        values.get("planned_start", change.planned_start),
        values.get("planned_end", change.planned_end),
    )
    changes = change_fields(change, values, now=now)
    if changes:
        _write(change, Kind.CHANGE, "", by, now, changes=changes, act=new_act())
        emit("change.updated", record=change, by=by, now=now, payload={"changes": changes})
    return change


@transaction.atomic
def move_change(
    *,
    change_id: int,
    state: str,
    by: Actor,
    now: datetime,
    seen_version: int | None = None,
    values: dict[str, Any] | None = None,
) -> ChangeRequest:
    """Move a change to its next state and say so (`change.state_changed`, R127, R130, R131).

    In: the target state, and field values to set on the way (such as code and notes to close).
    Errors: `IllegalMove` for a move the type does not know, `MissingField` for what the state
    needs (R124), `NotAllowed` for who may not authorize; `core.changes.MovedOn` when somebody
    was faster.
    """
    change = locked_change(change_id)
    check_version(change, seen_version)
    if values:
        change = update_change(change_id=change_id, values=values, by=by, now=now)
    _check_move(change, state)
    _check_authority(change, by)
    old = change.state
    was = change.get_state_display()
    change.move_to(state)
    _stamp(change, now)
    change.save()
    moved = {"field": "state", "label": "State", "old": was, "new": change.get_state_display()}
    _write(change, Kind.CHANGE, "", by, now, changes=[moved], act=new_act())
    emit("change.state_changed", record=change, by=by, now=now, payload={"old": old, "new": state})
    return change


@transaction.atomic
def add_work_note(
    *, change_id: int, text: str, by: Actor, now: datetime, origin: str = "", link: str = ""
) -> ChangeEntry:
    """Add a private note. A copied entry with a known `origin` is added once only (R128)."""
    return _note(change_id, Kind.WORK_NOTE, text, by, now, origin=origin, link=link)


@transaction.atomic
def add_comment(
    *, change_id: int, text: str, by: Actor, now: datetime, origin: str = "", link: str = ""
) -> ChangeEntry:
    """Add a comment customers may see. A copied entry is added once only (R128)."""
    return _note(change_id, Kind.COMMENT, text, by, now, origin=origin, link=link)


def _note(
    change_id: int, kind: str, text: str, by: Actor, now: datetime, *, origin: str, link: str
) -> ChangeEntry:
    if not text.strip():
        raise MissingField("text", "An empty note says nothing.")
    # The lock makes two copies of one entry come one after the other.
    change = locked_change(change_id)
    known = ChangeEntry.objects.filter(change=change, origin=origin).first() if origin else None
    if known is not None:
        return known
    entry = _write(change, kind, text.strip(), by, now, origin=origin, link=link)
    payload = {"entry_id": entry.pk, "kind": kind, "origin": origin}
    emit("change.noted", record=change, by=by, now=now, payload=payload)
    return entry


def _write(
    change: ChangeRequest, kind: str, text: str, by: Actor, now: datetime, **more: Any
) -> ChangeEntry:
    return ChangeEntry.objects.create(
        change=change,
        kind=kind,
        text=text,
        created_at=now,
        **by.signature(),
        **more,
    )


def _check_fields(values: dict[str, Any]) -> None:
    unknown = sorted(set(values) - EDITABLE)
    if unknown:
        raise Refused(f"These fields cannot be set here: {', '.join(unknown)}.")


def _check_open(change: ChangeRequest) -> None:
    if change.state in (State.CLOSED, State.CANCELED):
        raise Refused(f"{change.number} is {change.get_state_display().lower()} and stays so.")


def _check_frozen(change: ChangeRequest, values: dict[str, Any]) -> None:
    for name, words in ONLY_WHILE_NEW.items():
        changed = name in values and values[name] != getattr(change, name)
        if changed and change.state != State.NEW:
            raise Refused(f"{words} can be changed only while {change.number} is New.")


def _check_window(start: datetime | None, end: datetime | None) -> None:
    if start is not None and end is not None and end <= start:
        raise MissingField("planned_end", "The planned end must come after the planned start.")


def _check_move(change: ChangeRequest, state: str) -> None:
    if state not in moves_from(change.kind, change.state):
        wanted = dict(State.choices).get(state, state)
        here, kind = change.get_state_display(), change.get_kind_display().lower()
        raise IllegalMove(
            f"{change.number} is {here}; a {kind} change cannot move from there to {wanted}."
        )
    needed = needed_for(change.kind, state)
    missing = [name for name in needed if not getattr(change, name)]
    if missing:
        words = ", ".join(needed[name] for name in missing)
        label = dict(State.choices)[state]
        raise MissingField(missing[0], f"{change.number} needs {words} before {label}.")


def _check_authority(change: ChangeRequest, by: Actor) -> None:
    # Sending it back or canceling it is deciding as well (R130, C.4).
    decides = change.state == State.AUTHORIZE and by.user is not None
    if decides and by.user and not by.user.has_perm("changes.authorize_change"):
        raise NotAllowed(f"Only a change manager may decide about {change.number} now.")


def _stamp(change: ChangeRequest, now: datetime) -> None:
    change.version += 1
    change.updated_at = now
    if change.state == State.REVIEW and change.actual_end is None:
        change.actual_end = now
    if change.state in (State.CLOSED, State.CANCELED):
        change.closed_at = now
