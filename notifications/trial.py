"""Say which topics and subscribers an event would reach, and for all others why not.

What decides here decides in the producer: the same queries on the same view of the event.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from core.models import Domain
from notifications.audience import in_use
from notifications.matching import Event, Reason, reasons
from notifications.models import StagedEvent, Subscriber, Topic
from notifications.outbox import domains_above
from notifications.payloads import event_payload, matching_event
from notifications.topic_lines import buses_now
from tmf621.filtering import BadFilter

OFF = "switched off"
UNUSED = "topics do not go to this bus (publisher mode)"
PAUSED = "paused: it waits"


class BadEvent(ValueError):
    """This is no event that could be tried out."""


@dataclass(frozen=True, slots=True)
class Line:
    """One way of a topic: reached unless something is in the way."""

    subscriber: Subscriber
    obstacle: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an event meets the queries of somebody, condition by condition."""

    target: Topic | Subscriber | None
    reasons: list[Reason]
    obstacle: str = ""
    remark: str = ""
    lines: list[Line] = field(default_factory=list)

    @property
    def reached(self) -> bool:
        return not self.obstacle and all(each.holds for each in self.reasons)

    @property
    def is_topic(self) -> bool:
        return isinstance(self.target, Topic)


def judge(header_query: str, content_query: str, event: Event) -> Verdict:
    """Hold a pair of queries against an event as queries see it."""
    return _judge(None, header_query, content_query, event)


def reach(staged: StagedEvent) -> list[Verdict]:
    """Return a verdict for every topic and every other subscriber in scope, the reached first."""
    told, above = told_of(staged), domains_above(staged.domain)
    buses = buses_now(staged.domain_id)
    subscribers = list(Subscriber.objects.select_related("topic").order_by("name", "pk"))
    found = [_of_topic(each, subscribers, told, above, buses) for each in _topics()]
    found += [_of_subscriber(each, told, above) for each in subscribers if each.topic is None]
    return sorted(found, key=lambda verdict: not verdict.reached)


def told_of(staged: StagedEvent) -> Event:
    """Return the event as queries see it; `BadEvent` where it cannot be produced."""
    try:
        if staged.payload is None:
            staged.payload = event_payload(staged)
        return matching_event(staged)
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
        raise BadEvent(f"This event cannot be produced: {problem}") from error


def event_from(text: str, domain: Domain) -> StagedEvent:
    """Return an event that somebody typed, never stored; `BadEvent` says what is wrong."""
    try:
        payload = json.loads(text)
    except ValueError as error:
        raise BadEvent(f"This is not JSON: {error}") from error
    event = payload.get("event") if isinstance(payload, dict) else None
    if not isinstance(event, dict) or not isinstance(payload.get("eventType"), str):
        raise BadEvent("An event has an eventType and, in event, what it is about.")
    ticket = event.get("troubleTicket", {})
    if not isinstance(ticket, dict):
        raise BadEvent("The ticket in event.troubleTicket must be an object.")
    return StagedEvent(
        event_type=payload["eventType"],
        payload=payload,
        snapshot={"ticket": ticket},
        domain=domain,
    )


def _topics() -> list[Topic]:
    return list(Topic.objects.filter(type=Topic.Type.EGRESS).order_by("name", "pk"))


def _of_topic(
    topic: Topic,
    subscribers: Iterable[Subscriber],
    told: Event,
    above: set[int],
    buses: tuple[str, ...],
) -> Verdict:
    lines = [_line(each, above, buses) for each in subscribers if each.topic_id == topic.pk]
    verdict = _judge(topic, topic.header_query, topic.content_query, told, lines)
    if verdict.obstacle or any(not line.obstacle for line in lines):
        return verdict
    obstacle = lines[0].obstacle if lines else "it has no line to any bus"
    return Verdict(topic, verdict.reasons, obstacle, lines=lines)


def _of_subscriber(subscriber: Subscriber, told: Event, above: set[int]) -> Verdict:
    line = _line(subscriber, above, ())
    verdict = _judge(subscriber, subscriber.query, "", told)
    obstacle = verdict.obstacle or line.obstacle
    return Verdict(subscriber, verdict.reasons, obstacle, line.remark)


def _line(subscriber: Subscriber, above: set[int], buses: tuple[str, ...]) -> Line:
    if subscriber.domain_id not in above:
        return Line(subscriber, "it belongs to a domain that does not see the event's")
    if not subscriber.active:
        return Line(subscriber, OFF)
    if not in_use(subscriber, buses):
        return Line(subscriber, UNUSED)
    return Line(subscriber, remark=PAUSED if subscriber.paused else "")


def _judge(
    target: Topic | Subscriber | None,
    header_query: str,
    content_query: str,
    event: Event,
    lines: list[Line] | None = None,
) -> Verdict:
    try:
        return Verdict(target, reasons(header_query, content_query, event), lines=lines or [])
    except BadFilter as error:
        return Verdict(target, [], f"its query cannot be read: {error}", lines=lines or [])
