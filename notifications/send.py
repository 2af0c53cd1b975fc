"""Deliver: claim with a lease, talk with no transaction open, finish if still ours (R3, R4)."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.db import connection
from django.utils import timezone

from core.crash_points import crash_point
from core.scope import everything
from core.wake import drain
from notifications.lines import (
    LEASE,
    Batch,
    Outcome,
    claim,
    due_subscribers,
    finish,
    give_back,
    is_down,
    prolong,
)
from notifications.models import OutboundDelivery, Subscriber
from notifications.payloads import message_for
from notifications.publishers import PUBLISHERS
from notifications.publishers.interface import Receipt
from notifications.targets import target_of

# How many tries one drain makes for a subscriber, and for how long, before others have their turn.
MOST, SECONDS = 1000, 10.0
WORKERS = 8
# A bus keeps the order of a key itself. Others get a few at once over one connection: as many as
# fit into a lease although each may hang until its deadline.
TAKES_ALL = frozenset({Subscriber.Transport.HERMES})
FEW = 4


@drain("outbound")
def send_due() -> int:
    """Send what is due, each subscriber on its own; return how many tries were made."""
    with everything():
        ids = due_subscribers(timezone.now())
        if len(ids) < 2 or connection.in_atomic_block or connection.vendor != "postgresql":
            return sum(serve(pk) for pk in ids)
    # One that hangs keeps its own thread busy and nobody else's.
    with ThreadPoolExecutor(max_workers=min(WORKERS, len(ids))) as pool:
        return sum(pool.map(_serve_apart, ids))


def serve(subscriber_id: int) -> int:
    """Send one subscriber what is due to it; return how many tries were made."""
    done, begun = 0, time.monotonic()
    while done < MOST and time.monotonic() - begun < SECONDS:
        batch = claim(subscriber_id, now=timezone.now())
        if batch is None:
            break
        crash_point("sender.after-claim")
        done += deliver(batch)
    return done


def deliver(batch: Batch) -> int:
    """Send a claimed batch and write down what came of it; return how many were tried.

    A line that failed waits; a subscriber that is down ends the batch.
    """
    outcomes: list[Outcome] = []
    stopped: set[object] = set()
    renewed = timezone.now()
    for part in _parts(batch):
        now = timezone.now()
        if now - renewed > LEASE / 3:
            if not prolong(batch, now=now):
                break
            renewed = now
        fresh = _send([d for d in part if d.ticket_uid not in stopped], batch.subscriber, now)
        outcomes += fresh
        stopped |= {each.delivery.ticket_uid for each in fresh if not each.receipt.ok}
        if outcomes and is_down(batch.subscriber, outcomes):
            break
    crash_point("sender.after-talk")
    finish(batch, outcomes, now=timezone.now())
    crash_point("sender.after-finish")
    tried = {each.delivery.pk for each in outcomes}
    left = [delivery for delivery in batch.deliveries if delivery.pk not in tried]
    if left:
        give_back(batch, left)
    return len(outcomes)


def _serve_apart(subscriber_id: int) -> int:
    try:
        with everything():
            return serve(subscriber_id)
    finally:
        connection.close()


def _parts(batch: Batch) -> list[list[OutboundDelivery]]:
    """Cut a batch into what is handed over at once: a bus takes all, others a few."""
    size = len(batch.deliveries) if batch.subscriber.transport in TAKES_ALL else FEW
    deliveries = batch.deliveries
    return [deliveries[start : start + size] for start in range(0, len(deliveries), size)]


def _send(
    deliveries: list[OutboundDelivery], subscriber: Subscriber, now: datetime
) -> list[Outcome]:
    """Hand deliveries over in order; those held behind a failed one of their line are left out."""
    if not deliveries:
        return []
    started = time.perf_counter()
    try:
        messages = [message_for(delivery, subscriber) for delivery in deliveries]
        publisher = PUBLISHERS[subscriber.transport]
        receipts = publisher.publish_many(target_of(subscriber), messages)
    except Exception as error:
        receipts = [Receipt(ok=False, detail=f"{type(error).__name__}: {error}"[:300])]
        deliveries = deliveries[:1]
    spent = round((time.perf_counter() - started) * 1000 / len(deliveries))
    pairs = zip(deliveries, receipts, strict=True)
    return [Outcome(d, r, now, spent) for d, r in pairs if r.tried]
