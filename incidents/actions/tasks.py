"""Incident tasks: opened and closed by the workflow, mirroring the incident while open."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core.actor import Actor
from core.bus import emit
from core.changes import change_fields, check_version
from core.numbers import next_number
from incidents.choices import OPEN_TASK_STATES, TASK_STATE_OF, State, TaskState
from incidents.errors import IllegalMove, MissingField
from incidents.models import Incident, IncidentEntry, IncidentTask, IncidentTaskEntry
from incidents.queries import open_stage_task as find_open_stage_task

Kind = IncidentTaskEntry.Kind


@transaction.atomic
def open_stage_task(*, incident: Incident, by: Actor, now: datetime) -> IncidentTask:
    """Open the stage's task, Work in Progress (R53); the database allows one open at a time."""
    task = IncidentTask.objects.create(
        number=next_number("INCTASK"),
        domain_id=incident.domain_id,
        incident=incident,
        stage=incident.stage,
        state=TaskState.WORK_IN_PROGRESS,
        short_description=incident.short_description,
        description=incident.description,
        priority=incident.priority,
        ci=incident.ci,
        assignment_group=incident.assignment_group,
        opened_at=now,
        updated_at=now,
    )
    emit("incident_task.opened", record=task, by=by, now=now)
    return task


@transaction.atomic
def close_stage_task(
    *, incident: Incident, state: str, notes: str, by: Actor, now: datetime
) -> IncidentTask | None:
    """Close the open stage task with the notes (R52); None where none is open."""
    task = find_open_stage_task(incident)
    if task is None:
        return None
    _close(task, state, notes, by, now)
    return task


@transaction.atomic
def mirror_to_task(*, incident: Incident, by: Actor, now: datetime) -> None:
    """Copy title, priority, state, group and assignee to the open stage task (R67)."""
    task = find_open_stage_task(incident)
    if task is None:
        return
    state = TASK_STATE_OF[State(incident.state)]
    values = {
        "short_description": incident.short_description,
        "priority": incident.priority,
        "assignment_group": incident.assignment_group,
        "assigned_to": incident.assigned_to,
        "state": task.state if incident.state == State.NEW else state,
    }
    changes = change_fields(task, values, now=now)
    if changes and not task.is_open:
        task.closed_at = now
        task.save(update_fields=["closed_at"])
    if changes:
        _write(task, Kind.CHANGE, "", by, now, changes=changes)


@transaction.atomic
def close_tasks_with_incident(*, incident: Incident, by: Actor, now: datetime) -> None:
    """Close what is still open when the incident is closed or canceled (C.2)."""
    for task in IncidentTask.objects.filter(incident=incident, state__in=OPEN_TASK_STATES):
        _close(task, TASK_STATE_OF[State(incident.state)], "", by, now)


@transaction.atomic
def copy_note_to_task(*, entry: IncidentEntry, now: datetime) -> None:
    """Copy a work note or instructions to the open stage task (R67, R68)."""
    task = find_open_stage_task(entry.incident)
    if task is not None:
        by = Actor(kind=entry.actor_kind, name=entry.actor_name, user=entry.user)
        _write(task, entry.kind, entry.text, by, now, origin=f"incident:entry:{entry.pk}")


@transaction.atomic
def update_task(
    *,
    task_id: int,
    values: dict[str, Any],
    by: Actor,
    now: datetime,
    seen_version: int | None = None,
) -> IncidentTask:
    """Save a task's own fields; a closed task stays as it is (C.2)."""
    task = IncidentTask.objects.select_for_update().get(pk=task_id)
    check_version(task, seen_version)
    if not task.is_open:
        raise IllegalMove(f"{task.number} is {task.get_state_display()}; it cannot be edited.")
    changes = change_fields(task, values, now=now)
    if changes and not task.is_open:
        task.closed_at = now
        task.save(update_fields=["closed_at"])
    if changes:
        _write(task, Kind.CHANGE, "", by, now, changes=changes)
        payload = {"changes": changes}
        emit("incident_task.updated", record=task, by=by, now=now, payload=payload)
    return task


@transaction.atomic
def add_task_note(*, task_id: int, text: str, by: Actor, now: datetime) -> IncidentTaskEntry:
    """Add a work note to a task."""
    if not text.strip():
        raise MissingField("text", "An empty note says nothing.")
    task = IncidentTask.objects.get(pk=task_id)
    return _write(task, Kind.WORK_NOTE, text.strip(), by, now)


def _close(task: IncidentTask, state: str, notes: str, by: Actor, now: datetime) -> None:
    task.state, task.closed_at, task.updated_at = state, now, now
    task.close_notes = notes
    task.version += 1
    task.save()
    label = task.get_state_display()
    _write(task, Kind.WORK_NOTE, f"{label}: {notes}" if notes else f"{label}.", by, now)
    emit("incident_task.closed", record=task, by=by, now=now, payload={"state": state})


def _write(
    task: IncidentTask, kind: str, text: str, by: Actor, now: datetime, **more: Any
) -> IncidentTaskEntry:
    return IncidentTaskEntry.objects.create(
        task=task,
        kind=kind,
        text=text,
        created_at=now,
        **by.signature(),
        **more,
    )
