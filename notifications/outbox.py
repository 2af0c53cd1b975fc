"""The producer: turn staged events into payloads and one delivery per subscriber (R156, R163)."""

import json
import logging
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from core.crash_points import crash_point
from core.models import Domain
from core.scope import everything
from core.wake import drain, wake
from notifications.audience import is_meant
from notifications.models import OutboundDelivery, StagedEvent, Subscriber
from notifications.payloads import event_payload, matching_event
from notifications.properties import (
    BATCH_LIMIT,
    EVENT_LOG,
    LEVELS,
    LOCK_ATTEMPTS,
    LOCK_WAIT,
    MAX_RECORDS,
    MAX_RUNTIME,
)
from notifications.topic_lines import buses_now
from tmf621.filtering import BadFilter

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


_KEEP = """
UPDATE notifications_stagedevent AS staged
SET state = made.state, payload = made.payload, error = made.error, produced_at = made.produced_at
FROM jsonb_to_recordset(%s::jsonb)
    AS made(id bigint, state text, payload jsonb, error text, produced_at timestamptz)
WHERE staged.id = made.id
"""


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
    """Take a batch in order; a broken event is set aside with its error, the rest go on."""
    batch = list(_ready().select_related("domain").order_by("pk")[:size])
    lines = _lines() if batch else []
    buses = {pk: buses_now(pk) for pk in {event.domain_id for event in batch}}
    deliveries = [
        delivery
        for event in batch
        for delivery in _produce(event, lines, now, limits, buses[event.domain_id])
    ]
    _keep(batch)
    OutboundDelivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    if batch:
        crash_point("producer.before-commit")
    return len(batch)


def _keep(batch: list[StagedEvent]) -> None:
    """Write what became of the events of a batch."""
    if connection.vendor != "postgresql":
        StagedEvent.objects.bulk_update(batch, ["state", "payload", "error", "produced_at"])
        return
    # One parameter for all rows: a CASE with a branch for each of them takes ten times as long.
    rows = [
        {
            "id": event.pk,
            "state": event.state,
            "payload": event.payload,
            "error": event.error,
            "produced_at": event.produced_at and event.produced_at.isoformat(),
        }
        for event in batch
    ]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [json.dumps(rows)])


def _ready() -> QuerySet[StagedEvent]:
    return StagedEvent.objects.filter(state=State.READY)


def _lines() -> list[Subscriber]:
    # A client that was shut out gets nothing more.
    welcome = Q(client=None) | Q(client__is_active=True)
    rows = Subscriber.unscoped.filter(welcome, active=True).select_related("topic")
    return list(rows.order_by("pk"))


def _produce(
    event: StagedEvent,
    lines: list[Subscriber],
    now: datetime,
    limits: Limits,
    buses: Collection[str],
) -> list[OutboundDelivery]:
    try:
        event.payload = event_payload(event)
    except Exception as error:
        limits.say("err", f"{event} cannot be produced: {type(error).__name__}: {error}")
        event.state, event.error = State.ERROR, f"{type(error).__name__}: {error}"
        return []
    event.state, event.produced_at = State.COMPLETED, now
    told, above = matching_event(event), domains_above(event.domain)

    def meant(line: Subscriber) -> bool:
        # A query nobody can read stops only its own line.
        try:
            return is_meant(line, event, told, above, buses)
        except BadFilter as error:
            limits.say("err", f"{line}: {error}")
            return False

    return [
        OutboundDelivery(
            domain_id=event.domain_id,
            event=event,
            subscriber=line,
            ticket_uid=event.ticket_uid,
            due_at=now,
        )
        for line in lines
        if meant(line)
    ]


def domains_above(domain: Domain) -> set[int]:
    """Return the ids of the event's domain and of those above it, which may see it."""
    found: set[int] = set()
    each: Domain | None = domain
    while each is not None and each.pk not in found:
        found.add(each.pk)
        each = each.parent
    return found
