"""Propose an incident as a major one."""

from datetime import datetime

from django.db import transaction

from core.actor import Actor
from core.bus import emit
from incidents.actions.notes import Kind, write_entry
from incidents.errors import IllegalMove, MissingField, Refused
from incidents.models import Incident
from incidents.queries import locked


@transaction.atomic
def propose_major(*, incident_id: int, reason: str, by: Actor, now: datetime) -> Incident:
    """Propose the incident as major (ux C.4); the major issue managers are told once.

    Errors: `MissingField` without a reason, `IllegalMove` where it is not open, `Refused` where
    somebody proposed it already.
    """
    incident = locked(incident_id)
    if not reason.strip():
        raise MissingField("reason", "Say why this is a major incident.")
    if not incident.is_open:
        raise IllegalMove(f"{incident.number} is {incident.get_state_display()}.")
    if incident.major_proposed_at is not None:
        raise Refused(f"{incident.number} is proposed as major already.")
    incident.major_proposed_at = incident.updated_at = now
    incident.version += 1
    incident.save(update_fields=["major_proposed_at", "updated_at", "version"])
    write_entry(incident, Kind.WORK_NOTE, f"Proposed as major: {reason.strip()}", by, now)
    payload = {"reason": reason.strip()}
    emit("incident.major_proposed", record=incident, by=by, now=now, payload=payload)
    return incident
