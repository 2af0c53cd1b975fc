"""Write down tries and what was sent, many rows in a statement."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from notifications.models import Attempt, OutboundDelivery
from notifications.patience import Outcome
from notifications.wording import storable

State = OutboundDelivery.State
_HELD = """
SELECT id, state = 'ready' AND claim = %(token)s
FROM notifications_outbounddelivery
WHERE id = ANY(%(ids)s)
ORDER BY id
FOR NO KEY UPDATE
"""
_WRITE_DOWN = """
INSERT INTO notifications_attempt (delivery_id, started_at, milliseconds, ok, status, detail)
SELECT * FROM unnest(
    %s::bigint[], %s::timestamptz[], %s::int[], %s::bool[], %s::smallint[], %s::text[]
)
"""
_SENT = """
UPDATE notifications_outbounddelivery
SET state = 'sent', sent_at = %(now)s, lease_until = NULL, claim = NULL, error = ''
WHERE id = ANY(%(ids)s)
"""


def held(ids: list[int], token: uuid.UUID) -> dict[int, bool]:
    """Lock the deliveries that still exist; tell of each whether the claim still holds it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_HELD, {"ids": ids, "token": token})
            return {pk: bool(ours) for pk, ours in cursor.fetchall()}
    rows = OutboundDelivery.objects.filter(pk__in=ids).values_list("pk", "claim", "state")
    return {pk: claim == token and state == State.READY for pk, claim, state in rows}


def write_down(outcomes: Sequence[Outcome]) -> None:
    """Write a row for each try."""
    columns: list[list[Any]] = [
        [each.delivery.pk for each in outcomes],
        [each.started_at for each in outcomes],
        [each.milliseconds for each in outcomes],
        [each.receipt.ok for each in outcomes],
        [each.receipt.status for each in outcomes],
        [storable(each.receipt.detail) for each in outcomes],
    ]
    if connection.vendor == "postgresql":
        # One parameter a column; one for each value takes as long as sending the events.
        with connection.cursor() as cursor:
            cursor.execute(_WRITE_DOWN, columns)
        return
    names = ("delivery_id", "started_at", "milliseconds", "ok", "status", "detail")
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    Attempt.objects.bulk_create(Attempt(**row) for row in rows)


def mark_sent(ids: list[int], now: datetime) -> None:
    """Mark deliveries as sent; the caller holds them."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_SENT, {"ids": ids, "now": now})
        return
    OutboundDelivery.objects.filter(pk__in=ids).update(
        state=State.SENT, sent_at=now, lease_until=None, claim=None, error=""
    )
