"""A bus in a process of its own: it outlives whoever sends to it."""

import json
import urllib.request
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from notifications.models import StagedEvent

Event = dict[str, Any]


@dataclass(frozen=True)
class Bus:
    """The bus, and how much had come to it when the test began."""

    base: str
    before: int = 0

    def arrived(self) -> list[dict[str, Any]]:
        """Return what came since, in its order."""
        with urllib.request.urlopen(f"{self.base}/arrivals", timeout=20) as answer:
            return list(json.load(answer)[self.before :])

    def lines(self) -> dict[tuple[str, str], list[Event]]:
        """Return the events of each path and ticket, repetitions too, in the order they came."""
        found = defaultdict(list)
        for arrival in self.arrived():
            found[arrival["path"], arrival["event"]["correlationId"]].append(arrival["event"])
        return dict(found)


def check_all_arrived(bus: Bus, *paths: str) -> None:
    """Hold what came against what was committed: none lost, none made up, the first in order.

    Every event of the database is expected on every path.
    """
    expected = defaultdict(list)
    for staged in StagedEvent.objects.order_by("ticket_uid", "sequence"):
        for path in paths:
            expected[path, staged.ticket_number].append(str(staged.event_id))
    lines = bus.lines()
    first = {line: list(dict.fromkeys(e["eventId"] for e in came)) for line, came in lines.items()}
    assert first == dict(expected)
    for came in lines.values():
        told = {event["eventId"]: event for event in came}
        assert all(event == told[event["eventId"]] for event in came)


def repeated(bus: Bus) -> set[str]:
    """Return the ids of events that came more than once to one path."""
    again = set()
    for came in bus.lines().values():
        ids = [event["eventId"] for event in came]
        again |= {each for each in ids if ids.count(each) > 1}
    return again
