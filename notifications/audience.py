"""Decide who gets a produced event: by what it is about, whose it is, and what was asked for."""

from collections.abc import Collection
from functools import lru_cache

from django.db.models import Q

from notifications.matching import Event, Reason, compiled, reasons_in, wants
from notifications.models import StagedEvent, Subscriber, Topic
from notifications.topic_lines import BUSES
from tmf621.faces import V5
from tmf621.filtering import Filter, matches

TICKET = ("event", "troubleTicket")
_V5_PATHS = {TICKET + theirs: TICKET + ours for theirs, ours in V5.filter_paths.items()}
Hub = Subscriber.Hub
# A client that was shut out gets nothing more.
WELCOME = Q(client=None) | Q(client__is_active=True)


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
    if not may_get(line, event, above) or not in_use(line, buses):
        return False
    if line.topic is not None and "published" not in event.snapshot:
        return _picks(line.topic, told) and _asks(line, told)
    return _asks(line, told)


def may_get(line: Subscriber, event: StagedEvent, above: Collection[int]) -> bool:
    """Tell whether an event is a line's business at all, whatever its queries ask for.

    In: the ids of the event's domain and those above it.
    """
    topic = line.topic
    if line.domain_id not in above:
        return False
    if "published" in event.snapshot:
        return topic is not None and topic.pk == event.topic_id
    if "topic" in event.snapshot:
        return topic is None and line.hub == Hub.TMF688
    if topic is None:
        return line.hub != Hub.TMF688
    return topic.domain_id in above and topic.type == Topic.Type.EGRESS


def in_use(line: Subscriber, buses: Collection[str]) -> bool:
    """Tell whether the line's way out is in use: topics follow the publisher mode (R166)."""
    return line.topic is None or line.transport not in BUSES["both"] or line.transport in buses


def own_reasons(line: Subscriber, told: Event) -> list[Reason]:
    """Return every condition of a line's own query with whether the event meets it."""
    return reasons_in(_compiled_v5(line.query) if _is_v5(line) else compiled(line.query), told)


def _picks(topic: Topic, told: Event) -> bool:
    """Tell whether the event meets the topic's queries (R160)."""
    return wants(topic.header_query, topic.content_query, told)


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
