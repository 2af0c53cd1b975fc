"""What an event says: built once when it is produced, dressed for each subscriber when it goes."""

from notifications.payloads.building import (
    EventType,
    event_payload,
    event_types,
    forget_payload,
    matching_event,
    payload_of,
    whole_ticket,
)
from notifications.payloads.dressing import (
    Teller,
    as_servicenow,
    as_v5,
    dressed,
    message_for,
    teller_for,
)

__all__ = [
    "EventType",
    "Teller",
    "as_servicenow",
    "as_v5",
    "dressed",
    "event_payload",
    "event_types",
    "forget_payload",
    "matching_event",
    "message_for",
    "payload_of",
    "teller_for",
    "whole_ticket",
]
