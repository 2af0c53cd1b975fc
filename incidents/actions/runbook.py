"""Tick off lines of the instructions."""

from datetime import datetime

from django.db import transaction

from core.actor import Actor
from incidents.checklist import boxes_of
from incidents.errors import IllegalMove, Refused
from incidents.models import IncidentEntry, RunbookTick
from incidents.queries import is_closed, locked


@transaction.atomic
def tick_line(
    *, incident_id: int, entry_id: int, line: int, done: bool, by: Actor, now: datetime
) -> RunbookTick | None:
    """Mark a line of posted instructions as done or not done.

    Out: the tick, which stays with whoever set it first; None where it was taken back. Errors:
    `Refused` where the incident has no such line, `IllegalMove` on a closed incident.
    """
    incident = locked(incident_id)
    if is_closed(incident):
        raise IllegalMove(f"{incident.number} is {incident.get_state_display()}; it stays so.")
    entry = IncidentEntry.objects.filter(
        pk=entry_id, incident=incident, kind=IncidentEntry.Kind.INSTRUCTIONS
    ).first()
    if entry is None or not 0 <= line < len(boxes_of(entry.text)):
        raise Refused("These instructions have no such line.")
    if not done:
        RunbookTick.objects.filter(entry=entry, line=line).delete()
        return None
    tick, _ = RunbookTick.objects.get_or_create(
        entry=entry,
        line=line,
        defaults={
            "domain_id": incident.domain_id,
            "user": by.user,
            "by_name": by.name,
            "ticked_at": now,
        },
    )
    return tick
