"""What happens to incidents by the clock."""

from datetime import datetime, timedelta

from core.actor import rule_actor
from core.schedule import duty
from incidents.actions import update_incident
from incidents.choices import State
from incidents.models import Incident
from incidents.properties import AUTO_CLOSE_DAYS

BATCH = 200


@duty("close resolved incidents", every=timedelta(minutes=10))
def close_resolved(now: datetime) -> int:
    """Close incidents resolved longer ago than the property says (C.1)."""
    days = AUTO_CLOSE_DAYS.value()
    if days <= 0:
        return 0
    due = Incident.objects.filter(
        state=State.RESOLVED, resolved_at__lte=now - timedelta(days=days)
    ).values_list("pk", flat=True)[:BATCH]
    for pk in list(due):
        by = rule_actor("Close resolved incidents")
        update_incident(incident_id=pk, values={"state": State.CLOSED}, by=by, now=now)
    return len(due)
