"""Notice that events do not get through: silence is an alarm (reliability R9)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Count, Min
from django.utils import timezone

from core.models import User
from notifications.health import OPEN, deliveries_in_view
from notifications.models import StagedEvent
from notifications.properties import ALARM_MINUTES

# A page asks for it every time; a few seconds make no difference to an age in minutes.
REMEMBERED_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Alarm:
    """Events that wait too long: how many, and since when the oldest."""

    count: int
    oldest: datetime

    @property
    def age(self) -> timedelta:
        return timezone.now() - self.oldest


def alarm_for(user: User, *, now: datetime) -> Alarm | None:
    """Return what the viewer of a page should know, or None; remembered for some seconds."""
    key = f"events.alarm:{user.domain_id}"
    found: Alarm | None = cache.get_or_set(
        key, lambda: overdue(user.domain_id, now=now), REMEMBERED_SECONDS
    )
    return found


def overdue(domain_id: int | None, *, now: datetime) -> Alarm | None:
    """Return the events in scope that wait longer than the domain's property allows.

    Dead deliveries and paused subscribers count as well: both wait for a person. One who was
    switched off does not.
    """
    minutes = ALARM_MINUTES.value(domain_id)
    if minutes <= 0:
        return None
    waiting = deliveries_in_view().filter(state__in=OPEN, subscriber__active=True)
    staged = StagedEvent.objects.filter(state=StagedEvent.State.READY)
    # Two small partial indexes, not one look at every event.
    ids = waiting.order_by().values("event_id").union(staged.order_by().values("pk"))
    late = StagedEvent.objects.filter(pk__in=ids, happened_at__lt=now - timedelta(minutes=minutes))
    found = late.aggregate(count=Count("pk"), oldest=Min("happened_at"))
    return Alarm(**found) if found["count"] else None
