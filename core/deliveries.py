"""Take due deliveries: each runs whole in one transaction, or is tried again later."""

import logging
import traceback
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from core.bus import reaction_of
from core.crash_points import crash_point
from core.models import Delivery
from core.scope import everything
from core.wake import drain, wake

logger = logging.getLogger(__name__)

BATCH = 200
TRIES = 12
SLOWEST = timedelta(hours=1)


@drain("deliveries")
def deliver_due() -> int:
    """Run due deliveries until none is left or the batch is full; return how many ran."""
    done = 0
    while done < BATCH and deliver_one(now=timezone.now()):
        done += 1
    if done == BATCH:
        wake("deliveries")
    return done


def deliver_one(*, now: datetime) -> bool:
    """Take the oldest due delivery and run its reaction; False when nothing is due."""
    with everything(), transaction.atomic():
        delivery = claimable(now).first()
        if delivery is None:
            return False
        _run(delivery, now)
        crash_point("delivery.before-commit")
    crash_point("delivery.after-commit")
    return True


def claimable(now: datetime) -> QuerySet[Delivery]:
    """Return due deliveries that no other worker holds and no earlier one must precede.

    Order holds per record and reaction: a later event waits for an earlier one (reliability R3).
    """
    earlier = Delivery.objects.filter(
        record_key=OuterRef("record_key"),
        reaction=OuterRef("reaction"),
        state=Delivery.State.READY,
        pk__lt=OuterRef("pk"),
    )
    due = Delivery.objects.filter(state=Delivery.State.READY, due_at__lte=now)
    due = due.filter(~Exists(earlier)).select_related("event").order_by("due_at", "pk")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, of=("self",))
    return due


def _run(delivery: Delivery, now: datetime) -> None:
    reaction = reaction_of(delivery.reaction)
    delivery.attempts += 1
    try:
        if reaction is None:
            raise LookupError(f"No code answers to {delivery.reaction!r} any more.")
        with transaction.atomic():
            crash_point("delivery.before-work")
            reaction.handler(delivery.event)
            crash_point("delivery.after-work")
    except Exception as error:
        _try_again(delivery, error, now)
    else:
        delivery.state, delivery.finished_at, delivery.error = Delivery.State.DONE, now, ""
    delivery.save(update_fields=["state", "attempts", "due_at", "finished_at", "error"])


def _try_again(delivery: Delivery, error: Exception, now: datetime) -> None:
    logger.exception("delivery %s failed", delivery.pk)
    delivery.error = "".join(traceback.format_exception(error))[-4000:]
    if delivery.attempts >= TRIES:
        delivery.state, delivery.finished_at = Delivery.State.DEAD, now
    else:
        delivery.due_at = now + min(timedelta(seconds=2**delivery.attempts), SLOWEST)


@transaction.atomic
def replay(*, delivery_ids: list[int], now: datetime) -> int:
    """Put dead or waiting deliveries back in line; return how many."""
    waiting = Delivery.objects.filter(pk__in=delivery_ids).exclude(state=Delivery.State.DONE)
    count = waiting.update(state=Delivery.State.READY, due_at=now, attempts=0, finished_at=None)
    transaction.on_commit(lambda: wake("deliveries"))
    return count
