"""Deliver: claim with a lease, talk with no transaction open, finish if still ours (R3, R4)."""

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core.scope import everything
from core.wake import drain
from notifications.models import Attempt, OutboundDelivery
from notifications.transports import TRANSPORTS, Receipt

LEASE = timedelta(seconds=60)
PATIENCE = timedelta(hours=72)
HOPELESS_TRIES = 5
SLOWEST = 3600.0
BATCH = 500
State = OutboundDelivery.State
Sender = Callable[[Any, dict[str, Any]], Receipt]


@drain("outbound")
def send_due() -> int:
    """Send what is due until nothing is; return how many tries were made."""
    done = 0
    with everything():
        while done < BATCH:
            delivery = claim(now=timezone.now())
            if delivery is None:
                break
            deliver(delivery)
            done += 1
    return done


@transaction.atomic
def claim(*, now: datetime) -> OutboundDelivery | None:
    """Take the next delivery that may go; the lease is committed before anybody talks.

    No event overtakes an earlier one of the same ticket on its way to the same subscriber.
    """
    earlier = OutboundDelivery.objects.filter(
        subscriber=OuterRef("subscriber"),
        ticket_uid=OuterRef("ticket_uid"),
        state=State.READY,
        pk__lt=OuterRef("pk"),
    )
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    due = OutboundDelivery.objects.filter(free, state=State.READY, due_at__lte=now)
    due = due.filter(~Exists(earlier), subscriber__active=True).order_by("due_at", "pk")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, of=("self",))
    found: OutboundDelivery | None = due.select_related("event", "subscriber").first()
    if found is None:
        return None
    found.attempts += 1
    found.lease_until = now + LEASE
    found.first_tried_at = found.first_tried_at or now
    found.save(update_fields=["attempts", "lease_until", "first_tried_at"])
    return found


def deliver(delivery: OutboundDelivery) -> None:
    """Talk to the subscriber and write down what came of it."""
    started_at, started = timezone.now(), time.perf_counter()
    receipt = _talk(delivery)
    milliseconds = round((time.perf_counter() - started) * 1000)
    finish(delivery, receipt, started_at=started_at, milliseconds=milliseconds)


def _talk(delivery: OutboundDelivery) -> Receipt:
    send = TRANSPORTS[delivery.subscriber.transport]
    try:
        return send(delivery.subscriber, delivery.event.payload)
    except Exception as error:
        return Receipt(ok=False, detail=f"{type(error).__name__}: {error}"[:300])


@transaction.atomic
def finish(
    delivery: OutboundDelivery, receipt: Receipt, *, started_at: datetime, milliseconds: int
) -> bool:
    """Record the try; the row changes only while the claim is still ours (fencing)."""
    Attempt.objects.create(
        delivery=delivery,
        started_at=started_at,
        milliseconds=milliseconds,
        ok=receipt.ok,
        status=receipt.status,
        detail=receipt.detail[:400],
    )
    ours = OutboundDelivery.objects.filter(
        pk=delivery.pk, lease_until=delivery.lease_until, state=State.READY
    )
    return bool(ours.update(**_outcome(delivery, receipt, timezone.now())))


def _outcome(delivery: OutboundDelivery, receipt: Receipt, now: datetime) -> dict[str, Any]:
    if receipt.ok:
        return {"state": State.SENT, "sent_at": now, "lease_until": None, "error": ""}
    error = (f"HTTP {receipt.status}: " if receipt.status else "") + receipt.detail
    first = delivery.first_tried_at or now
    tired = receipt.hopeless and delivery.attempts >= HOPELESS_TRIES
    if tired or now - first > PATIENCE:
        return {"state": State.DEAD, "lease_until": None, "error": error[:400]}
    wait = max(receipt.retry_after or 0, backoff(delivery.attempts))
    due_at = now + timedelta(seconds=min(wait, SLOWEST))
    return {"due_at": due_at, "lease_until": None, "error": error[:400]}


def backoff(attempts: int) -> float:
    """Return the seconds to wait: doubling from one second to an hour, with jitter."""
    return float(min(2.0 ** (attempts - 1), SLOWEST)) * random.uniform(0.8, 1.2)  # noqa: S311


@transaction.atomic
def replay(*, delivery_ids: list[int], now: datetime) -> int:
    """Put dead or waiting deliveries back in line with fresh patience; return how many."""
    rows = OutboundDelivery.objects.filter(pk__in=delivery_ids).exclude(state=State.SENT)
    return rows.update(
        state=State.READY, due_at=now, attempts=0, first_tried_at=None, lease_until=None
    )


@transaction.atomic
def skip(*, delivery_ids: list[int]) -> int:
    """Give deliveries up on purpose, so that the ticket's later events go out."""
    rows = OutboundDelivery.objects.filter(pk__in=delivery_ids, state__in=[State.READY, State.DEAD])
    return rows.update(state=State.SKIPPED, lease_until=None)
