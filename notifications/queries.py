"""Reads for the pages that show what left the house."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from core.models import User
from notifications.health import Which, chosen, deliveries_in_view
from notifications.models import (
    Attempt,
    InboxItem,
    MailMessage,
    OutboundDelivery,
    StagedEvent,
    Subscriber,
)


@dataclass(frozen=True, slots=True)
class Search:
    """Which events are asked for; `which` is about deliveries, `staged` about the event itself."""

    words: str = ""
    subscriber: Subscriber | None = None
    which: Which | None = None
    staged: StagedEvent.State | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class FoundEvent:
    """An event with how many of its deliveries are in which state."""

    event: StagedEvent
    deliveries: list[tuple[OutboundDelivery.State, int]]


def find_events(search: Search, *, now: datetime, limit: int) -> list[FoundEvent]:
    """Return the newest events that fit, below `before`; two statements."""
    rows = StagedEvent.objects.defer("payload", "snapshot").order_by("-pk")
    if search.words:
        rows = rows.filter(_named(search.words))
    if search.staged is not None:
        rows = rows.filter(state=search.staged)
    if search.subscriber is not None or search.which is not None:
        rows = rows.filter(pk__in=_deliveries(search, now).order_by().values("event"))
    if search.before is not None:
        rows = rows.filter(pk__lt=search.before)
    events = list(rows[:limit])
    counts = _states_of(events)
    return [FoundEvent(event, counts.get(event.pk, [])) for event in events]


def event_with_deliveries(event_id: UUID, *, tries: int) -> StagedEvent | None:
    """Return an event, its deliveries and the newest tries of each; three statements."""
    rank = Window(RowNumber(), partition_by=[F("delivery")], order_by=[F("pk").desc()])
    newest = Attempt.objects.annotate(rank=rank).filter(rank__lte=tries).order_by("-pk")
    deliveries = deliveries_in_view().select_related("subscriber").order_by("pk")
    rows = StagedEvent.objects.select_related("domain").prefetch_related(
        Prefetch("deliveries", deliveries), Prefetch("deliveries__tries", newest)
    )
    found: StagedEvent | None = rows.filter(event_id=event_id).first()
    return found


def tries_of(delivery: OutboundDelivery, *, before: int | None, limit: int) -> list[Attempt]:
    """Return the newest tries of a delivery, below `before`."""
    rows = Attempt.objects.filter(delivery=delivery).order_by("-pk")
    return list((rows.filter(pk__lt=before) if before is not None else rows)[:limit])


def mails(*, limit: int, before: int | None = None) -> list[MailMessage]:
    """Return the newest mails; in a demo this is where they land."""
    rows = MailMessage.objects.select_related("case", "account").order_by("-pk")
    return list((rows.filter(pk__lt=before) if before is not None else rows)[:limit])


def inbox(user: User, *, limit: int = 50) -> list[InboxItem]:
    """Return a person's newest notices, read and unread."""
    rows = InboxItem.objects.filter(user=user).select_related("incident", "case")
    return list(rows.order_by("-pk")[:limit])


def unread(user: User) -> int:
    """Count the notices a person has not read yet."""
    return InboxItem.objects.filter(user=user, read_at=None).count()


def _named(words: str) -> Q:
    """Return the condition for an id, the beginning of a ticket's number, or a type's name."""
    try:
        uid = UUID(words)
    except ValueError:
        return Q(ticket_number__istartswith=words) | Q(event_type__icontains=words)
    return Q(event_id=uid) | Q(ticket_uid=uid)


def _deliveries(search: Search, now: datetime) -> QuerySet[OutboundDelivery]:
    rows = deliveries_in_view() if search.which is None else chosen(search.which, now)
    return rows if search.subscriber is None else rows.filter(subscriber=search.subscriber)


def _states_of(events: list[StagedEvent]) -> dict[int, list[tuple[Any, int]]]:
    rows = (
        deliveries_in_view()
        .filter(event__in=[event.pk for event in events])
        .values_list("event", "state")
        .annotate(count=Count("pk"))
        .order_by("event", "state")
    )
    found: dict[int, list[tuple[Any, int]]] = {}
    for event, state, count in rows:
        found.setdefault(event, []).append((OutboundDelivery.State(state), count))
    return found
