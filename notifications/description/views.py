"""Hand out the description of events, to whoever has signed in (reliability R25)."""

from typing import Any

from notifications.description import describe_events
from tmf621.description.views import Description


class EventDescription(Description):
    """The AsyncAPI description; people sign in, machines bring a token."""

    def document(self, site: str) -> dict[str, Any]:
        return describe_events(site)
