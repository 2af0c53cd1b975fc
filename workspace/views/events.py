"""Outbound events: who gets them, what waits, every try, and the verbs to help (R163)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from notifications import queries, steering
from notifications.models import OutboundDelivery, StagedEvent, Subscriber
from workspace.access import page, user_of
from workspace.context import SEE_EVENTS
from workspace.records import events as records
from workspace.records.events import PAGE, BadAddress, read_place
from workspace.views.dialogs import GET_POST, dialog, done

STEER = "notifications.replay_delivery"
TRIES_SHOWN = 20
TRIES_PER_PAGE = 200


@dataclass(frozen=True, slots=True)
class Verb:
    """Something to do, how it is asked for, and what is said afterwards."""

    label: str
    question: str
    run: Callable[..., int]
    told: str
    icon: str = ""


TO_A_DELIVERY = {
    "replay": Verb(
        "Replay",
        "It is tried again at once, with fresh patience. What was delivered already is not sent "
        "again.",
        steering.replay,
        "The delivery is due again.",
        "refresh-cw",
    ),
    "skip": Verb(
        "Skip",
        "The subscriber will not get this event. Later events of the same ticket go out.",
        steering.skip,
        "The delivery is skipped.",
        "ban",
    ),
}
TO_A_SUBSCRIBER = {
    "pause": Verb(
        "Pause",
        "Events wait from now on; none is lost.",
        steering.pause,
        "Events wait from now on.",
        "pause",
    ),
    "resume": Verb(
        "Resume",
        "What waits goes out at once, in order.",
        steering.resume,
        "Events go out again.",
        "zap",
    ),
    "replay": Verb(
        "Replay everything dead",
        "Every delivery that was given up is tried again, in order.",
        steering.replay_dead,
        "What was dead is due again.",
        "refresh-cw",
    ),
}


@page(SEE_EVENTS)
@require_GET
def events(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    try:
        log = records.event_log(request.GET.dict(), now=now)
    except BadAddress as error:
        raise Http404(str(error)) from error
    return render(request, "workspace/events/log.html", {"log": log, "now": now})


@page(SEE_EVENTS)
@require_GET
def event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    found = _event(event_id)
    context = {
        "event": found,
        "ticket_url": records.ticket_url(found, user_of(request)),
        "payload": records.pretty(found.payload) if found.payload else "",
        "tries_shown": TRIES_SHOWN,
        "now": timezone.now(),
    }
    return render(request, "workspace/events/event.html", context)


@page(SEE_EVENTS)
@require_GET
def tries(request: HttpRequest, event_id: UUID, delivery_id: int) -> HttpResponse:
    """Show every try of a delivery, a page at a time."""
    delivery = _delivery(event_id, delivery_id)
    before = _place(request)
    rows = queries.tries_of(delivery, before=before, limit=TRIES_PER_PAGE + 1)
    context = {
        "delivery": delivery,
        "tries": rows[:TRIES_PER_PAGE],
        "more": rows[TRIES_PER_PAGE - 1].pk if len(rows) > TRIES_PER_PAGE else None,
        "now": timezone.now(),
    }
    return render(request, "workspace/events/tries.html", context)


@page(SEE_EVENTS)
@require_GET
def mails(request: HttpRequest) -> HttpResponse:
    rows = queries.mails(limit=PAGE + 1, before=_place(request))
    context = {
        "mails": rows[:PAGE],
        "more": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "now": timezone.now(),
    }
    return render(request, "workspace/events/mails.html", context)


@page(STEER)
@GET_POST
def steer_delivery(
    request: HttpRequest, event_id: UUID, delivery_id: int, verb: str
) -> HttpResponse:
    delivery = _delivery(event_id, delivery_id)
    back = reverse("workspace:event", args=[event_id])
    return _confirmed(request, TO_A_DELIVERY, verb, delivery, back)


@page(STEER)
@GET_POST
def steer_subscriber(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    subscriber = Subscriber.objects.filter(uid=uid).first()
    if subscriber is None:
        raise Http404("There is no such subscriber.")
    return _confirmed(request, TO_A_SUBSCRIBER, verb, subscriber, reverse("workspace:events"))


def _confirmed(
    request: HttpRequest, verbs: dict[str, Verb], name: str, record: Any, back: str
) -> HttpResponse:
    """Ask first; do it when that was answered by a press of the button."""
    verb = verbs.get(name)
    if verb is None:
        raise Http404(f"Nothing is called {name!r} here.")
    if request.method == "POST":
        count = verb.run([record], by=user_of(request))
        return done(request, back, verb.told if count else "There was nothing to do any more.")
    context = {"verb": verb, "record": record, "back": back}
    return dialog(request, "workspace/events/confirm.html", context)


def _event(event_id: UUID) -> StagedEvent:
    found = queries.event_with_deliveries(event_id, tries=TRIES_SHOWN)
    if found is None:
        raise Http404("There is no such event.")
    return found


def _delivery(event_id: UUID, delivery_id: int) -> OutboundDelivery:
    found = records.delivery_in(_event(event_id), delivery_id)
    if found is None:
        raise Http404("There is no such delivery.")
    return found


def _place(request: HttpRequest) -> int | None:
    try:
        return read_place(request.GET.get("before", ""))
    except BadAddress as error:
        raise Http404(str(error)) from error
