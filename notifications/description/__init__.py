"""The AsyncAPI description of outbound events, made of the code that makes the events (N14)."""

from typing import Any

from notifications.description.channels import CHANNELS, SERVERS, channel, operation
from notifications.description.messages import messages
from notifications.description.schemas import schemas

Document = dict[str, Any]
SUMMARY = (
    "What psew tells other systems about trouble tickets and topics. An event goes out at least "
    "once; repeated, it has the same `eventId`. Events of one ticket reach one subscriber in "
    "their order, which `sequence` counts. Every ticket event but the last tells the whole ticket."
)


def describe_events(base_url: str) -> Document:
    """Return the description (AsyncAPI 3.0) of every registered event type.

    `base_url` is the site's address without a trailing slash; the examples have it.
    """
    told = messages(base_url)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "psew outbound events",
            "version": "1.0.0",
            "description": SUMMARY,
            "license": {"name": "Apache-2.0"},
            "externalDocs": {"url": f"{base_url}/api-docs/"},
        },
        "defaultContentType": "application/json",
        "servers": SERVERS,
        "channels": {name: channel(each, told) for name, each in CHANNELS.items()},
        "operations": {f"send-{name}": operation(name, told) for name in CHANNELS},
        "components": {
            "messages": {name: message.told for name, message in told.items()},
            "schemas": schemas(told.values()),
        },
    }
