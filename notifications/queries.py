"""Reads for the pages that show what left the house."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from core.models import User
from notifications.models import (
    InboxItem,
    MailMessage,
    OutboundDelivery,
    StagedEvent,
    Subscriber,
)

State = OutboundDelivery.State


@dataclass(frozen=True, slots=True)
class Health:
    """How one subscriber is served."""

    subscriber: Subscriber
    sent: int
    waiting: int
    dead: int
    oldest: timedelta | None


def event_log(*, limit: int) -> list[StagedEvent]:
    """Return the newest events with their deliveries."""
    rows = StagedEvent.objects.prefetch_related("deliveries__subscriber").order_by("-pk")
    return list(rows[:limit])


def subscriber_health(*, now: datetime) -> list[Health]:
    """Return backlog, age and failures per subscriber in one statement."""
    rows = Subscriber.objects.annotate(
        sent=Count("deliveries", filter=Q(deliveries__state=State.SENT)),
        waiting=Count("deliveries", filter=Q(deliveries__state=State.READY)),
        dead=Count("deliveries", filter=Q(deliveries__state=State.DEAD)),
        oldest=Min("deliveries__event__happened_at", filter=Q(deliveries__state=State.READY)),
    ).order_by("name")
    return [
        Health(s, s.sent, s.waiting, s.dead, now - s.oldest if s.oldest else None) for s in rows
    ]


def mails(*, limit: int) -> list[MailMessage]:
    """Return the newest mails; in a demo this is where they land."""
    rows = MailMessage.objects.select_related("case", "account").order_by("-pk")
    return list(rows[:limit])


def inbox(user: User, *, limit: int = 50) -> list[InboxItem]:
    """Return a person's newest notices, read and unread."""
    rows = InboxItem.objects.filter(user=user).select_related("incident", "case")
    return list(rows.order_by("-pk")[:limit])


def unread(user: User) -> int:
    """Count the notices a person has not read yet."""
    return InboxItem.objects.filter(user=user, read_at=None).count()
