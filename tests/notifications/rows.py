"""Events, deliveries and tries as bare rows, for pages and counts that look at many."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from notifications.models import Attempt, OutboundDelivery, StagedEvent, Subscriber
from notifications.names import CREATE
from notifications.payloads import event_payload


def make_subscriber(name: str = "bus", **values: Any) -> Subscriber:
    made: Subscriber = Subscriber.objects.create(
        name=name, **{"transport": "http", "url": "https://bus.example/", **values}
    )
    return made


def make_event(
    number: str = "INC0000001", *, sequence: int = 1, ticket: uuid.UUID | None = None, **values: Any
) -> StagedEvent:
    """Return a produced event unless `state` says otherwise."""
    uid = ticket or uuid.uuid5(uuid.NAMESPACE_URL, number)
    told = {
        "id": str(uid),
        "href": f"https://psew.example/{uid}",
        "@type": "TroubleTicket",
        "ticketType": "Incident",
        "severity": "2 - High",
        "priority": "2",
    }
    values = {"event_type": CREATE, "state": StagedEvent.State.COMPLETED, **values}
    event = StagedEvent(
        ticket_uid=uid,
        ticket_number=number,
        sequence=sequence,
        snapshot={"ticket": told, "description": "Made for a test", "field_path": ""},
        **values,
    )
    if event.state == StagedEvent.State.COMPLETED:
        event.payload, event.produced_at = event_payload(event), event.happened_at
    event.save()
    return event


def make_delivery(
    event: StagedEvent, subscriber: Subscriber, state: str = "ready", **values: Any
) -> OutboundDelivery:
    made: OutboundDelivery = OutboundDelivery.objects.create(
        event=event,
        subscriber=subscriber,
        ticket_uid=event.ticket_uid,
        domain_id=event.domain_id,
        state=state,
        **values,
    )
    return made


def make_try(
    delivery: OutboundDelivery, *, ok: bool = False, at: datetime | None = None, **values: Any
) -> Attempt:
    values = {"status": 204 if ok else 503, "milliseconds": 12, **values}
    return Attempt.objects.create(
        delivery=delivery, ok=ok, started_at=at or timezone.now(), **values
    )


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)
