"""How subscribers are served: what waits, how old it is, and what came of the last hour."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from core.scope import current_scope
from notifications.audience import in_use
from notifications.models import Attempt, OutboundDelivery, StagedEvent, Subscriber
from notifications.properties import PUBLISHER_MODE
from notifications.topic_lines import BUSES

HOUR = timedelta(hours=1)
State = OutboundDelivery.State
OPEN = (State.READY, State.DEAD)


class Flow(StrEnum):
    """Whether a subscriber gets what is waiting."""

    FLOWING = "flowing"
    QUIET = "quiet"
    PAUSED = "paused"
    OFF = "off"
    UNUSED = "not in use"


class Which(StrEnum):
    """Deliveries that are counted, and listed by what shows the count."""

    WAITING = "waiting"
    DEAD = "dead"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Health:
    """How one subscriber is served; `oldest` is when its oldest undelivered event happened."""

    subscriber: Subscriber
    flow: Flow
    waiting: int
    dead: int
    sent: int
    failed: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Staged:
    """How many events are not produced yet, and how many cannot be."""

    ready: int
    error: int


def deliveries_in_view() -> QuerySet[OutboundDelivery]:
    """Return deliveries in scope, to subscribers in scope: a tenant's providers stay unnamed."""
    rows: QuerySet[OutboundDelivery] = OutboundDelivery.objects.all()
    if current_scope().domain_ids is None:
        return rows
    return rows.filter(subscriber__in=Subscriber.objects.all())


def chosen(which: Which, now: datetime) -> QuerySet[OutboundDelivery]:
    """Return the deliveries that a count of this kind counts."""
    return _CHOICES[which](deliveries_in_view(), now - HOUR)


def subscriber_health(*, now: datetime) -> list[Health]:
    """Return how each subscriber is served; five statements, however many there are."""
    rows = Subscriber.objects.select_related("topic", "domain", "client")
    subscribers = list(rows.order_by("name", "pk"))
    backlog = _backlog()
    sent, failed = (_per_subscriber(chosen(each, now)) for each in (Which.SENT, Which.FAILED))
    modes = PUBLISHER_MODE.values({each.domain_id for each in subscribers})
    nothing = {"waiting": 0, "dead": 0, "oldest": None}
    return [
        Health(
            subscriber=each,
            flow=_flow(each, BUSES[modes[each.domain_id]], now),
            sent=sent.get(each.pk, 0),
            failed=failed.get(each.pk, 0),
            **backlog.get(each.pk, nothing),
        )
        for each in subscribers
    ]


def staging_health() -> Staged:
    """Return how many events wait for the producer or could not be produced."""
    ready, error = StagedEvent.State.READY, StagedEvent.State.ERROR
    found = dict(
        StagedEvent.objects.filter(state__in=[ready, error])
        .values_list("state")
        .annotate(count=Count("pk"))
        .order_by()
    )
    return Staged(found.get(ready, 0), found.get(error, 0))


def _backlog() -> dict[int, dict[str, Any]]:
    rows = (
        deliveries_in_view()
        .filter(state__in=OPEN)
        .values("subscriber")
        .annotate(
            waiting=Count("pk", filter=Q(state=State.READY)),
            dead=Count("pk", filter=Q(state=State.DEAD)),
            oldest=Min("event__happened_at"),
        )
        .order_by()
    )
    return {
        row["subscriber"]: {key: value for key, value in row.items() if key != "subscriber"}
        for row in rows
    }


def _per_subscriber(rows: QuerySet[OutboundDelivery]) -> dict[int, int]:
    return dict(rows.values_list("subscriber").annotate(count=Count("pk")).order_by())


def _flow(subscriber: Subscriber, buses: tuple[str, ...], now: datetime) -> Flow:
    client = subscriber.client
    if not subscriber.active or (client is not None and not client.is_active):
        return Flow.OFF
    if subscriber.paused:
        return Flow.PAUSED
    # What waits on a bus that was left goes out all the same; nothing new comes.
    if not in_use(subscriber, buses):
        return Flow.UNUSED
    if subscriber.quiet_until is not None and subscriber.quiet_until > now:
        return Flow.QUIET
    return Flow.FLOWING


def _failed(rows: QuerySet[OutboundDelivery], since: datetime) -> QuerySet[OutboundDelivery]:
    """Return what failed once or more since then; what was skipped is done with."""
    tries = Attempt.objects.filter(delivery=OuterRef("pk"), ok=False, started_at__gte=since)
    later = Q(state=State.SENT, sent_at__gte=since, attempts__gt=1)
    return rows.filter(Q(state__in=OPEN) | later).filter(Exists(tries))


_CHOICES: dict[
    Which, Callable[[QuerySet[OutboundDelivery], datetime], QuerySet[OutboundDelivery]]
] = {
    Which.WAITING: lambda rows, since: rows.filter(state=State.READY),
    Which.DEAD: lambda rows, since: rows.filter(state=State.DEAD),
    Which.SENT: lambda rows, since: rows.filter(state=State.SENT, sent_at__gte=since),
    Which.FAILED: _failed,
}
