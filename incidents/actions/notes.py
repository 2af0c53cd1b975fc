"""Write into an incident's activity stream."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core.actor import Actor
from core.bus import emit
from incidents.errors import MissingField
from incidents.models import Incident, IncidentEntry

Kind = IncidentEntry.Kind


@transaction.atomic
def add_work_note(
    *,
    incident_id: int,
    text: str,
    by: Actor,
    now: datetime,
    origin: str = "",
    link: str = "",
    act: str = "",
) -> IncidentEntry:
    """Add a private note (R20). A copied entry with a known `origin` is added once only."""
    return _note(incident_id, Kind.WORK_NOTE, text, by, now, origin=origin, link=link, act=act)


@transaction.atomic
def add_comment(
    *,
    incident_id: int,
    text: str,
    by: Actor,
    now: datetime,
    origin: str = "",
    link: str = "",
    act: str = "",
) -> IncidentEntry:
    """Add a comment customers may see (R19). A copied entry is added once only."""
    return _note(incident_id, Kind.COMMENT, text, by, now, origin=origin, link=link, act=act)


@transaction.atomic
def add_system_note(
    *,
    incident_id: int,
    text: str,
    by: Actor,
    now: datetime,
    origin: str = "",
    link: str = "",
    act: str = "",
    kind: str = Kind.SYSTEM,
) -> IncidentEntry:
    """Say in the stream what psew did by itself; `kind` may be instructions or notification."""
    return _note(incident_id, kind, text, by, now, origin=origin, link=link, act=act)


def write_entry(
    incident: Incident, kind: str, text: str, by: Actor, now: datetime, **more: Any
) -> IncidentEntry:
    """Write one stream entry without telling anybody; the caller emits what it did.

    A comment is part of what customers are told, so it makes the incident newer.
    """
    if kind == Kind.COMMENT:
        incident.updated_at = now
        Incident.objects.filter(pk=incident.pk).update(updated_at=now)
    return IncidentEntry.objects.create(
        incident=incident,
        kind=kind,
        text=text,
        stage=incident.stage,
        created_at=now,
        **by.signature(),
        **more,
    )


def _note(
    incident_id: int, kind: str, text: str, by: Actor, now: datetime, *, origin: str, **more: Any
) -> IncidentEntry:
    if not text.strip():
        raise MissingField("text", "An empty note says nothing.")
    incident = Incident.objects.get(pk=incident_id)
    if origin:
        known = IncidentEntry.objects.filter(incident=incident, origin=origin).first()
        if known is not None:
            return known
    entry = write_entry(incident, kind, text.strip(), by, now, origin=origin, **more)
    payload = {"entry_id": entry.pk, "kind": kind, "origin": origin}
    emit("incident.noted", record=incident, by=by, now=now, payload=payload)
    return entry
