"""Deliver: claim with a lease, talk with no transaction open, finish if still ours (R3, R4)."""

import logging
import math
import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import partial

from django.db import connection
from django.utils import timezone

from core.crash_points import crash_point
from core.scope import everything
from core.wake import drain
from notifications.crew import Crew
from notifications.lines import (
    LEASE,
    Batch,
    claim,
    due_subscribers,
    finish,
    prolong,
)
from notifications.models import Subscriber
from notifications.patience import Outcome, is_down
from notifications.payloads import Teller, teller_for
from notifications.publishers import PUBLISHERS
from notifications.publishers.interface import (
    NOT_TRIED,
    Message,
    Receipt,
    Send,
    one_by_one,
    sending_to,
)
from notifications.taking import Claimed
from notifications.targets import target_of
from notifications.wording import named

logger = logging.getLogger(__name__)

# How many tries are made for a subscriber, and for how long, before others have their turn.
MOST, SECONDS = 5_000, 10.0
# A bus that keeps the order of a key itself takes a whole batch at once.
TAKES_ALL = frozenset({Subscriber.Transport.HERMES})


@drain("outbound")
def send_due() -> int:
    """Send what is due, each subscriber on its own; return how many tries were made."""
    with everything():
        ids = due_subscribers(timezone.now())
        if connection.in_atomic_block or connection.vendor != "postgresql":
            return sum(serve(pk) for pk in ids)
    # With more subscribers than threads, nobody is always the last.
    random.shuffle(ids)
    return CREW.serve(ids)


def serve(subscriber_id: int) -> int:
    """Send one subscriber what is due to it; return how many tries were made."""
    done, until = 0, time.monotonic() + SECONDS
    while done < MOST and time.monotonic() < until:
        batch = claim(subscriber_id, now=timezone.now())
        if batch is None:
            break
        crash_point("sender.after-claim")
        done += deliver(batch, until=until)
    return done


CREW = Crew(serve)


def deliver(batch: Batch, *, until: float = math.inf) -> int:
    """Send a claimed batch and write down what came of it; return how many were tried.

    A line that failed waits; a subscriber that is down ends the batch, and so does the moment
    `until` of the monotonic clock.
    """
    outcomes: list[Outcome] = []
    try:
        tell = teller_for(batch.subscriber)
        with _way_out(batch.subscriber) as send:
            _talk(batch, partial(_try, send, tell), outcomes, until)
    except Exception as error:
        logger.exception("the deliveries to %s could not go on", batch.subscriber)
        if not outcomes:
            # Nobody was asked; it is told at the first of them, and the others go free.
            nothing = Receipt(ok=False, detail=named(error))
            outcomes.append(Outcome(batch.deliveries[0], nothing, timezone.now(), 0))
    crash_point("sender.after-talk")
    finish(batch, outcomes, now=timezone.now())
    crash_point("sender.after-finish")
    return len(outcomes)


def _talk(
    batch: Batch,
    attempt: Callable[[list[Claimed], datetime], list[Outcome]],
    outcomes: list[Outcome],
    until: float,
) -> None:
    """Try part after part, as far as lease, time and the other side allow; fill `outcomes`."""
    stopped: set[object] = set()
    renewed = timezone.now()
    for part in _parts(batch):
        now = timezone.now()
        if time.monotonic() >= until:
            break
        if now - renewed > LEASE / 3:
            if not prolong(batch, now=now):
                break
            renewed = now
        fresh = attempt([each for each in part if each.ticket not in stopped], now)
        outcomes += fresh
        stopped |= {each.delivery.ticket for each in fresh if not each.receipt.ok}
        if outcomes and is_down(batch.subscriber, outcomes):
            break


def _parts(batch: Batch) -> list[list[Claimed]]:
    """Cut a batch into what is handed over at once."""
    if batch.subscriber.transport in TAKES_ALL:
        return [batch.deliveries]
    return [[delivery] for delivery in batch.deliveries]


def _way_out(subscriber: Subscriber) -> AbstractContextManager[Send]:
    publisher = PUBLISHERS.get(subscriber.transport)
    if publisher is not None:
        return sending_to(publisher, target_of(subscriber))
    missing = Receipt(ok=False, detail=f"there is no way out named {subscriber.transport}")
    return nullcontext(partial(one_by_one, lambda _: missing))


def _try(send: Send, tell: Teller, deliveries: list[Claimed], now: datetime) -> list[Outcome]:
    """Hand deliveries over in order; those held behind a failed one of their line are left out."""
    started = time.perf_counter()
    messages, broken = _messages(tell, deliveries)
    try:
        receipts = send(messages) if messages else [broken]
    except Exception as error:
        receipts = [Receipt(ok=False, detail=named(error))]
    spent = round((time.perf_counter() - started) * 1000 / len(receipts))
    pairs = zip(deliveries, receipts, strict=False)
    return [Outcome(d, r, now, spent) for d, r in pairs if r.tried]


def _messages(tell: Teller, deliveries: list[Claimed]) -> tuple[list[Message], Receipt]:
    """Return messages up to the first delivery that cannot be told, and what is said of that."""
    messages: list[Message] = []
    for delivery in deliveries:
        try:
            messages.append(tell(delivery))
        except Exception as error:
            return messages, Receipt(ok=False, detail=named(error), refused=True)
    return messages, NOT_TRIED
