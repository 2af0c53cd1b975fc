"""Build TMF688 events with the whole TMF621 ticket inside (tmf.md §3.10, R156)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from notifications.models import StagedEvent
from notifications.names import (
    ATTRIBUTE,
    CREATE,
    DELETE,
    INFORMATION,
    RESOLVED,
    STATUS,
    TOPIC_CHANGE,
    TOPIC_CREATE,
    TOPIC_DELETE,
    servicenow_name,
)
from notifications.payloads.paths import field_path
from tmf621.mapping import Kind, kind_of, level_of

Payload = dict[str, Any]
Content = Callable[[StagedEvent], Payload]
REPORTER = {"id": "psew", "name": "PSEW", "@type": "EntityRef", "@referredType": "LogicalResource"}


@dataclass(frozen=True, slots=True)
class EventType:
    """What an event type says, and when, in a sentence."""

    content: Content
    sent_when: str


_types: dict[str, EventType] = {}


def payload_of(event_type: str, sent_when: str = "") -> Callable[[Content], Content]:
    """Register what an event type says in `event`; without one it says the whole ticket (R183).

    In: `sent_when` is the sentence that the published description of events has about it.
    """

    def register(content: Content) -> Content:
        _types[event_type] = EventType(content, sent_when)
        return content

    return register


def forget_payload(event_type: str) -> None:
    """Undo `payload_of`."""
    _types.pop(event_type, None)


def event_types() -> dict[str, EventType]:
    """Return every registered event type by its name."""
    return dict(_types)


def event_payload(staged: StagedEvent) -> Payload:
    """Return the event in the canonical shape (TMF688 v4); `eventId` is the same on every try."""
    if "published" in staged.snapshot:
        # Somebody else's event is told as it came.
        return dict(staged.snapshot["published"])
    ticket = staged.snapshot.get("ticket")
    about = ticket or staged.snapshot["topic"]
    moment = told_moment(staged.happened_at)
    known = _types.get(staged.event_type)
    payload: Payload = {
        "eventId": str(staged.event_id),
        "eventTime": moment,
        "eventType": staged.event_type,
        "correlationId": staged.ticket_number,
        "domain": staged.domain.name,
        "title": staged.event_type,
        "description": staged.snapshot["description"],
        "priority": str(about.get("priority", ""))[:1],
        "timeOcurred": moment,
        "id": about["id"],
        "href": about["href"],
        "source": source_of(about, "TroubleTicket" if ticket else "Topic"),
        "reportingSystem": REPORTER,
        "event": known.content(staged) if known else whole_ticket(staged),
        # Counts the ticket's events from 1: a consumer sees gaps and order by it.
        "analyticCharacteristic": [{"name": "sequence", "value": str(staged.sequence)}],
        "@type": staged.event_type,
        "@baseType": "Event",
    }
    if path := field_path(staged.snapshot.get("field_path", ""), about):
        payload["fieldPath"] = path
    return payload


def source_of(about: Payload, referred_type: str) -> Payload:
    """Return the reference to the ticket or topic an event comes from."""
    told = {name: about[name] for name in ("id", "href")}
    return {**told, "@type": "EntityRef", "@referredType": referred_type}


@payload_of(CREATE, "A ticket was created, by whatever channel.")
@payload_of(STATUS, "The status changed.")
@payload_of(ATTRIBUTE, "Anything else changed; `fieldPath` names the attributes.")
@payload_of(RESOLVED, "The status has become `resolved`. The status change is told as well.")
@payload_of(
    INFORMATION,
    "The status has become `pending`: `description` is the question. The status change is told "
    "as well.",
)
def whole_ticket(staged: StagedEvent) -> Payload:
    """Return the ticket as it was told at that moment."""
    return {"troubleTicket": staged.snapshot["ticket"]}


@payload_of(DELETE, "The ticket was deleted; no event of it follows.")
def only_reference(staged: StagedEvent) -> Payload:
    """Return what is left of a deleted ticket: who it was."""
    ticket = staged.snapshot["ticket"]
    return {"troubleTicket": {name: ticket[name] for name in ("id", "href", "@type")}}


@payload_of(TOPIC_CREATE, "A topic was made.")
@payload_of(TOPIC_CHANGE, "A topic was changed.")
@payload_of(TOPIC_DELETE, "A topic was deleted.")
def whole_topic(staged: StagedEvent) -> Payload:
    """Return the topic as it was told at that moment (TMF688)."""
    return {"topic": staged.snapshot["topic"]}


def matching_event(staged: StagedEvent) -> Payload:
    """Return the produced event as queries see it, with the other spellings they may use.

    Event types are found by ServiceNow's names as well, types in small letters, severities by
    their level too: a topic for severity 1 gets what its client calls Critical (C.14).
    """
    payload, ticket = staged.payload, staged.snapshot.get("ticket")
    if ticket is None:
        return dict(payload)
    kind, severity = str(ticket.get("ticketType", "")), str(ticket.get("severity", ""))
    names = {
        staged.event_type,
        servicenow_name(staged.event_type, is_case=kind_of(kind) is Kind.CASE),
    }
    told = {
        **payload["event"].get("troubleTicket", {}),
        "ticketType": sorted({kind, kind.casefold()}),
        "severity": sorted({severity, str(level_of(severity))}),
    }
    event = {**payload["event"], "troubleTicket": told}
    return {**payload, "eventType": sorted(names), "event": event}


def told_moment(moment: datetime) -> str:
    """Return a moment as events tell it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
