"""Say how a failed try goes on: when the event is tried again, and when it is given up."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from notifications.models import Attempt, OutboundDelivery, Subscriber
from notifications.publishers.interface import BLAMING, Receipt
from notifications.taking import Claimed
from notifications.wording import storable

PATIENCE = timedelta(hours=72)
HOPELESS_TRIES = 5
SLOWEST = 3600.0
# While a subscriber is down its lines wait no longer than this, so that they go on at once after.
SLOWEST_OUTAGE = 60.0
IN_A_ROW = 3
State = OutboundDelivery.State


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try."""

    delivery: Claimed
    receipt: Receipt
    started_at: datetime
    milliseconds: int

    @property
    def down(self) -> bool:
        """Tell whether the subscriber is away or asks to be left alone."""
        receipt = self.receipt
        silent = receipt.status is None and not receipt.refused
        return not receipt.ok and (silent or receipt.retry_after is not None)

    @property
    def ailing(self) -> bool:
        """Tell whether it may be the subscriber's fault, or only this event's."""
        return not self.receipt.ok and not self.receipt.hopeless


def backoff(attempts: int, *, most: float = SLOWEST) -> float:
    """Return the seconds to wait: doubling from one second to `most`, up to a fifth less.

    The jitter comes after the cap, so that those who wait the longest do not come all at once.
    """
    return float(min(2.0 ** min(attempts - 1, 30), most)) * random.uniform(0.8, 1.0)  # noqa: S311


def after_failure(outcome: Outcome, now: datetime) -> dict[str, object]:
    """Return what becomes of a delivery that was tried in vain: dead, or due later."""
    delivery, receipt = outcome.delivery, outcome.receipt
    error = storable((f"HTTP {receipt.status}: " if receipt.status else "") + receipt.detail)
    if _is_refused_for_good(outcome) or now - delivery.first_tried_at > PATIENCE:
        return {"state": State.DEAD, "lease_until": None, "claim": None, "error": error}
    wait = backoff(delivery.attempts, most=SLOWEST_OUTAGE if outcome.ailing else SLOWEST)
    due_at = now + timedelta(seconds=min(max(wait, receipt.retry_after or 0), SLOWEST))
    return {"due_at": due_at, "lease_until": None, "claim": None, "error": error}


def _is_refused_for_good(outcome: Outcome) -> bool:
    """Tell whether the last tries were all refusals; an outage before them does not count."""
    delivery, receipt = outcome.delivery, outcome.receipt
    if not receipt.hopeless or delivery.attempts < HOPELESS_TRIES:
        return False
    tries = Attempt.objects.filter(delivery=delivery.pk).order_by("-pk")[:HOPELESS_TRIES]
    return {each.status for each in tries} <= BLAMING | {receipt.status}


def is_down(subscriber: Subscriber, outcomes: list[Outcome]) -> bool:
    """Tell whether the subscriber should be left alone for a while.

    One refused event may be poison; several in a row, or one after an outage, are an outage.
    """
    needed = 1 if subscriber.failures else IN_A_ROW
    last = outcomes[-needed:]
    return outcomes[-1].down or (len(last) == needed and all(each.ailing for each in last))


def rest_of(subscriber: Subscriber, last: Outcome) -> timedelta:
    """Return how long a subscriber that is down is left alone, after this last try."""
    wait = backoff(subscriber.failures + 1, most=SLOWEST_OUTAGE)
    return timedelta(seconds=min(max(wait, last.receipt.retry_after or 0), SLOWEST))
