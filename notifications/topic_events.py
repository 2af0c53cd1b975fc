"""Stage what is no ticket's: that topics came and went, and what clients publish to them.

Such an event lies in the same queue. In place of a ticket its snapshot holds the topic, or the
event as it was published; its line is the topic, or the correlation id it was published with.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from core.wake import wake
from notifications.models import StagedEvent, Topic
from notifications.payloads.building import told_moment
from notifications.topic_resources import Resource, topic_resource
from tmf621.errors import Conflict


def stage_topic(topic: Topic, event_type: str, description: str, now: datetime) -> None:
    """Stage that a topic came, changed or went, in the transaction that did it."""
    told = topic_resource(topic, settings.PUBLIC_URL)
    StagedEvent.objects.create(
        event_type=event_type,
        ticket_uid=topic.uid,
        ticket_number=topic.name[:20],
        domain_id=topic.domain_id,
        sequence=_next(topic.uid),
        snapshot={"topic": told, "description": description},
        happened_at=now,
    )
    transaction.on_commit(lambda: wake("outbox"))


def last_told(topic: Topic) -> Resource | None:
    """Return the topic as its newest event told it."""
    rows = StagedEvent.unscoped.filter(ticket_uid=topic.uid).order_by("-sequence")
    snapshot = rows.values_list("snapshot", flat=True).first()
    return snapshot["topic"] if snapshot else None


@transaction.atomic
def publish(*, topic: Topic, event: dict[str, Any], now: datetime) -> StagedEvent:
    """Stage an event for a topic's lines and hubs; the caller holds the topic's lock.

    In: the event as the client sent it, checked. Errors: `Conflict` where the topic has one with
    this `eventId` already, so that a client may send again what it is not sure of.
    """
    staged = StagedEvent(topic=topic, domain_id=topic.domain_id, happened_at=now)
    if "eventId" in event:
        staged.event_id = published_id(topic, event["eventId"])
        if StagedEvent.unscoped.filter(event_id=staged.event_id).exists():
            raise Conflict("eventId: this topic has an event with this id already.")
    said = {"eventId": str(staged.event_id), "eventTime": told_moment(now), **event}
    correlation = said.get("correlationId", "")
    staged.event_type = said["eventType"]
    staged.ticket_number = correlation[:20]
    staged.ticket_uid = uuid5(topic.uid, f"line {correlation}") if correlation else staged.event_id
    staged.sequence = _next(staged.ticket_uid)
    staged.snapshot, staged.payload = {"published": said}, said
    staged.save()
    transaction.on_commit(lambda: wake("outbox"))
    return staged


def published_id(topic: Topic, event_id: str) -> UUID:
    """Return psew's id of an event a client published under its own; no two topics share one."""
    return uuid5(topic.uid, f"event {event_id}")


def _next(uid: UUID) -> int:
    rows = StagedEvent.unscoped.filter(ticket_uid=uid)
    return (rows.aggregate(last=Max("sequence"))["last"] or 0) + 1
