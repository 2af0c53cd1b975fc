"""What the pages about outbound events show."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from cases.models import Case
from core.models import User
from incidents.models import Incident
from notifications.health import Health, Staged, Which, staging_health, subscriber_health
from notifications.models import OutboundDelivery, StagedEvent, Subscriber
from notifications.queries import FoundEvent, Search, find_events
from workspace.parts import Tone

PAGE = 50
# What an address may ask to be shown, and how the page calls it.
STAGED = {
    "unproduced": (StagedEvent.State.READY, "waiting for the producer"),
    "error": (StagedEvent.State.ERROR, "could not be produced"),
}
WHICH = {
    Which.WAITING: "waiting",
    Which.DEAD: "dead",
    Which.SENT: "sent in the last hour",
    Which.FAILED: "failed in the last hour",
}


# How the states of deliveries look, and what people call them.
TONES: dict[str, Tone] = {
    OutboundDelivery.State.READY: "p4",
    OutboundDelivery.State.SENT: "ok",
    OutboundDelivery.State.DEAD: "p1",
    OutboundDelivery.State.SKIPPED: "p5",
}
WORDS = {OutboundDelivery.State.READY: "waiting"}


class BadAddress(ValueError):
    """The address asks for something that does not exist."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A few words in a colour."""

    words: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event in the list, and where its deliveries stand."""

    event: StagedEvent
    chips: list[Chip]


@dataclass(frozen=True, slots=True)
class EventLog:
    """The page of all events."""

    subscribers: list[Health]
    staged: Staged
    search: Search
    filters: list[str]
    found: list[EventRow]
    more: int | None


def event_log(params: Mapping[str, str], *, now: datetime) -> EventLog:
    """Return what the address asks for; raises `BadAddress`."""
    search, filters = read_search(params)
    found = find_events(search, now=now, limit=PAGE + 1)
    more = found[PAGE - 1].event.pk if len(found) > PAGE else None
    health = sorted(subscriber_health(now=now), key=lambda each: each.oldest or now)
    rows = [EventRow(each.event, _chips(each)) for each in found[:PAGE]]
    return EventLog(health, staging_health(), search, filters, rows, more)


def read_search(params: Mapping[str, str]) -> tuple[Search, list[str]]:
    """Return what is searched for and what the filters are called; raises `BadAddress`."""
    show, subscriber = params.get("show", ""), _subscriber(params.get("subscriber", ""))
    staged, words = STAGED.get(show, (None, ""))
    which = Which(show) if show in WHICH else None
    if show and staged is None and which is None:
        raise BadAddress(f"Events cannot be chosen by {show!r}.")
    search = Search(
        words=params.get("q", "").replace("\0", "").strip()[:100],
        subscriber=subscriber,
        which=which,
        staged=staged,
        before=read_place(params.get("before", "")),
    )
    named = [str(subscriber) if subscriber else "", WHICH[which] if which else words]
    return search, [name for name in named if name]


def read_place(text: str) -> int | None:
    """Return the id below which a list goes on; raises `BadAddress`."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise BadAddress("This link to a place in the list is damaged.")
    return int(text)


def ticket_url(event: StagedEvent, user: User) -> str:
    """Return where the event's ticket is looked at; nothing where there is none to see."""
    sources: list[tuple[Any, str, str]] = [
        (Incident, "incidents.view_incident", "workspace:incident"),
        (Case, "cases.view_case", "workspace:case"),
    ]
    for model, permission, page in sources:
        if user.has_perm(permission):
            record = model.objects.filter(uid=event.ticket_uid).only("number").first()
            if record is not None:
                return reverse(page, args=[record.number])
    return ""


def pretty(value: Any) -> str:
    """Return JSON as people read it."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def delivery_in(event: StagedEvent, delivery_id: int) -> OutboundDelivery | None:
    """Return one of the event's deliveries that the viewer sees."""
    rows = event.deliveries.all()
    return next((each for each in rows if each.pk == delivery_id), None)


def _chips(found: FoundEvent) -> list[Chip]:
    if found.event.state == StagedEvent.State.READY:
        return [Chip("Waiting for the producer", "p4")]
    if found.event.state == StagedEvent.State.ERROR:
        return [Chip("Could not be produced", "p1")]
    return [
        Chip(f"{count} {WORDS.get(state, state.label.lower())}", TONES[state])
        for state, count in found.deliveries
    ]


def _subscriber(text: str) -> Subscriber | None:
    if not text:
        return None
    try:
        found = Subscriber.objects.filter(uid=UUID(text)).first()
    except ValueError:
        found = None
    if found is None:
        raise BadAddress("There is no such subscriber.")
    return found
