"""What can be done to many records at once.

Each kind is two functions over one record: `applicable(record, user)` says why not, or nothing;
`apply_one(record, values, user, now)` does it by one action and says what was done; it refuses when
the record is not what was read. Values are plain, so that a stored job can call them in chunks.
"""

from datetime import datetime
from typing import Any

from cases.actions import notify_customers, update_case
from cases.choices import OPEN_CASE_STATES, CaseState
from cases.models import Case
from core.actor import actor_of
from core.models import AssignmentGroup, User
from escalation.actions import escalate
from escalation.queries import preview
from incidents.actions import update_incident, update_task
from incidents.choices import State
from incidents.models import Incident, IncidentTask
from incidents.queries import is_closed, may_work_on

Values = dict[str, Any]


def open_incident_only(incident: Incident, user: User) -> str:
    """Say why an incident cannot be changed."""
    return f"It is {incident.get_state_display()}." if is_closed(incident) else ""


def escalatable(incident: Incident, user: User) -> str:
    """Say why the user cannot escalate it now."""
    ahead = preview(incident)
    if not ahead.possible:
        return ahead.reason
    if not may_work_on(incident, user):
        return f"Only members of {incident.assignment_group} escalate this incident."
    return ""


def has_customers_to_tell(incident: Incident, user: User) -> str:
    """Say why nobody can be told about it."""
    return "" if _cases_to_tell(incident.pk) else "It has no open case with an account."


def open_case_only(case: Case, user: User) -> str:
    """Say why a case cannot be changed."""
    closed = case.state in (CaseState.CLOSED, CaseState.CANCELED)
    return f"It is {case.get_state_display()}." if closed else ""


def movable_case(case: Case, user: User) -> str:
    """Say why an agent cannot move a case."""
    return "" if case.state in OPEN_CASE_STATES else f"It is {case.get_state_display()}."


def tellable_case(case: Case, user: User) -> str:
    """Say why a case's customer cannot be told."""
    reason = "" if case.account_id else "It has no account."
    return (
        open_case_only(case, user) or reason or ("" if case.incident_id else "It has no incident.")
    )


def open_task_only(task: IncidentTask, user: User) -> str:
    """Say why a task cannot be changed."""
    return "" if task.is_open else f"It is {task.get_state_display()}."


def assign_incident(record: Any, values: Values, user: User, now: datetime) -> str:
    """Assign one incident."""
    found = _people(values)
    update_incident(
        incident_id=record.pk,
        values=found,
        by=actor_of(user),
        now=now,
        seen_version=record.version,
    )
    return _assigned(found)


def move_incident(record: Any, values: Values, user: User, now: datetime) -> str:
    """Move one incident to another state."""
    changes = {"state": values["state"]}
    if values["state"] == State.ON_HOLD:
        changes["hold_reason"] = values["hold_reason"]
    update_incident(
        incident_id=record.pk,
        values=changes,
        by=actor_of(user),
        now=now,
        seen_version=record.version,
    )
    return f"{State(values['state']).label}."


def escalate_incident(record: Any, values: Values, user: User, now: datetime) -> str:
    """Escalate one incident from the stage it is in."""
    run = escalate(
        incident_id=record.pk,
        seen_stage=record.stage,
        notes=values["notes"],
        by=actor_of(user),
        now=now,
    )
    return f"Escalated to {run.plan['group']}."


def notify_incident(record: Any, values: Values, user: User, now: datetime) -> str:
    """Tell the customers of one incident's open cases."""
    told = notify_customers(
        case_ids=_cases_to_tell(record.pk),
        note=values["note"],
        by=actor_of(user),
        now=now,
        incident_id=record.pk,
    )
    return f"Informed {told} customer{'s' if told != 1 else ''}."


def assign_case(record: Any, values: Values, user: User, now: datetime) -> str:
    """Assign one case."""
    found = _people(values)
    update_case(
        case_id=record.pk,
        values=found,
        by=actor_of(user),
        now=now,
        seen_version=record.version,
    )
    return _assigned(found)


def move_case(record: Any, values: Values, user: User, now: datetime) -> str:
    """Move one case to another state."""
    state = values["state"]
    update_case(
        case_id=record.pk,
        values={"state": state},
        by=actor_of(user),
        now=now,
        seen_version=record.version,
    )
    return f"{CaseState(state).label}."


def notify_case(record: Any, values: Values, user: User, now: datetime) -> str:
    """Tell one case's customer."""
    notify_customers(case_ids=[record.pk], note=values["note"], by=actor_of(user), now=now)
    return "Informed the customer."


def assign_task(record: Any, values: Values, user: User, now: datetime) -> str:
    """Assign one task."""
    found = _people(values)
    update_task(
        task_id=record.pk,
        values=found,
        by=actor_of(user),
        now=now,
        seen_version=record.version,
    )
    return _assigned(found)


def _people(values: Values) -> Values:
    found: Values = {}
    if values.get("group"):
        found["assignment_group"] = AssignmentGroup.objects.get(pk=values["group"])
    if values.get("assignee"):
        found["assigned_to"] = User.objects.get(pk=values["assignee"])
    return found


def _assigned(found: Values) -> str:
    return f"Assigned to {', '.join(str(value) for value in found.values())}."


def _cases_to_tell(incident_id: int) -> list[int]:
    rows = Case.objects.tellable().filter(incident_id=incident_id)
    return list(rows.values_list("pk", flat=True))
