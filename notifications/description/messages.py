"""One message for each event type and shape."""

from dataclasses import dataclass
from typing import Any

from notifications.description.samples import TOPICS, sample_event
from notifications.names import servicenow_name
from notifications.payloads import as_v5, event_types

Payload = dict[str, Any]
V4, V5, TMF688 = "v4", "v5", "tmf688"
KEY = {
    "kafka": {
        "key": {
            "type": "string",
            "format": "uuid",
            "description": "The ticket's id: events of a ticket share a partition.",
        }
    }
}


@dataclass(frozen=True, slots=True)
class Described:
    """A message, with the event type it tells and the standard whose shape it has."""

    event_type: str
    shape: str
    told: Payload


def messages(base_url: str) -> dict[str, Described]:
    """Return name → message of every registered event type; ticket events have two shapes."""
    told: dict[str, Described] = {}
    for event_type, kind in event_types().items():
        shapes = (TMF688,) if event_type in TOPICS else (V4, V5)
        for shape in shapes:
            name = message_name(event_type, shape)
            message = _message(event_type, shape, kind.sent_when, base_url)
            told[name] = Described(event_type, shape, message)
    return told


def message_name(event_type: str, shape: str) -> str:
    """Return the name a message has in the description."""
    return f"{event_type}.{shape}" if shape == V5 else event_type


def _message(event_type: str, shape: str, sent_when: str, base_url: str) -> Payload:
    headers = "WebhookHeaders" if shape == V5 else "Headers"
    message: Payload = {
        "name": event_type,
        "title": f"{event_type} ({shape})",
        "summary": sent_when,
        "contentType": "application/json",
        "correlationId": {"location": "$message.payload#/correlationId"},
        "headers": {"$ref": f"#/components/schemas/{headers}"},
        "payload": {"$ref": f"#/components/schemas/{schema_name(event_type, shape)}"},
    }
    if shape == V4:
        message["bindings"] = KEY
        message["description"] = _names(event_type)
    if example := _example(event_type, shape, base_url):
        message["examples"] = [{"name": "sample", "payload": example}]
    return {name: value for name, value in message.items() if value}


def schema_name(event_type: str, shape: str) -> str:
    """Return the name of the schema that a message's payload has."""
    return f"{shape}.event.{event_type}"


def _names(event_type: str) -> str:
    """Say what topics call the event where the site has asked for ServiceNow's names."""
    names = {servicenow_name(event_type, is_case=case) for case in (False, True)} - {event_type}
    if not names:
        return ""
    return f"Under ServiceNow's names (`psew.events.names`): {', '.join(sorted(names))}."


def _example(event_type: str, shape: str, base_url: str) -> Payload | None:
    try:
        payload = sample_event(event_type, base_url)
    except Exception:
        # What others add may want more of a ticket than the sample has.
        return None
    return as_v5(payload) if shape == V5 else payload
