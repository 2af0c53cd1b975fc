"""Build TMF688 events with the whole TMF621 ticket inside (tmf.md §3.10, R156)."""

from typing import Any

from notifications.models import StagedEvent

CREATE = "TroubleTicketCreateEvent"
STATUS = "TroubleTicketStatusChangeEvent"
ATTRIBUTE = "TroubleTicketAttributeValueChangeEvent"


def event_payload(staged: StagedEvent) -> dict[str, Any]:
    """Return the event as subscribers get it; `eventId` is the same on every try."""
    ticket = staged.snapshot["ticket"]
    moment = staged.happened_at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    payload: dict[str, Any] = {
        "eventId": str(staged.event_id),
        "eventTime": moment,
        "eventType": staged.event_type,
        "correlationId": staged.ticket_number,
        "domain": staged.domain.name,
        "title": staged.event_type,
        "description": staged.snapshot["description"],
        "priority": str(ticket.get("priority", ""))[:1],
        "timeOcurred": moment,
        "id": ticket["id"],
        "href": ticket["href"],
        "event": {"troubleTicket": ticket},
        # Counts the ticket's events from 1: a consumer sees gaps and order by it.
        "analyticCharacteristic": [{"name": "sequence", "value": str(staged.sequence)}],
    }
    if staged.snapshot.get("field_path"):
        payload["fieldPath"] = staged.snapshot["field_path"]
    return payload
