"""Open single cases and change them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Account, Contact
from accounts.queries import primary_contacts
from cases.actions.writing import write_entry
from cases.choices import OPEN_CASE_STATES, CaseState
from cases.models import Case, CaseEntry
from cases.queries import MOVES, lock_incidents_of, locked_case
from core.actor import Actor
from core.bus import emit
from core.changes import change_fields, check_version
from core.models import default_domain
from core.numbers import next_number
from core.scope import everything
from incidents.actions import add_affected_account
from incidents.errors import IllegalMove, MissingField, Refused
from incidents.models import AffectedAccount, Incident
from incidents.queries import locked

EDITABLE = frozenset(
    {
        "short_description",
        "description",
        "priority",
        "account",
        "contact",
        "channel",
        "assignment_group",
        "assigned_to",
        "resolution_code",
        "resolution_notes",
        "cause",
        "probable_cause",
        "business_impact",
        "product",
        "install_base_item",
        "contract",
        "entitlement",
        "incident",
        "problem",
        "change_request",
    }
)


@transaction.atomic
def open_case(
    *,
    by: Actor,
    now: datetime,
    short_description: str,
    account: Account | None = None,
    description: str = "",
    contact: Contact | None = None,
    incident_id: int | None = None,
    values: dict[str, Any] | None = None,
    domain_id: int | None = None,
    before_telling: Callable[[Case], None] | None = None,
) -> Case:
    """Open one case (R106); a linked incident counts its account as affected (R89).

    `before_telling` writes what must lie beside the case before anybody hears of it.
    """
    if not short_description.strip():
        raise MissingField("short_description", "A short description is needed.")
    incident = Incident.objects.get(pk=incident_id) if incident_id else None
    if contact is None and account is not None:
        contact = primary_contacts([account.pk]).get(account.pk)
    case = Case.objects.create(
        number=next_number("CS"),
        domain_id=domain_id or _domain(incident, by),
        short_description=short_description.strip()[:160],
        description=description,
        account=account,
        contact=contact,
        incident=incident,
        opened_at=now,
        updated_at=now,
        **(values or {}),
    )
    write_entry(case, CaseEntry.Kind.SYSTEM, "Case opened.", by, now)
    _count_as_affected(case, by, now)
    if before_telling is not None:
        before_telling(case)
    emit("case.opened", record=case, by=by, now=now)
    return case


def _domain(incident: Incident | None, by: Actor) -> int:
    if incident is not None:
        return incident.domain_pk
    return (by.user.domain_id if by.user else None) or default_domain()


@transaction.atomic
def update_case(
    *,
    case_id: int,
    values: dict[str, Any],
    by: Actor,
    now: datetime,
    seen_version: int | None = None,
    reason: str = "",
) -> Case:
    """Save fields and, where given, the state; emits `case.updated` and `case.state_changed`."""
    if values.get("incident"):
        locked(values["incident"].pk)
    elif "account" in values:
        lock_incidents_of([case_id])
    case = locked_case(case_id)
    check_version(case, seen_version)
    values = dict(values)
    state = values.pop("state", case.state)
    if unknown := set(values) - EDITABLE:
        raise Refused(f"{', '.join(sorted(unknown))} cannot be set.")
    if case.state in (CaseState.CLOSED, CaseState.CANCELED):
        raise IllegalMove(f"{case.number} is {case.get_state_display()}; it cannot be changed.")
    changes = change_fields(case, values, now=now)
    if changes:
        write_entry(case, CaseEntry.Kind.CHANGE, "", by, now, changes=changes)
        emit("case.updated", record=case, by=by, now=now, payload={"changes": changes})
    if {"incident", "account"} & {change["field"] for change in changes}:
        _count_as_affected(case, by, now)
    if state != case.state:
        _check_agents_move(case, state, by, reason)
        move_case(case, state, by, now, reason=reason)
    return case


@transaction.atomic
def accept_solution(*, case_id: int, by: Actor, now: datetime) -> Case:
    """Close a resolved case, because its customer is content (C.3)."""
    case = locked_case(case_id)
    _check_resolved(case)
    move_case(case, CaseState.CLOSED, by, now, reason="Solution accepted.")
    return case


@transaction.atomic
def reject_solution(*, case_id: int, reason: str, by: Actor, now: datetime) -> Case:
    """Open a resolved case again, because the fault is still there; the reason is needed."""
    if not reason.strip():
        raise MissingField("reason", "Write what is still wrong.")
    case = locked_case(case_id)
    _check_resolved(case)
    move_case(case, CaseState.OPEN, by, now, reason=reason.strip())
    return case


def _check_resolved(case: Case) -> None:
    if case.state != CaseState.RESOLVED:
        raise IllegalMove(f"{case.number} has no solution that could be accepted or rejected.")


def _check_agents_move(case: Case, state: str, by: Actor, reason: str) -> None:
    if by.kind != "person":
        return
    if case.state == CaseState.RESOLVED:
        raise IllegalMove("Only the customer accepts or rejects a solution.")
    if state == CaseState.CLOSED and not (reason or case.resolution_notes).strip():
        raise MissingField("resolution_notes", "Write why the case is closed.")


def _count_as_affected(case: Case, by: Actor, now: datetime) -> None:
    if case.incident_id is None or case.account_id is None:
        return
    # The incident may be the provider's; who works on the customer's case need not see it.
    with everything():
        add_affected_account(
            incident_id=case.incident_id,
            account_id=case.account_id,
            by=by,
            now=now,
            source=AffectedAccount.Source.CASE,
        )


def move_case(case: Case, state: str, by: Actor, now: datetime, *, reason: str = "") -> None:
    """Move a locked case along the table of C.3 and say so."""
    if state not in MOVES.get(case.state, ()):
        here = case.get_state_display()
        raise IllegalMove(f"{case.number} is {here}; it cannot become {CaseState(state).label}.")
    if state == CaseState.RESOLVED and not (case.resolution_code and case.resolution_notes):
        raise MissingField("resolution_notes", "A solution needs a code and notes.")
    old, old_label = case.state, case.get_state_display()
    case.move_to(state)
    if state in OPEN_CASE_STATES:
        case.resolved_at = None
    elif state == CaseState.RESOLVED:
        case.resolved_at = now
    case.closed_at = now if state not in (*OPEN_CASE_STATES, CaseState.RESOLVED) else None
    case.version += 1
    case.updated_at = now
    case.save()
    label = case.get_state_display()
    changes = [{"field": "state", "label": "State", "old": old_label, "new": label}]
    write_entry(case, CaseEntry.Kind.CHANGE, "", by, now, changes=changes)
    payload = {"old": old, "new": state, "reason": reason}
    emit("case.state_changed", record=case, by=by, now=now, payload=payload)
