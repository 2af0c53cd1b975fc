"""Dress an event for the one who gets it: version, names, chosen attributes."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from notifications.matching import fields_of
from notifications.models import StagedEvent, Subscriber
from notifications.names import (
    DELETE,
    INFORMATION,
    TOPIC_CHANGE,
    TOPIC_CREATE,
    TOPIC_DELETE,
    servicenow_name,
)
from notifications.payloads.paths import information_required
from notifications.properties import EVENT_NAMES
from notifications.publishers.interface import Message
from notifications.taking import Claimed, as_claimed
from tmf621.faces import V5
from tmf621.mapping import Kind, kind_of

Payload = dict[str, Any]
Teller = Callable[[Claimed], Message]
HEADERS = {"origin": "psew"}
SERVICENOW = "servicenow"
TOPIC_EVENTS = frozenset({TOPIC_CREATE, TOPIC_CHANGE, TOPIC_DELETE})
# The event's own id is `eventId`; the rest is spelled or told otherwise.
NOT_IN_V5 = ("id", "href", "timeOcurred", "fieldPath")


def message_for(event: StagedEvent, subscriber: Subscriber) -> Message:
    """Return what a publisher would send of an event."""
    return teller_for(subscriber)(as_claimed(event))


def teller_for(subscriber: Subscriber) -> Teller:
    """Return what makes a message of each delivery to a subscriber; it asks for properties once."""
    names = EVENT_NAMES.value(subscriber.domain_id)
    wanted = fields_of(subscriber.query) if subscriber.query else []
    in_v5 = subscriber.hub == Subscriber.Hub.TMF621_V5
    if wanted or in_v5 or (not subscriber.hub and names == SERVICENOW):
        return partial(_dressed_message, subscriber, names)
    return _message


def _message(delivery: Claimed) -> Message:
    """Return the event as it was produced; its key keeps a ticket's events in order on a bus."""
    return Message(
        event_id=delivery.event_id,
        event_type=delivery.event_type,
        key=delivery.ticket,
        sequence=delivery.sequence,
        text=delivery.payload,
        headers=HEADERS,
    )


def _dressed_message(subscriber: Subscriber, names: str, delivery: Claimed) -> Message:
    # Only what is about a ticket is dressed.
    if delivery.published or delivery.event_type in TOPIC_EVENTS:
        return _message(delivery)
    payload = dressed(json.loads(delivery.payload), subscriber, names)
    text = json.dumps(payload, ensure_ascii=False)
    return _message(delivery._replace(payload=text, event_type=payload["eventType"]))


def dressed(payload: Payload, subscriber: Subscriber, names: str = "") -> Payload:
    """Return the event as this subscriber asked for it, under the names its domain uses."""
    names = names or EVENT_NAMES.value(subscriber.domain_id)
    if subscriber.hub == Subscriber.Hub.TMF621_V5:
        payload = as_v5(payload)
    elif not subscriber.hub and names == SERVICENOW:
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
