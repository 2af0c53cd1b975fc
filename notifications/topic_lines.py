"""The lines a topic has: one subscriber per bus it can go to (R161, R166)."""

from notifications.models import Subscriber, Topic
from notifications.properties import PUBLISHER_MODE

Transport = Subscriber.Transport
BUSES: dict[str, tuple[str, ...]] = {
    "openMessageBus": (Transport.OPEN_BUS,),
    "hermes": (Transport.HERMES,),
    # The document's order: the open message bus first.
    "both": (Transport.OPEN_BUS, Transport.HERMES),
}


def make_lines(topic: Topic) -> None:
    """Give an egress topic its lines, so that what is sent over each can be seen and paused."""
    if topic.type != Topic.Type.EGRESS:
        return
    for transport in BUSES["both"]:
        Subscriber.unscoped.update_or_create(
            topic=topic,
            transport=transport,
            defaults={"name": f"{topic.name} ({transport})"[:200], "domain_id": topic.domain_id},
        )


def buses_now(domain_id: int | None) -> tuple[str, ...]:
    """Return the buses the site publishes topics to."""
    return BUSES[PUBLISHER_MODE.value(domain_id)]
