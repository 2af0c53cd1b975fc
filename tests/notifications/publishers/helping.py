"""Events to publish."""

import json

from notifications.publishers.interface import Message

EVENT_TYPE = "TroubleTicketStatusChangeEvent"


def message(key: str, sequence: int, event_type: str = EVENT_TYPE) -> Message:
    """One event of a ticket; its id tells which."""
    event_id = f"{key}-{sequence}"
    payload = {
        "eventId": event_id,
        "eventType": event_type,
        "correlationId": key,
        "event": {"troubleTicket": {"id": key, "name": "Überlauf"}},
    }
    return Message(event_id, event_type, key, sequence, json.dumps(payload), {"origin": "psew"})
