"""Make of staged events what goes out: the payload, and a delivery for each line that gets it."""

import json
import re
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from django.db import connection

from core.models import Domain
from notifications.audience import WELCOME, is_meant
from notifications.matching import Event
from notifications.models import OutboundDelivery, StagedEvent, Subscriber
from notifications.payloads import event_payload, matching_event
from notifications.topic_lines import buses_now
from notifications.wording import named

State = StagedEvent.State
Say = Callable[[str, str], None]
_KEEP = """
UPDATE notifications_stagedevent AS staged
SET state = made.state, payload = made.payload::jsonb, error = made.error,
    produced_at = made.produced_at
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])
    AS made(id, state, payload, error, produced_at)
WHERE staged.id = made.id
"""
# An odd number of backslashes: this is the character itself, which no database keeps.
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def produce(batch: list[StagedEvent], *, now: datetime, say: Say) -> None:
    """Produce events in order, in the caller's transaction; `say` takes a level and a sentence.

    An event that cannot be told is set aside with its error. A line that cannot be asked whether
    it wants an event keeps it as dead, with the cause, until a person decides.
    """
    lines = _lines()
    domains = {event.domain_id: event.domain for event in batch}
    above = {pk: domains_above(each) for pk, each in domains.items()}
    buses = {pk: buses_now(pk) for pk in domains}
    texts: list[str | None] = []
    deliveries: list[OutboundDelivery] = []
    for event in batch:
        try:
            event.payload = event_payload(event)
            told, text = matching_event(event), written(event.payload)
        except Exception as error:
            say("err", f"{event} cannot be produced: {named(error)}")
            event.state, event.error, event.payload = State.ERROR, named(error), None
            texts.append(None)
            continue
        event.state, event.produced_at = State.COMPLETED, now
        texts.append(text)
        whose = above[event.domain_id], buses[event.domain_id]
        deliveries += _deliveries(event, told, lines, *whose, say)
    _keep(batch, texts)
    OutboundDelivery.objects.bulk_create(deliveries, ignore_conflicts=True)


def written(payload: Event) -> str:
    """Return a payload as JSON that the database keeps and every reader reads.

    Errors: `TypeError`, `ValueError` for what is no JSON (NaN, halves of characters, NUL).
    """
    text = json.dumps(payload, allow_nan=False, ensure_ascii=False)
    text.encode()
    if "\\u0000" in text and _NUL.search(text):
        raise ValueError("the character NUL cannot be told")
    return text


def domains_above(domain: Domain) -> set[int]:
    """Return the ids of the event's domain and of those above it, which may see it."""
    found: set[int] = set()
    each: Domain | None = domain
    while each is not None and each.pk not in found:
        found.add(each.pk)
        each = each.parent
    return found


def _lines() -> list[Subscriber]:
    rows = Subscriber.unscoped.filter(WELCOME, active=True).select_related("topic")
    return list(rows.order_by("pk"))


def _deliveries(
    event: StagedEvent,
    told: Event,
    lines: list[Subscriber],
    above: Collection[int],
    buses: Collection[str],
    say: Say,
) -> list[OutboundDelivery]:
    made: list[OutboundDelivery] = []
    for line in lines:
        try:
            if is_meant(line, event, told, above, buses):
                made.append(_delivery(event, line))
        except Exception as error:
            say("err", f"{line} cannot be asked about {event}: {named(error)}")
            made.append(_delivery(event, line, named(error)))
    return made


def _delivery(event: StagedEvent, line: Subscriber, cause: str = "") -> OutboundDelivery:
    states = OutboundDelivery.State
    return OutboundDelivery(
        domain_id=event.domain_id,
        event=event,
        subscriber=line,
        ticket_uid=event.ticket_uid,
        state=states.DEAD if cause else states.READY,
        error=cause,
    )


def _keep(batch: list[StagedEvent], texts: list[str | None]) -> None:
    """Write what became of the events of a batch."""
    if connection.vendor != "postgresql":
        StagedEvent.objects.bulk_update(batch, ["state", "payload", "error", "produced_at"])
        return
    # One parameter a column: a CASE with a branch for each row takes ten times as long.
    columns: list[Any] = [
        [event.pk for event in batch],
        [str(event.state) for event in batch],
        texts,
        [event.error for event in batch],
        [event.produced_at for event in batch],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, columns)
