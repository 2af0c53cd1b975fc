"""Forget events that everybody got; nothing that still has to go out is ever deleted."""

import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.models import Domain
from notifications.health import OPEN
from notifications.models import Attempt, OutboundDelivery, StagedEvent
from notifications.properties import KEEP_DAYS

CHUNK = 500
# The scheduler has other duties; what is left over waits for the next hour.
SECONDS = 10.0


def forget_old_events(now: datetime, *, chunk: int = CHUNK, seconds: float = SECONDS) -> int:
    """Delete completed events beyond their domain's days, with deliveries and tries.

    In: how many at a time, and how long at most. Out: how many events were deleted. The newest
    event of a ticket or topic stays, whatever its age: the next one counts on from it.
    """
    begun, done = time.monotonic(), 0
    days = KEEP_DAYS.values(Domain.objects.values_list("pk", flat=True))
    for domain_id, kept in days.items():
        if domain_id is None or kept <= 0:
            continue
        old = _forgettable(now - timedelta(days=kept)).filter(domain_id=domain_id)
        last = 0
        while time.monotonic() - begun < seconds:
            ids = list(old.filter(pk__gt=last).values_list("pk", flat=True)[:chunk])
            if not ids:
                break
            done += _delete(ids)
            last = ids[-1]
    return done


def _forgettable(limit: datetime) -> QuerySet[StagedEvent]:
    later = StagedEvent.unscoped.filter(
        ticket_uid=OuterRef("ticket_uid"), sequence__gt=OuterRef("sequence")
    )
    # What a client published carries the client's own count, if any.
    countless = Q(snapshot__has_key="published")
    return StagedEvent.unscoped.filter(
        ~Exists(_open_deliveries()),
        Exists(later) | countless,
        state=StagedEvent.State.COMPLETED,
        happened_at__lt=limit,
    ).order_by("pk")


def _open_deliveries() -> QuerySet[OutboundDelivery]:
    return OutboundDelivery.unscoped.filter(event=OuterRef("pk"), state__in=OPEN)


@transaction.atomic
def _delete(ids: list[int]) -> int:
    """Delete these events, but for those somebody has put back in line meanwhile."""
    deliveries = OutboundDelivery.unscoped.select_for_update().filter(event__in=ids)
    states = list(deliveries.order_by("pk").values_list("event_id", "state"))
    going = set(ids) - {event_id for event_id, state in states if state in OPEN}
    Attempt.objects.filter(delivery__event__in=going).delete()
    OutboundDelivery.unscoped.filter(event__in=going).delete()
    return StagedEvent.unscoped.filter(pk__in=going).delete()[0]
