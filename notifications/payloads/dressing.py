"""Dress an event for the one who gets it: version, names, chosen attributes."""

from collections.abc import Callable
from functools import partial
from typing import Any

from notifications.matching import fields_of
from notifications.models import OutboundDelivery, Subscriber
from notifications.names import DELETE, INFORMATION, servicenow_name
from notifications.payloads.paths import information_required
from notifications.properties import EVENT_NAMES
from notifications.publishers.interface import Message
from tmf621.faces import V5
from tmf621.mapping import Kind, kind_of

Payload = dict[str, Any]
Teller = Callable[[OutboundDelivery], Message]
ORIGIN = "psew"
# The event's own id is `eventId`; the rest is spelled or told otherwise.
NOT_IN_V5 = ("id", "href", "timeOcurred", "fieldPath")


def message_for(delivery: OutboundDelivery, subscriber: Subscriber) -> Message:
    """Return what a publisher sends of one delivery."""
    return teller_for(subscriber)(delivery)


def teller_for(subscriber: Subscriber) -> Teller:
    """Return what makes a message of each delivery to a subscriber; it asks for properties once."""
    names = EVENT_NAMES.value(subscriber.domain_id)
    return partial(_message, subscriber, names)


def _message(subscriber: Subscriber, names: str, delivery: OutboundDelivery) -> Message:
    """Return a message; its key keeps a ticket's events in order on a bus."""
    event = delivery.event
    # Whoever claims deliveries leaves the snapshot where it is and knows this already.
    ours = delivery.of_ticket if hasattr(delivery, "of_ticket") else "ticket" in event.snapshot
    payload = dressed(event.payload, subscriber, names) if ours else event.payload
    return Message(
        event_id=payload["eventId"],
        event_type=payload["eventType"],
        key=str(event.ticket_uid),
        sequence=event.sequence,
        payload=payload,
        headers={"origin": ORIGIN},
    )


def dressed(payload: Payload, subscriber: Subscriber, names: str = "") -> Payload:
    """Return the event as this subscriber asked for it, under the names its domain uses."""
    names = names or EVENT_NAMES.value(subscriber.domain_id)
    if subscriber.hub == Subscriber.Hub.TMF621_V5:
        payload = as_v5(payload)
    elif not subscriber.hub and names == "servicenow":
        payload = as_servicenow(payload)
    wanted = fields_of(subscriber.query) if subscriber.query else []
    return _cut(payload, wanted) if wanted else payload


def as_v5(payload: Payload) -> Payload:
    """Return the event as TMF621 v5 shapes it."""
    told = {k: v for k, v in payload.items() if k not in NOT_IN_V5}
    event = {**payload["event"], "troubleTicket": V5.show(payload["event"]["troubleTicket"])}
    ticket = event["troubleTicket"]
    if payload["eventType"] == DELETE:
        event["troubleTicket"] = {**ticket, "@type": "TroubleTicketRef"}
    if payload["eventType"] == INFORMATION:
        event["informationRequired"] = information_required(payload["fieldPath"])
    return {
        **told,
        "timeOccurred": payload["timeOcurred"],
        "source": {**payload["source"], "href": ticket["href"]},
        "analyticCharacteristic": [
            {**each, "@type": "StringCharacteristic", "valueType": "string"}
            for each in payload["analyticCharacteristic"]
        ],
        "event": event,
    }


def as_servicenow(payload: Payload) -> Payload:
    """Return the event under ServiceNow's names (C.14)."""
    kind = str(payload["event"].get("troubleTicket", {}).get("ticketType", ""))
    name = servicenow_name(payload["eventType"], is_case=kind_of(kind) is Kind.CASE)
    return {**payload, "eventType": name, "title": name, "@type": "Troubleticket"}


def _cut(payload: Payload, wanted: list[str]) -> Payload:
    ticket = payload["event"].get("troubleTicket", {})
    kept = {name: ticket[name] for name in ("id", "href", "@type", *wanted) if name in ticket}
    return {**payload, "event": {**payload["event"], "troubleTicket": kept}}
