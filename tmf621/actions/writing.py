"""Write notes and moves to incidents and cases alike."""

from datetime import datetime
from typing import Any

from cases import actions as case_actions
from cases.actions.writing import write_entry as write_case_entry
from cases.models import Case
from core.actor import Actor
from core.models import User
from incidents import actions as incident_actions
from incidents.actions.notes import write_entry as write_incident_entry
from incidents.choices import ResolutionCode
from incidents.models import Incident, IncidentEntry
from tmf621.drafts import Draft, DraftNote
from tmf621.mapping import Standing
from tmf621.resources import Ticket

EntryKind = IncidentEntry.Kind
RESOLVED = "resolved"
AUTHOR_LENGTH = 150


def author_of(note: DraftNote, client: User) -> Actor:
    """Return who wrote the note: whom the client names, acting through the client."""
    return Actor(kind="client", name=note.author[:AUTHOR_LENGTH] or str(client), user=client)


def write_quietly(record: Ticket, kind: str, text: str, by: Actor, now: datetime) -> None:
    """Write an entry that is part of opening the ticket and no event of its own."""
    if isinstance(record, Case):
        write_case_entry(record, kind, text, by, now)
    else:
        write_incident_entry(record, kind, text, by, now)


def add_note(record: Ticket, note: DraftNote, client: User, now: datetime) -> None:
    """Add a client's note to a ticket that exists."""
    module: Any = case_actions if isinstance(record, Case) else incident_actions
    add = module.add_work_note if note.private else module.add_comment
    key = "case_id" if isinstance(record, Case) else "incident_id"
    add(**{key: record.pk}, text=note.text, by=author_of(note, client), now=now)


def resolution_values(record: Ticket, draft: Draft, client: User) -> dict[str, Any]:
    """Return code and notes for a client's "resolved"; what people wrote before stays."""
    # Resolution notes reach customers, work notes never do (R20).
    public = [note.text for note in reversed(draft.notes) if not note.private]
    said = [draft.reason, *public]
    notes = next((text for text in said if text and text.strip()), "")
    default = f"Resolved by {client} through the trouble ticket API."
    return {
        "resolution_code": record.resolution_code or ResolutionCode.BY_CALLER.value,
        "resolution_notes": record.resolution_notes or notes or default,
    }


def standing_values(
    record: Ticket, standing: Standing, draft: Draft, client: User
) -> dict[str, Any]:
    """Return the values that bring the record to the standing."""
    values: dict[str, Any] = {"state": standing.state}
    if isinstance(record, Incident) and standing.hold_reason:
        values["hold_reason"] = standing.hold_reason
    if standing.resolution_code:
        values["resolution_code"] = standing.resolution_code
    if standing.state == RESOLVED:
        values.update(resolution_values(record, draft, client))
    return values


def save_values(
    record: Ticket, values: dict[str, Any], by: Actor, now: datetime, reason: str
) -> None:
    """Save the values by the record's own action."""
    if not isinstance(record, Case):
        incident_actions.update_incident(
            incident_id=record.pk, values=values, by=by, now=now, reason=reason
        )
    elif values.get("state") == RESOLVED and record.is_major:
        _resolve_major(record, values, by, now)
    else:
        case_actions.update_case(case_id=record.pk, values=values, by=by, now=now, reason=reason)


def _resolve_major(case: Case, values: dict[str, Any], by: Actor, now: datetime) -> None:
    """Save the fields first: resolving a major case takes its children along (R114)."""
    values = {name: value for name, value in values.items() if name != "state"}
    case_actions.update_case(case_id=case.pk, values=values, by=by, now=now)
    code, notes = values["resolution_code"], values["resolution_notes"]
    case_actions.resolve_case(case_id=case.pk, code=code, notes=notes, by=by, now=now)
