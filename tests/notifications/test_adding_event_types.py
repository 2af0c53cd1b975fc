"""An event type is added by one reaction and one payload function (R183).

What stands between the marks is what docs/how-to/add-an-event-type.md shows.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from core import bus
from core.bus import react_to
from core.models import DomainEvent
from incidents.actions import resolve_incident
from incidents.choices import ResolutionCode
from incidents.models import Incident
from notifications.description import describe_events
from notifications.models import StagedEvent, Subscriber
from notifications.payloads import forget_payload, payload_of
from notifications.sink import Arrivals
from notifications.staging import stage_incident

pytestmark = pytest.mark.django_db

# [begin of the example]
RESOLVE = "ResolveTroubleTicketEventForIncident"


def on_incident_resolved(event: DomainEvent) -> None:
    stage_incident(event.record_id, RESOLVE, "Incident resolved", event.happened_at)


def resolution(staged: StagedEvent) -> dict[str, Any]:
    ticket = staged.snapshot["ticket"]
    return {"troubleTicket": ticket, "resolvedAt": ticket["resolutionDate"]}


# [end of the example]


@pytest.fixture
def added() -> Iterator[None]:
    """The example's event type, for the length of a test."""
    react = react_to(
        "incident.resolved",
        rule="Resolve Trouble Ticket Event for Incident",
        table="incident",
        help="Stages an event when an incident is resolved.",
        order=900,
    )
    react(on_incident_resolved)
    payload_of(RESOLVE, "An incident was resolved.")(resolution)
    yield
    forget_payload(RESOLVE)
    [mine] = [each for each in bus.reactions() if each.handler is on_incident_resolved]
    bus._reactions["incident.resolved"].remove(mine)
    del bus._by_key[bus.reaction_key(mine)]


@pytest.fixture
def resolved(added: None, incident: Incident, by: Any, now: datetime) -> Incident:
    code = ResolutionCode.PERMANENT
    return resolve_incident(incident_id=incident.pk, code=code, notes="Done.", by=by, now=now)


def test_it_is_staged_and_delivered_with_its_own_content(
    subscriber: Subscriber, resolved: Incident, arrivals: Arrivals, work: Callable[[], None]
) -> None:
    Subscriber.objects.filter(pk=subscriber.pk).update(query=f"eventType={RESOLVE}")
    work()
    [told] = arrivals.taken
    assert told["eventType"] == RESOLVE
    assert told["correlationId"] == resolved.number
    assert told["event"]["resolvedAt"] == told["event"]["troubleTicket"]["resolutionDate"]


def test_its_rule_can_be_switched_off(
    added: None,
    incident: Incident,
    switch: Callable[[str, bool], None],
    by: Any,
    now: datetime,
) -> None:
    switch("Resolve Trouble Ticket Event for Incident", False)
    code = ResolutionCode.PERMANENT
    resolve_incident(incident_id=incident.pk, code=code, notes="Done.", by=by, now=now)
    assert not StagedEvent.objects.filter(event_type=RESOLVE).exists()


def test_it_is_in_the_description(added: None) -> None:
    messages = describe_events("https://psew.example")["components"]["messages"]
    assert messages[RESOLVE]["summary"] == "An incident was resolved."


def test_it_is_gone_without_the_example() -> None:
    assert RESOLVE not in describe_events("https://psew.example")["components"]["messages"]


def test_the_page_shows_the_code_that_is_tested() -> None:
    page = (Path(settings.BASE_DIR) / "docs/how-to/add-an-event-type.md").read_text("utf-8")
    code = Path(__file__).read_text("utf-8")
    tested = code.split("# [begin of the example]\n")[1].split("# [end of the example]")[0]
    for part in tested.strip().split("\n\n\n"):
        assert part in page
