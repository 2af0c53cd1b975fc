"""The producer: turn staged events into payloads and one delivery per subscriber (R156, R163)."""

import logging
import time
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.crash_points import crash_point
from core.scope import everything
from core.wake import drain, wake
from notifications.models import StagedEvent
from notifications.producing import produce
from notifications.properties import (
    BATCH_LIMIT,
    EVENT_LOG,
    LEVELS,
    LOCK_ATTEMPTS,
    LOCK_WAIT,
    MAX_RECORDS,
    MAX_RUNTIME,
)

logger = logging.getLogger(__name__)
# Any number, as long as nothing else of psew locks it.
QUEUE_LOCK = 6_213_688
_PYTHON_LEVELS = dict(zip(LEVELS, (50, 50, 50, 40, 30, 20, 20, 10), strict=True))
State = StagedEvent.State


@dataclass(frozen=True, slots=True)
class Limits:
    """What the properties allow one run (R165-R172)."""

    records: int
    batch: int
    milliseconds: int
    lock_attempts: int
    lock_wait: int
    log: str

    @classmethod
    def now(cls) -> "Limits":
        return cls(
            MAX_RECORDS.value(),
            max(1, BATCH_LIMIT.value()),
            MAX_RUNTIME.value(),
            LOCK_ATTEMPTS.value(),
            LOCK_WAIT.value(),
            EVENT_LOG.value(),
        )

    def say(self, level: str, text: str) -> None:
        """Write into the log what the property lets through (R165)."""
        if LEVELS.index(level) <= LEVELS.index(self.log):
            logger.log(_PYTHON_LEVELS[level], "%s", text)


@drain("outbox")
def produce_due() -> int:
    """One run of the producer; return how many events it took."""
    with everything():
        limits = Limits.now()
        done = sum(run(limits))
    if done:
        wake("outbound")
    if done >= limits.records:
        wake("outbox")
    return done


def run(limits: Limits) -> list[int]:
    """Produce batch after batch until the queue is empty or a limit is reached (R167, R169).

    Out: the size of each batch. With a batch limit of 50 and 200 records at most, 130 waiting
    events are 50, 50, 30; of 220 the last 20 wait for the next run.
    """
    sizes: list[int] = []
    begun = time.monotonic()
    while (left := limits.records - sum(sizes)) > 0:
        if (time.monotonic() - begun) * 1000 >= limits.milliseconds:
            if _ready().exists():
                limits.say("err", f"The run was stopped after {limits.milliseconds} ms.")
            break
        size = _locked_batch(min(limits.batch, left), limits)
        if not size:
            break
        crash_point("producer.after-commit")
        sizes.append(size)
        limits.say("info", f"Produced a batch of {size} events.")
    return sizes


def _locked_batch(size: int, limits: Limits) -> int:
    """Produce one batch; wait for another run as long as the properties say (R171, R172)."""
    for attempt in range(max(1, limits.lock_attempts)):
        if attempt:
            time.sleep(limits.lock_wait / 1000)
        with transaction.atomic():
            if _lock_queue():
                return produce_batch(now=timezone.now(), size=size, limits=limits)
    limits.say("warning", "Another run holds the queue; this one gives up.")
    return 0


def _lock_queue() -> bool:
    """Lock the queue until the transaction ends: one producer keeps a ticket's events in order."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [QUEUE_LOCK])
        return bool(cursor.fetchone()[0])


def produce_batch(*, now: datetime, size: int, limits: Limits) -> int:
    """Take a batch in order and produce it; return its size."""
    batch = list(_ready().select_related("domain").order_by("pk")[:size])
    if batch:
        produce(batch, now=now, say=limits.say)
        crash_point("producer.before-commit")
    return len(batch)


def _ready() -> QuerySet[StagedEvent]:
    return StagedEvent.objects.filter(state=State.READY)
