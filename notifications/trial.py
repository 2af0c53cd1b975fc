"""Say which topics and subscribers an event would reach, and for all others why not.

Whether a line is reached is decided as in the producer; the reasons are read off its queries.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from core.models import Domain
from notifications.audience import in_use, is_meant, own_reasons
from notifications.matching import Event, Reason, reasons
from notifications.models import StagedEvent, Subscriber, Topic
from notifications.payloads import event_payload, matching_event
from notifications.producing import domains_above
from notifications.topic_lines import buses_now
from tmf621.filtering import BadFilter

OFF = "it is switched off"
SHUT_OUT = "its API client may not sign in"
FOREIGN = "it belongs to a domain that does not see the event's"
UNUSED = "topics do not go to this bus (publisher mode)"
OTHER_KIND = "it is there for other events"
NO_LINE = "it has no line to any bus"
NO_ASKER = "none of its lines asks for it"
PAUSED = "paused: it waits"


class BadEvent(ValueError):
    """This is no event that could be tried out."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an event reaches somebody, condition by condition.

    `obstacle` is what is in the way besides conditions; a topic has a verdict per line.
    """

    target: Topic | Subscriber | None
    reached: bool
    reasons: list[Reason]
    obstacle: str = ""
    remark: str = ""
    lines: list["Verdict"] = field(default_factory=list)

    @property
    def is_topic(self) -> bool:
        return isinstance(self.target, Topic)


@dataclass(frozen=True, slots=True)
class _Question:
    """An event, as queries see it, with whose it is and the buses in use."""

    staged: StagedEvent
    told: Event
    above: Collection[int]
    buses: Collection[str]


def judge(header_query: str, content_query: str, event: Event) -> Verdict:
    """Hold a pair of queries against an event as queries see it."""
    found = reasons(header_query, content_query, event)
    return Verdict(None, all(each.holds for each in found), found)


def reach(staged: StagedEvent) -> list[Verdict]:
    """Return a verdict for every topic and every other subscriber in scope, the reached first."""
    asked = _Question(
        staged, told_of(staged), domains_above(staged.domain), buses_now(staged.domain_id)
    )
    rows = Subscriber.objects.select_related("topic", "client").order_by("name", "pk")
    lines = [_of_line(each, asked) for each in rows]
    found = [_of_topic(each, _lines_of(each, lines), asked) for each in _topics()]
    found += [each for each in lines if _topic_id(each) is None]
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
    except (ValueError, RecursionError) as error:
        raise BadEvent(f"This is not JSON: {error}") from error
    event = payload.get("event") if isinstance(payload, dict) else None
    if not isinstance(event, dict) or not isinstance(payload.get("eventType"), str):
        raise BadEvent("An event has an eventType and, in event, what it is about.")
    if "troubleTicket" not in event and isinstance(event.get("topic"), dict):
        snapshot = {"topic": event["topic"]}
    elif isinstance(event.get("troubleTicket", {}), dict):
        snapshot = {"ticket": event.get("troubleTicket", {})}
    else:
        raise BadEvent("The ticket in event.troubleTicket must be an object.")
    return StagedEvent(
        event_type=payload["eventType"], payload=payload, snapshot=snapshot, domain=domain
    )


def _topics() -> Iterable[Topic]:
    return Topic.objects.filter(type=Topic.Type.EGRESS).order_by("name", "pk")


def _topic_id(verdict: Verdict) -> int | None:
    assert isinstance(verdict.target, Subscriber)
    return verdict.target.topic_id


def _lines_of(topic: Topic, lines: list[Verdict]) -> list[Verdict]:
    return [each for each in lines if _topic_id(each) == topic.pk]


def _of_topic(topic: Topic, lines: list[Verdict], asked: _Question) -> Verdict:
    if any(line.reached for line in lines):
        return Verdict(topic, True, _asked_by(topic, asked), lines=lines)
    if not _takes_kind(topic, asked.staged):
        return Verdict(topic, False, [], OTHER_KIND, lines=lines)
    try:
        found = _asked_by(topic, asked)
    except BadFilter as error:
        return Verdict(topic, False, [], _unreadable(error), lines=lines)
    obstacle = "" if lines else NO_LINE
    if lines and all(each.holds for each in found):
        obstacle = next((line.obstacle for line in lines if line.obstacle), NO_ASKER)
    return Verdict(topic, False, found, obstacle, lines=lines)


def _takes_kind(topic: Topic, staged: StagedEvent) -> bool:
    """Tell whether events of this kind go to the topic at all, see `audience.is_meant`."""
    if "published" in staged.snapshot:
        return staged.topic_id == topic.pk
    return "topic" not in staged.snapshot


def _asked_by(topic: Topic, asked: _Question) -> list[Reason]:
    """Return the topic's conditions; what was published to a topic meets none."""
    if "published" in asked.staged.snapshot:
        return []
    return reasons(topic.header_query, topic.content_query, asked.told)


def _of_line(line: Subscriber, asked: _Question) -> Verdict:
    remark = PAUSED if line.paused else ""
    obstacle = _obstacle(line, asked)
    try:
        own = own_reasons(line, asked.told)
        if obstacle:
            return Verdict(line, False, own, obstacle)
        if is_meant(line, asked.staged, asked.told, asked.above, asked.buses):
            return Verdict(line, True, own, remark=remark)
    except BadFilter as error:
        return Verdict(line, False, [], obstacle or _unreadable(error))
    missed = not all(each.holds for each in own) or line.topic is not None
    return Verdict(line, False, own, "" if missed else OTHER_KIND)


def _obstacle(line: Subscriber, asked: _Question) -> str:
    """Return what keeps every event of this kind from a line."""
    if line.domain_id not in asked.above:
        return FOREIGN
    if not line.active:
        return OFF
    if line.client is not None and not line.client.is_active:
        return SHUT_OUT
    return "" if in_use(line, asked.buses) else UNUSED


def _unreadable(error: BadFilter) -> str:
    return f"the query cannot be read, so the event is kept as dead: {error}"
