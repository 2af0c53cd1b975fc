"""Claim what is due of one subscriber's lines, and write down how it ended (reliability R3, R4).

A line is what one subscriber gets of one ticket. Within a line nothing overtakes, and what died
in it holds the rest until a person replays or skips it. Lines do not wait for each other.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from notifications.audience import WELCOME
from notifications.models import OutboundDelivery, Subscriber
from notifications.order import BATCH, next_in_line
from notifications.patience import Outcome, after_failure, is_down, rest_of
from notifications.settling import held, mark_sent, write_down
from notifications.taking import Claimed, Lease, due, take

LEASE = timedelta(seconds=60)
# What goes out together may be more than what goes one after the other.
LARGE: dict[str, int] = {Subscriber.Transport.HERMES: 2_000}
State = OutboundDelivery.State


@dataclass(frozen=True, slots=True)
class Batch:
    """Deliveries of one subscriber, claimed together, in the order they must go."""

    subscriber: Subscriber
    claim: uuid.UUID
    deliveries: list[Claimed]


def due_subscribers(now: datetime) -> list[int]:
    """Return who has something due and may be asked now; a long queue of one hides no other."""
    rows = _served().exclude(quiet_until__gt=now)
    waiting = Exists(due(now).filter(subscriber=OuterRef("pk")))
    return list(rows.filter(waiting).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def claim(subscriber_id: int, *, now: datetime) -> Batch | None:
    """Take the subscriber's due deliveries; the lease is committed before anybody talks.

    Claims of one subscriber follow one another (its row is locked for the moment), so that no
    line is torn apart. After a failure one delivery alone is tried, of the line tried least.
    """
    subscribers = _served().filter(pk=subscriber_id).select_related("topic")
    if connection.features.has_select_for_update_skip_locked:
        subscribers = subscribers.select_for_update(skip_locked=True, of=("self",))
    subscriber = subscribers.first()
    if subscriber is None or (subscriber.quiet_until and subscriber.quiet_until > now):
        return None
    most = LARGE.get(subscriber.transport, BATCH)
    ids = next_in_line(subscriber_id, alone=bool(subscriber.failures), now=now, most=most)
    lease = Lease(uuid.uuid4(), now, now + LEASE)
    # Where something was skipped or finished since the look, the next drain looks again.
    taken = take(ids, lease) if ids else []
    return Batch(subscriber, lease.token, taken) if taken else None


@transaction.atomic
def finish(batch: Batch, outcomes: list[Outcome], *, now: datetime) -> int:
    """Write the tries down and put back what was not tried after all; return how many changed.

    Rows change only while the claim is still ours. A try is written down in any case, unless its
    subscriber was deleted meanwhile and its deliveries with it.
    """
    still = held([each.pk for each in batch.deliveries], batch.claim)
    write_down([each for each in outcomes if each.delivery.pk in still])
    mine = [each for each in outcomes if still.get(each.delivery.pk)]
    mark_sent([each.delivery.pk for each in mine if each.receipt.ok], now)
    rows = OutboundDelivery.objects.all()
    for each in mine:
        if not each.receipt.ok:
            rows.filter(pk=each.delivery.pk).update(**after_failure(each, now))
    tried = {each.delivery.pk for each in outcomes}
    left = [pk for pk, ours in still.items() if ours and pk not in tried]
    if left:
        # Patience begins with the first try, and these had none.
        rows.filter(pk__in=left, attempts=1).update(first_tried_at=None)
        rows.filter(pk__in=left).update(claim=None, lease_until=None, attempts=F("attempts") - 1)
    _remember(batch.subscriber, mine, now)
    return len(mine)


def prolong(batch: Batch, *, now: datetime) -> bool:
    """Lengthen the lease; False when somebody else has any of the deliveries now."""
    ours = OutboundDelivery.objects.filter(claim=batch.claim, state=State.READY)
    return ours.update(lease_until=now + LEASE) == len(batch.deliveries)


@transaction.atomic
def replay(*, delivery_ids: list[int], now: datetime) -> int:
    """Put dead or waiting deliveries back in line with fresh patience; return how many."""
    rows = OutboundDelivery.objects.exclude(state=State.SENT)
    return _locked(rows, delivery_ids).update(
        state=State.READY, due_at=now, attempts=0, first_tried_at=None, lease_until=None, claim=None
    )


@transaction.atomic
def skip(*, delivery_ids: list[int]) -> int:
    """Give deliveries up on purpose, so that the ticket's later events go out."""
    rows = OutboundDelivery.objects.filter(state__in=[State.READY, State.DEAD])
    return _locked(rows, delivery_ids).update(state=State.SKIPPED, lease_until=None, claim=None)


def _locked(
    rows: QuerySet[OutboundDelivery], delivery_ids: list[int]
) -> QuerySet[OutboundDelivery]:
    """Lock the rows in the order in which everybody locks them, and return what was locked."""
    chosen = rows.filter(pk__in=delivery_ids).order_by("pk")
    if connection.features.has_select_for_update:
        chosen = chosen.select_for_update(no_key=True, of=("self",))
    return OutboundDelivery.objects.filter(pk__in=list(chosen.values_list("pk", flat=True)))


def _served() -> QuerySet[Subscriber]:
    return Subscriber.unscoped.filter(WELCOME, active=True, paused=False)


def _remember(subscriber: Subscriber, outcomes: list[Outcome], now: datetime) -> None:
    """Leave a subscriber that is down alone for a while; one success ends that."""
    if not outcomes:
        return
    row = Subscriber.unscoped.filter(pk=subscriber.pk)
    if not is_down(subscriber, outcomes):
        if subscriber.failures:
            row.update(failures=0, quiet_until=None)
        return
    row.update(failures=F("failures") + 1, quiet_until=now + rest_of(subscriber, outcomes[-1]))
