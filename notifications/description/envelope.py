"""What lies around the ticket in every event, and the headers beside it."""

from typing import Any

from notifications.publishers.interface import Message
from notifications.publishers.webhook.signature import HEADER as SIGNATURE

Schema = dict[str, Any]


def _text(words: str, **more: Any) -> Schema:
    return {"type": "string", **more, "description": words}


def _reference(words: str) -> Schema:
    properties = {name: {"type": "string"} for name in ("id", "href", "name", "@referredType")}
    return {
        "type": "object",
        "required": ["id"],
        "properties": properties,
        "description": words,
    }


_MOMENT = {"format": "date-time"}
_SEQUENCE: Schema = {
    "type": "array",
    "description": "Holds `sequence`, which counts the ticket's events from 1.",
    "items": {
        "type": "object",
        "required": ["name", "value"],
        "properties": {"name": {"type": "string"}, "value": {"type": "string"}},
    },
}
_COMMON: dict[str, Schema] = {
    "eventId": _text("The same on every try: forget what you have had already.", format="uuid"),
    "eventTime": _text("When it happened.", **_MOMENT),
    "eventType": _text("What happened."),
    "correlationId": _text("The number of the incident or case, the name of the topic."),
    "domain": _text("The domain the ticket belongs to."),
    "title": _text("The event type."),
    "description": _text("What happened, in words."),
    "priority": _text("The ticket's priority, 1 to 5."),
    "source": _reference("The ticket or topic."),
    "reportingSystem": _reference("psew."),
    "analyticCharacteristic": _SEQUENCE,
    "@type": _text("The event type; `Troubleticket` under ServiceNow's names."),
    "@baseType": _text("Always `Event`."),
    "event": {"type": "object", "description": "What it is about."},
}
_V4: dict[str, Schema] = {
    **_COMMON,
    "timeOcurred": _text("Same as `eventTime`; the standard spells it so.", **_MOMENT),
    "id": _text("The id of the ticket or topic."),
    "href": _text("The address of the ticket or topic.", format="uri"),
    "fieldPath": _text(
        "Which attributes the event is about, with commas between; only with some types."
    ),
}
_V5: dict[str, Schema] = {
    **_COMMON,
    "timeOccurred": _text("Same as `eventTime`.", **_MOMENT),
}


def _envelope(properties: dict[str, Schema]) -> Schema:
    required = sorted(set(properties) - {"fieldPath"})
    return {"type": "object", "required": required, "properties": properties}


ENVELOPES = {
    "v4": _envelope(_V4),
    "v5": _envelope(_V5),
    "tmf688": _envelope(_V4),
}
_HEADER_WORDS = {
    "origin": "Always `psew`.",
    "eventId": "The event's id.",
    "eventType": "The event's type.",
    "sequence": "Counts the ticket's events from 1.",
    "contentType": "The type of the body.",
}
_WEBHOOK: dict[str, Schema] = {
    "X-Psew-Event-Id": _text("The event's id."),
    "X-Psew-Event-Type": _text("The event's type."),
    "X-Psew-Sequence": _text("Counts the ticket's events from 1.", pattern="^[0-9]+$"),
    SIGNATURE: _text(
        "`t=<unix seconds>,v1=<hex>[,v1=<hex>]`: HMAC-SHA256 over `t.body` with each secret that "
        "is valid now. Missing where the subscriber's events are not signed."
    ),
}


def _bus_headers() -> dict[str, Schema]:
    names = Message("", "", "", 1, "{}").identity()
    return {name: _text(_HEADER_WORDS[name]) for name in names}


_SIGNED_OR_NOT = sorted(set(_WEBHOOK) - {SIGNATURE})
HEADERS: dict[str, Schema] = {
    "WebhookHeaders": {"type": "object", "required": _SIGNED_OR_NOT, "properties": _WEBHOOK},
    "BusHeaders": {
        "type": "object",
        "description": "On Kafka, and on REST proxies of version 3; others carry the body alone.",
        "properties": _bus_headers(),
    },
    "Headers": {
        "type": "object",
        "anyOf": [
            {"$ref": "#/components/schemas/WebhookHeaders"},
            {"$ref": "#/components/schemas/BusHeaders"},
        ],
    },
}
