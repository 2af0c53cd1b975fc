"""Change incidents: fields, state, stage, resolution."""

from datetime import datetime
from typing import Any

from django.db import transaction

from changes.models import ChangeRequest
from core.actor import Actor
from core.bus import emit, new_act
from core.changes import change_fields, check_version
from incidents.actions.notes import write_entry
from incidents.actions.rules import check_move, check_values
from incidents.choices import OPEN_STATES, State
from incidents.errors import IllegalMove
from incidents.models import Incident, IncidentEntry
from incidents.queries import is_closed, locked, priority_for

Change = dict[str, Any]


@transaction.atomic
def update_incident(
    *,
    incident_id: int,
    values: dict[str, Any],
    by: Actor,
    now: datetime,
    seen_version: int | None = None,
    reason: str = "",
) -> Incident:
    """Save field values, and the state where one is given.

    Emits `incident.updated` for fields, `incident.state_changed` for the state and
    `incident.saved` always. Errors: `MovedOn` when somebody was faster, `Refused` and its kinds.
    """
    incident = locked(incident_id)
    check_version(incident, seen_version)
    if is_closed(incident):
        raise IllegalMove(f"{incident.number} is {incident.get_state_display()}; it stays so.")
    values = dict(values)
    state = values.pop("state", incident.state)
    check_values(values, incident)
    changes = _change(incident, values, now)
    moved = _move(incident, state, by, now)
    _say(incident, changes, moved, by, now, reason)
    emit("incident.saved", record=incident, by=by, now=now)
    incident.refresh_from_db()
    return incident


@transaction.atomic
def resolve_incident(
    *,
    incident_id: int,
    code: str,
    notes: str,
    by: Actor,
    now: datetime,
    probable_cause: str | None = None,
    seen_version: int | None = None,
) -> Incident:
    """Resolve with code and notes, both mandatory (R26, R110); same as setting the state (R116)."""
    values = {"resolution_code": code, "resolution_notes": notes, "state": State.RESOLVED}
    if probable_cause is not None:
        values["probable_cause"] = probable_cause
    return update_incident(
        incident_id=incident_id, values=values, by=by, now=now, seen_version=seen_version
    )


@transaction.atomic
def link_cause(*, incident_id: int, change_id: int, by: Actor, now: datetime) -> Incident:
    """Name the change request that caused the incident (R39); its origin then says so."""
    change = ChangeRequest.objects.get(pk=change_id)
    return update_incident(
        incident_id=incident_id, values={"caused_by_change": change}, by=by, now=now
    )


@transaction.atomic
def set_by_workflow(
    *, incident: Incident, values: dict[str, Any], by: Actor, now: datetime, act: str
) -> list[Change]:
    """Set fields on behalf of a running subflow; the caller holds the row's lock."""
    changes = _change(incident, values, now)
    _write_changes(incident, changes, by, now, act)
    _emit_changes(incident, changes, by, now)
    return changes


@transaction.atomic
def enter_stage(*, incident: Incident, stage: str, by: Actor, now: datetime, act: str) -> None:
    """Move a locked incident to another stage (R55)."""
    old = incident.get_stage_display()
    before = incident.stage
    incident.enter_stage(stage)
    incident.version += 1
    incident.updated_at = now
    incident.save()
    changes = [
        {"field": "stage", "label": "Stage", "old": old, "new": incident.get_stage_display()}
    ]
    _write_changes(incident, changes, by, now, act)
    payload = {"changes": changes, "old": before, "new": stage}
    emit("incident.updated", record=incident, by=by, now=now, payload=payload)


@transaction.atomic
def clear_attention(*, incident_id: int, by: Actor, now: datetime) -> None:
    """Switch Needs attention off (R72); nothing happens where it is off."""
    incident = locked(incident_id)
    if incident.needs_attention:
        set_by_workflow(
            incident=incident, values={"needs_attention": False}, by=by, now=now, act=new_act()
        )


def _change(incident: Incident, values: dict[str, Any], now: datetime) -> list[Change]:
    if "impact" in values or "urgency" in values:
        impact = values.get("impact", incident.impact)
        values["priority"] = priority_for(impact, values.get("urgency", incident.urgency))
    group = incident.assignment_group_id
    changes = change_fields(incident, values, now=now)
    if group is not None and incident.assignment_group_id != group:
        incident.reassignment_count += 1
        incident.save(update_fields=["reassignment_count"])
    return changes


def _move(incident: Incident, state: str, by: Actor, now: datetime) -> dict[str, str] | None:
    if state == incident.state:
        return None
    check_move(incident, state)
    old, old_label = incident.state, incident.get_state_display()
    incident.move_to(state)
    _stamp(incident, old, by, now)
    incident.version += 1
    incident.updated_at = now
    incident.save()
    return {"old": old, "new": state, "old_label": old_label}


def _stamp(incident: Incident, old: str, by: Actor, now: datetime) -> None:
    if incident.state == State.RESOLVED:
        incident.resolved_at, incident.resolved_by = now, by.user
    if incident.state in (State.CLOSED, State.CANCELED):
        incident.closed_at = now
    if incident.state != State.ON_HOLD:
        incident.hold_reason, incident.follow_up_at = "", None
    if old == State.RESOLVED and incident.state in OPEN_STATES:
        incident.reopen_count += 1
        incident.resolved_at = None


def _say(
    incident: Incident,
    changes: list[Change],
    moved: dict[str, str] | None,
    by: Actor,
    now: datetime,
    reason: str,
) -> None:
    shown = list(changes)
    if moved:
        label = incident.get_state_display()
        shown.append({"field": "state", "label": "State", "old": moved["old_label"], "new": label})
    _write_changes(incident, shown, by, now, new_act(), text=reason)
    _emit_changes(incident, changes, by, now, reason)
    if moved:
        payload = {**moved, "reason": reason}
        emit("incident.state_changed", record=incident, by=by, now=now, payload=payload)
        _emit_landmark(incident, moved["old"], by, now)


def _emit_landmark(incident: Incident, old: str, by: Actor, now: datetime) -> None:
    if incident.state == State.RESOLVED:
        emit("incident.resolved", record=incident, by=by, now=now)
    elif old == State.RESOLVED and incident.is_open:
        emit("incident.reopened", record=incident, by=by, now=now)


def _emit_changes(
    incident: Incident, changes: list[Change], by: Actor, now: datetime, reason: str = ""
) -> None:
    if not changes:
        return
    payload = {"changes": changes, "reason": reason}
    emit("incident.updated", record=incident, by=by, now=now, payload=payload)
    if any(c["field"] == "ci" for c in changes):
        emit("incident.ci_changed", record=incident, by=by, now=now, payload=payload)


def _write_changes(
    incident: Incident, changes: list[Change], by: Actor, now: datetime, act: str, text: str = ""
) -> None:
    if changes:
        kind = IncidentEntry.Kind.CHANGE
        write_entry(incident, kind, text, by, now, changes=changes, act=act)
