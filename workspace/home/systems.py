"""What an administrator watches: whether events leave the house."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from notifications.health import Health, Staged, staging_health, subscriber_health

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Systems:
    """Subscribers, those with undelivered events first, and what waits for the producer."""

    subscribers: list[Health]
    staged: Staged
    url: str


def systems_of(now: datetime) -> Systems:
    """Return how the systems outside are served; a fixed number of statements."""
    health = sorted(subscriber_health(now=now), key=lambda each: each.oldest or now)
    return Systems(health[:SHOWN], staging_health(), reverse("workspace:events"))
