"""Decide who gets a produced event: by what it is about, whose it is, and what was asked for."""

from collections.abc import Collection
from functools import lru_cache

from notifications.matching import Event, Reason, compiled, reasons_in, wants
from notifications.models import StagedEvent, Subscriber, Topic
from notifications.topic_lines import BUSES
from tmf621.faces import V5
from tmf621.filtering import Filter, matches

TICKET = ("event", "troubleTicket")
_V5_PATHS = {TICKET + theirs: TICKET + ours for theirs, ours in V5.filter_paths.items()}
Hub = Subscriber.Hub


def is_meant(
    line: Subscriber,
    event: StagedEvent,
    told: Event,
    above: Collection[int],
    buses: Collection[str],
) -> bool:
    """Tell whether a line gets an event.

    In: the event as queries see it, the ids of its domain and those above, and the buses in use.
    Errors: `BadFilter` where a query of the line cannot be read.
    """
    if line.domain_id not in above or not in_use(line, buses):
        return False
    topic = line.topic
    if "published" in event.snapshot:
        return topic is not None and topic.pk == event.topic_id and _asks(line, told)
    if "topic" in event.snapshot:
        return topic is None and line.hub == Hub.TMF688 and _asks(line, told)
    if topic is None:
        return line.hub != Hub.TMF688 and _asks(line, told)
    return topic.domain_id in above and _picks(topic, told) and _asks(line, told)


def in_use(line: Subscriber, buses: Collection[str]) -> bool:
    """Tell whether the line's way out is in use: topics follow the publisher mode (R166)."""
    return line.topic is None or line.transport not in BUSES["both"] or line.transport in buses


def own_reasons(line: Subscriber, told: Event) -> list[Reason]:
    """Return every condition of a line's own query with whether the event meets it."""
    return reasons_in(_compiled_v5(line.query) if _is_v5(line) else compiled(line.query), told)


def _picks(topic: Topic, told: Event) -> bool:
    """Tell whether the event goes to the topic: egress ones whose queries it meets (R160)."""
    is_egress = topic.type == Topic.Type.EGRESS
    return is_egress and wants(topic.header_query, topic.content_query, told)


def _asks(line: Subscriber, told: Event) -> bool:
    if _is_v5(line):
        return matches(_compiled_v5(line.query), told)
    return wants(line.query, "", told)


def _is_v5(line: Subscriber) -> bool:
    return line.hub == Hub.TMF621_V5


@lru_cache(maxsize=256)
def _compiled_v5(query: str) -> Filter:
    """Return a query in v5's spelling as one about the canonical event."""
    return Filter(tuple(part.with_paths(_V5_PATHS) for part in compiled(query).parts))
