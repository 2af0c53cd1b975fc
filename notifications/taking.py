"""Take deliveries for a claim, and read with them what their events say.

Three plain statements by key. What joins the tables here is no slower while the statistics are
fresh; after a queue was empty the planner takes thousands of rows for one and walks them all for
each of the others.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from notifications.models import OutboundDelivery, StagedEvent

State = OutboundDelivery.State
_CHOOSE = """
SELECT id, event_id, attempts + 1, COALESCE(first_tried_at, %(now)s)
FROM notifications_outbounddelivery
WHERE id = ANY(%(ids)s) AND state = 'ready' AND due_at <= %(now)s
    AND (lease_until IS NULL OR lease_until < %(now)s)
ORDER BY id
FOR NO KEY UPDATE
"""
_TAKE = """
UPDATE notifications_outbounddelivery
SET claim = %(token)s, lease_until = %(until)s, attempts = attempts + 1,
    first_tried_at = COALESCE(first_tried_at, %(now)s)
WHERE id = ANY(%(ids)s)
"""
_EVENTS = """
SELECT id, ticket_uid::text,
    CASE WHEN topic_id IS NULL THEN event_id::text ELSE payload ->> 'eventId' END,
    event_type, sequence, topic_id IS NOT NULL, payload::text
FROM notifications_stagedevent
WHERE id = ANY(%(events)s)
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
    """Mark the deliveries as ours and return them in order.

    Nothing is taken, and nothing returned, unless all of them are still due and free.
    """
    if connection.vendor != "postgresql":
        return _taken(due(lease.since).filter(pk__in=ids), ids, lease)
    values: dict[str, Any] = {"ids": ids, "now": lease.since}
    with connection.cursor() as cursor:
        cursor.execute(_CHOOSE, values)
        chosen = cursor.fetchall()
        if len(chosen) < len(ids):
            return []
        cursor.execute(_TAKE, {**values, "until": lease.until, "token": lease.token})
        cursor.execute(_EVENTS, {"events": [event for _, event, _, _ in chosen]})
        events = {row[0]: row[1:] for row in cursor.fetchall()}
    return [Claimed(pk, tries, since, *events[event]) for pk, event, tries, since in chosen]


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


def _taken(rows: QuerySet[OutboundDelivery], ids: list[int], lease: Lease) -> list[Claimed]:
    if rows.count() < len(ids):
        return []
    found = OutboundDelivery.objects.filter(pk__in=ids)
    found.update(
        claim=lease.token,
        lease_until=lease.until,
        attempts=F("attempts") + 1,
        first_tried_at=Coalesce("first_tried_at", lease.since),
    )
    return [as_claimed(d.event, d) for d in found.select_related("event").order_by("pk")]
