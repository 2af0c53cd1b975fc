"""Events as the payload code makes them of a made-up ticket; the description shows them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from core.models import Domain
from notifications.models import StagedEvent
from notifications.names import (
    ATTRIBUTE,
    CREATE,
    INFORMATION,
    STATUS,
    TOPIC_CHANGE,
    TOPIC_CREATE,
    TOPIC_DELETE,
)
from notifications.payloads import event_payload
from notifications.topic_resources import BASE
from tmf621.resources import href_of
from tmf621.samples import sample

Payload = dict[str, Any]
TICKET = UUID("6f1c2a52-7c1e-4f0e-9a5b-0c1d5e3f7a11")
TOPIC = UUID("0b8c9a3e-52d4-4c39-8d57-3f3f0f1f2a10")
MOMENT = datetime(2024, 2, 24, 8, 32, 52, 114000, tzinfo=UTC)
TOPICS = (TOPIC_CREATE, TOPIC_CHANGE, TOPIC_DELETE)
# The status a ticket has when the event is told, and what the event is about.
_STATUSES = {CREATE: "acknowledged", STATUS: "inProgress", INFORMATION: "pending"}
_FIELDS = {ATTRIBUTE: "short_description", INFORMATION: "note"}
_WORDS = {
    CREATE: "Ticket created",
    STATUS: "acknowledged -> inProgress",
    ATTRIBUTE: "Changed: Short description",
    INFORMATION: "Attach the console log.",
}


def sample_event(event_type: str, base_url: str) -> Payload:
    """Return an event in the canonical shape; raises what its payload function raises."""
    about = _topic(base_url) if event_type in TOPICS else _ticket(event_type, base_url)
    staged = StagedEvent(
        event_id=uuid5(TICKET, event_type),
        event_type=event_type,
        ticket_uid=TICKET,
        ticket_number=str(about.get("number", about["name"])),
        domain=Domain(name="Global"),
        sequence=1,
        snapshot={
            "topic" if event_type in TOPICS else "ticket": about,
            "description": _WORDS.get(event_type, event_type),
            "field_path": _FIELDS.get(event_type, ""),
        },
        happened_at=MOMENT,
    )
    return event_payload(staged)


def _ticket(event_type: str, base_url: str) -> Payload:
    ticket: Payload = sample("v4", "answer")
    status = _STATUSES.get(event_type, "resolved")
    ticket |= {"id": str(TICKET), "href": href_of(TICKET, base_url), "status": status}
    if status != "acknowledged":
        ticket["statusChange"].append({"status": status, "changeDate": ticket["lastUpdate"]})
    if status == "resolved":
        # Types that others add may tell when that was.
        ticket["resolutionDate"] = ticket["lastUpdate"]
    return ticket


def _topic(base_url: str) -> Payload:
    return {
        "id": str(TOPIC),
        "href": f"{base_url}{BASE}/topic/{TOPIC}",
        "name": "critical-incidents",
        "headerQuery": "eventType=TroubleTicketCreateEvent",
        "@type": "Topic",
    }
