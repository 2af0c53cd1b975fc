"""Where events go: webhooks in two shapes, topics, and the news of topics themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from notifications.description.messages import TMF688, V4, V5, Described

Document = dict[str, Any]
SERVERS: Document = {
    "receiver": {
        "host": "{receiver}",
        "protocol": "https",
        "description": "Whoever subscribed at a hub, or was entered in the admin.",
        "variables": {"receiver": {"description": "The host of the callback."}},
    },
    "hermes": {
        "host": "{bootstrap}",
        "protocol": "kafka",
        "description": "The operator's Kafka cluster (`PSEW_KAFKA_BOOTSTRAP`).",
        "variables": {"bootstrap": {"description": "A broker's host and port."}},
    },
    "openMessageBus": {
        "host": "{proxy}",
        "protocol": "https",
        "description": "The operator's REST proxy of a message bus (`PSEW_OPEN_BUS_URL`).",
        "variables": {"proxy": {"description": "The proxy's host."}},
    },
}


@dataclass(frozen=True, slots=True)
class Channel:
    """A way events go; `address` is None where the receiver names it."""

    title: str
    words: str
    shapes: tuple[str, ...]
    servers: tuple[str, ...]
    address: str | None = None


CHANNELS = {
    "webhook-v4": Channel(
        "Webhooks in the shape of TMF621 v4",
        "POST to the callback, or to `{callback}/listener/{eventType}`. Any 2xx is a delivery. "
        "Subscribers made in the admin get this shape.",
        (V4,),
        ("receiver",),
    ),
    "webhook-v5": Channel(
        "Webhooks in the shape of TMF621 v5",
        "The same for subscriptions at the hub of v5.",
        (V5,),
        ("receiver",),
    ),
    "topic": Channel(
        "A topic on a bus",
        "Every egress topic whose header query and content query the event meets. What clients "
        "publish to a topic goes there as it was sent.",
        (V4,),
        ("hermes", "openMessageBus"),
        "{topic}",
    ),
    "topic-news": Channel(
        "News of topics",
        "Webhooks of those who subscribed at the hub of TMF688.",
        (TMF688,),
        ("receiver",),
    ),
}


def channel(each: Channel, messages: Mapping[str, Described]) -> Document:
    """Return a channel with the messages that go through it."""
    told: Document = {
        "address": each.address,
        "title": each.title,
        "description": each.words,
        "servers": [{"$ref": f"#/servers/{name}"} for name in each.servers],
        "messages": {
            name: {"$ref": f"#/components/messages/{name}"} for name in _of(each, messages)
        },
    }
    if each.address:
        told["parameters"] = {"topic": {"description": "The topic's name on the bus."}}
    return told


def operation(name: str, messages: Mapping[str, Described]) -> Document:
    """Return what psew does on a channel: it sends."""
    told = _of(CHANNELS[name], messages)
    return {
        "action": "send",
        "title": CHANNELS[name].title,
        "channel": {"$ref": f"#/channels/{name}"},
        "messages": [{"$ref": f"#/channels/{name}/messages/{message}"} for message in told],
    }


def _of(each: Channel, messages: Mapping[str, Described]) -> list[str]:
    return [name for name, message in messages.items() if message.shape in each.shapes]
