"""Link incidents that belong together (R39)."""

from datetime import datetime

from django.db import transaction

from core.actor import Actor
from incidents.actions.notes import add_system_note
from incidents.actions.updating import update_incident
from incidents.errors import Refused
from incidents.models import Incident
from incidents.queries import is_closed, locked

# Deeper chains of parents than this are looked at no further.
DEEPEST = 50


@transaction.atomic
def link_duplicate(*, incident_id: int, parent_id: int, by: Actor, now: datetime) -> Incident:
    """Make the incident a duplicate of another, which becomes its parent; both journals say so.

    Errors: `Refused` for itself, for a closed parent and where the two would be each other's
    parent; what `update_incident` refuses.
    """
    _lock_both(incident_id, parent_id)
    parent = Incident.objects.get(pk=parent_id)
    if is_closed(parent):
        raise Refused(f"{parent.number} is {parent.get_state_display()}; link an open incident.")
    _refuse_circle(incident_id, parent)
    reason = f"Duplicate of {parent.number}."
    before = Incident.objects.values_list("parent_id", flat=True).get(pk=incident_id)
    incident = update_incident(
        incident_id=incident_id, values={"parent": parent}, by=by, now=now, reason=reason
    )
    if before != parent_id:
        text = f"{incident.number} is a duplicate of this incident."
        add_system_note(incident_id=parent_id, text=text, by=by, now=now)
    return incident


@transaction.atomic
def link_related(*, incident_id: int, other_id: int, by: Actor, now: datetime) -> bool:
    """Relate two incidents; both journals say so. False where they were related before."""
    _lock_both(incident_id, other_id)
    one, other = Incident.objects.get(pk=incident_id), Incident.objects.get(pk=other_id)
    if one.related_incidents.filter(pk=other_id).exists():
        return False
    one.related_incidents.add(other)
    for here, there in ((one, other), (other, one)):
        text = f"Related to {there.number}: {there.short_description}"
        add_system_note(incident_id=here.pk, text=text, by=by, now=now)
    return True


def _lock_both(one: int, other: int) -> None:
    """Lock in one order for everybody, so that two agents never wait for each other."""
    if one == other:
        raise Refused("An incident is not linked to itself.")
    for pk in sorted((one, other)):
        locked(pk)


def _refuse_circle(incident_id: int, parent: Incident) -> None:
    above = parent.parent_id
    for _ in range(DEEPEST):
        if above is None:
            return
        if above == incident_id:
            raise Refused(f"{parent.number} is itself below this incident.")
        above = Incident.unscoped.values_list("parent_id", flat=True).get(pk=above)
