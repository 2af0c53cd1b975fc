"""Take deliveries for a claim, and read with them what their events say.

Statements name the rows they are about by a joined list: so they are found by their keys, whatever
the planner believes of a table whose statistics are old.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from notifications.models import OutboundDelivery, StagedEvent

State = OutboundDelivery.State
_TAKE = """
WITH chosen AS (
    SELECT delivery.id
    FROM unnest(%(ids)s::bigint[]) AS asked(id)
    JOIN notifications_outbounddelivery AS delivery ON delivery.id = asked.id
    WHERE delivery.state = 'ready' AND delivery.due_at <= %(now)s
        AND (delivery.lease_until IS NULL OR delivery.lease_until < %(now)s)
    ORDER BY delivery.id
    FOR NO KEY UPDATE OF delivery
), taken AS (
    UPDATE notifications_outbounddelivery AS delivery
    SET claim = %(token)s, lease_until = %(until)s, attempts = attempts + 1,
        first_tried_at = COALESCE(first_tried_at, %(now)s)
    FROM chosen WHERE delivery.id = chosen.id
    RETURNING delivery.id, delivery.event_id, delivery.attempts, delivery.first_tried_at
)
SELECT taken.id, taken.attempts, taken.first_tried_at, event.ticket_uid::text,
    CASE WHEN event.topic_id IS NULL THEN event.event_id::text
        ELSE event.payload ->> 'eventId' END,
    event.event_type, event.sequence, event.topic_id IS NOT NULL, event.payload::text
FROM taken JOIN notifications_stagedevent AS event ON event.id = taken.event_id
ORDER BY taken.id
"""


class Claimed(NamedTuple):
    """A delivery that is ours for a while, and its event with the payload as JSON.

    An event that was `published` by a client carries the client's own `event_id`.
    """

    pk: int
    attempts: int
    first_tried_at: datetime
    ticket: str
    event_id: str
    event_type: str
    sequence: int
    published: bool
    payload: str


@dataclass(frozen=True, slots=True)
class Lease:
    """A claim's token, when it was made, and when it ends unless it is prolonged."""

    token: UUID
    since: datetime
    until: datetime


def take(ids: list[int], lease: Lease) -> list[Claimed]:
    """Mark those of the deliveries that are still due and free as ours; return them in order."""
    if connection.vendor != "postgresql":
        return _taken(due(lease.since).filter(pk__in=ids).order_by("pk"), lease)
    values: dict[str, Any] = {
        "ids": ids,
        "now": lease.since,
        "until": lease.until,
        "token": lease.token,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        return [Claimed._make(row) for row in cursor.fetchall()]


def due(now: datetime) -> QuerySet[OutboundDelivery]:
    """Return the deliveries that are due and nobody's."""
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    return OutboundDelivery.objects.filter(free, state=State.READY, due_at__lte=now)


def as_claimed(event: StagedEvent, delivery: OutboundDelivery | None = None) -> Claimed:
    """Return a delivery as a claim holds it; without one, the event as it would be claimed."""
    payload, published = event.payload, "published" in event.snapshot
    return Claimed(
        pk=delivery.pk if delivery else 0,
        attempts=delivery.attempts if delivery else 1,
        first_tried_at=(delivery and delivery.first_tried_at) or event.happened_at,
        ticket=str(event.ticket_uid),
        event_id=payload["eventId"] if published else str(event.event_id),
        event_type=event.event_type,
        sequence=event.sequence,
        published=published,
        payload=json.dumps(payload, ensure_ascii=False),
    )


def _taken(rows: Iterable[OutboundDelivery], lease: Lease) -> list[Claimed]:
    ids = [each.pk for each in rows]
    found = OutboundDelivery.objects.filter(pk__in=ids)
    found.update(
        claim=lease.token,
        lease_until=lease.until,
        attempts=F("attempts") + 1,
        first_tried_at=Coalesce("first_tried_at", lease.since),
    )
    return [as_claimed(d.event, d) for d in found.select_related("event").order_by("pk")]
