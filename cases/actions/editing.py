"""Open single cases and change them."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Account, Contact
from cases.actions.writing import write_entry
from cases.choices import OPEN_CASE_STATES, CaseState
from cases.models import Case, CaseEntry
from cases.queries import MOVES, locked_case, primary_contacts
from core.actor import Actor
from core.bus import emit
from core.changes import change_fields, check_version
from core.models import default_domain
from core.numbers import next_number
from incidents.actions import add_affected_account
from incidents.errors import IllegalMove, MissingField, Refused
from incidents.models import AffectedAccount, Incident

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
) -> Case:
    """Open one case (R106); a linked incident counts its account as affected (R89)."""
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
    if incident is not None and account is not None:
        add_affected_account(
            incident_id=incident.pk,
            account_id=account.pk,
            by=by,
            now=now,
            source=AffectedAccount.Source.CASE,
        )
    emit("case.opened", record=case, by=by, now=now)
    return case


def _domain(incident: Incident | None, by: Actor) -> int:
    if incident is not None:
        return int(incident.domain_id)
    return int(by.user.domain_id) if by.user else default_domain()


@transaction.atomic
def update_case(
    *,
    case_id: int,
    values: dict[str, Any],
    by: Actor,
    now: datetime,
    seen_version: int | None = None,
) -> Case:
    """Save fields and, where given, the state; emits `case.updated` and `case.state_changed`."""
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
    if state != case.state:
        move_case(case, state, by, now)
    return case


def move_case(case: Case, state: str, by: Actor, now: datetime) -> None:
    """Move a locked case along the table of C.3 and say so."""
    if state not in MOVES.get(case.state, ()):
        here = case.get_state_display()
        raise IllegalMove(f"{case.number} is {here}; it cannot become {CaseState(state).label}.")
    if state == CaseState.RESOLVED and not (case.resolution_code and case.resolution_notes):
        raise MissingField("resolution_notes", "A solution needs a code and notes.")
    old, old_label = case.state, case.get_state_display()
    case.move_to(state)
    case.resolved_at = now if state == CaseState.RESOLVED else case.resolved_at
    case.closed_at = now if state not in (*OPEN_CASE_STATES, CaseState.RESOLVED) else None
    case.version += 1
    case.updated_at = now
    case.save()
    label = case.get_state_display()
    changes = [{"field": "state", "label": "State", "old": old_label, "new": label}]
    write_entry(case, CaseEntry.Kind.CHANGE, "", by, now, changes=changes)
    emit("case.state_changed", record=case, by=by, now=now, payload={"old": old, "new": state})
