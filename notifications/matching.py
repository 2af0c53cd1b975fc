"""Decide which subscriber gets which event; plain values, no database."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wish:
    """What a subscriber asked for; no event types means all."""

    subscriber: int
    event_types: frozenset[str]

    def wants(self, event_type: str) -> bool:
        """Tell whether an event of this type is asked for."""
        return not self.event_types or event_type in self.event_types


def types_from(text: str) -> frozenset[str]:
    """Read a comma-separated list of event types."""
    return frozenset(part.strip() for part in text.split(",") if part.strip())
