"""See the site come to rest, and that everything happened exactly once."""

from datetime import timedelta

from django.utils import timezone

from core.models import Delivery
from escalation.models import Run
from incidents.models import Incident, IncidentEntry
from notifications.models import MailMessage, OutboundDelivery, StagedEvent

READY = "ready"


def at_rest() -> bool:
    """Tell whether no work is left; asked in the order in which work makes more work."""
    tables = (Delivery, StagedEvent, OutboundDelivery, MailMessage)
    return not any(table._default_manager.filter(state=READY).exists() for table in tables)


def let_leases_end() -> int:
    """Let a minute go by for what a dead process had claimed; return how much that was."""
    now, held = timezone.now(), 0
    for table in (OutboundDelivery, MailMessage):
        claimed = table._default_manager.filter(state=READY, lease_until__gt=now)
        held += claimed.update(lease_until=now - timedelta(seconds=1))
    return held


def check_entered(incident: Incident, stage: str, *, runs: int, planned: int = 0) -> None:
    """Hold that the incident is in the stage after so many runs, each with one effect."""
    incident.refresh_from_db()
    assert incident.stage == stage
    states = Run.objects.filter(incident=incident).order_by("pk").values_list("state", flat=True)
    assert list(states) == [Run.State.DONE] * runs + [Run.State.PLANNED] * planned
    assert incident.tasks.count() == runs
    assert incident.tasks.filter(closed_at=None).count() == 1
    written = IncidentEntry.objects.filter(incident=incident)
    assert written.filter(kind=IncidentEntry.Kind.INSTRUCTIONS).count() == runs
