"""Say to a publisher, in plain values, where a subscriber's events go."""

from django.conf import settings
from django.utils import timezone

from notifications.models import Subscriber
from notifications.publishers.interface import Target


def target_of(subscriber: Subscriber) -> Target:
    """Return where this subscriber's events go and how."""
    topic = subscriber.topic
    on_open_bus = subscriber.transport == Subscriber.Transport.OPEN_BUS
    return Target(
        name=subscriber.name,
        url=settings.OPEN_BUS["url"] if on_open_bus else subscriber.url,
        topic=topic.name if topic else "",
        settings={
            **(settings.OPEN_BUS if on_open_bus else {}),
            "address": subscriber.style,
            "to": subscriber.url,
        },
        secrets=tuple(subscriber.secrets(timezone.now())) if subscriber.signed else (),
    )
