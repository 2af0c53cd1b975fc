"""Open incidents, whoever asks: the workspace, the trouble-ticket API, an alert (R43, R44)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from core.actor import Actor
from core.bus import emit
from core.models import default_domain
from core.numbers import next_number
from incidents.actions.notes import write_entry
from incidents.actions.rules import check_values
from incidents.choices import Origin
from incidents.errors import MissingField
from incidents.models import Incident, IncidentEntry
from incidents.queries import priority_for


@transaction.atomic
def open_incident(
    *,
    by: Actor,
    now: datetime,
    short_description: str,
    values: dict[str, Any] | None = None,
    domain_id: int | None = None,
    origin: str = Origin.MANUAL,
    origin_label: str = "",
    work_note: str = "",
    comment: str = "",
    before_telling: Callable[[Incident], None] | None = None,
) -> Incident:
    """Open an incident and say so (`incident.opened`); workflows start from the event.

    In: who, when, the title, further field values by name; `before_telling` writes what must lie
    beside the saved incident before anybody hears of it. Errors: `MissingField` for an empty
    title or an unknown category, `Refused` for an empty cell of the priority matrix.
    """
    values = dict(values or {})
    if not short_description.strip():
        raise MissingField("short_description", "A short description is needed.")
    check_values(values)
    incident = Incident(
        number=next_number("INC"),
        short_description=short_description.strip()[:160],
        domain_id=domain_id or (by.user.domain_id if by.user else default_domain()),
        opened_by_id=by.user_id,
        opened_at=now,
        updated_at=now,
        origin=origin,
        origin_label=origin_label,
        **values,
    )
    if incident.location is None and incident.caller is not None:
        incident.location = incident.caller.location
    incident.priority = priority_for(incident.impact, incident.urgency)
    incident.save()
    _first_entries(incident, by, now, work_note=work_note, comment=comment)
    if before_telling is not None:
        before_telling(incident)
    emit("incident.opened", record=incident, by=by, now=now)
    incident.refresh_from_db()
    return incident


def _first_entries(
    incident: Incident, by: Actor, now: datetime, *, work_note: str, comment: str
) -> None:
    origin = incident.get_origin_display()
    label = f"{origin}: {incident.origin_label}" if incident.origin_label else origin
    write_entry(incident, IncidentEntry.Kind.SYSTEM, f"Incident opened ({label}).", by, now)
    if work_note:
        write_entry(incident, IncidentEntry.Kind.WORK_NOTE, work_note, by, now)
    if comment:
        write_entry(incident, IncidentEntry.Kind.COMMENT, comment, by, now)
