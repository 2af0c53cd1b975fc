"""S9: every change of a ticket leaves the house on the topics that ask for it, and on no other."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from core.models import BusinessRule, Role, User
from notifications.models import OutboundDelivery, StagedEvent, Topic
from notifications.outbox import Limits, run
from notifications.properties import BATCH_LIMIT, MAX_RECORDS, PUBLISHER_MODE
from notifications.publishers.hermes import close_producers
from notifications.sink import Arrivals, Server, Trouble, running
from tests.cases.conftest import set_property
from tests.journeys.desk import TICKETS, machine, report
from tests.notifications.helping import later
from tests.notifications.lining import stage, ticket_ids
from tests.notifications.publishers.kafka import broker, consumed, make_topic

pytestmark = pytest.mark.django_db(transaction=True)
REGISTER = "/api/sn_api_notif_mgmt/topic"
CREATED = "eventType=TroubleTicketCreateEvent"
CHANGED = "eventType=TroubleTicketStatusChangeEvent,TroubleTicketAttributeChangeEvent"
URGENT = "troubleTicket.ticketType=incident&troubleTicket.severity=1"
T3 = {
    "name": "T3",
    "headerQuery": "eventType=TroubleTicketResolvedEvent",
    "contentQuery": "",
    "namespace": "noc",
    "externalId": "bus-3",
}


@pytest.fixture
def arrivals() -> Arrivals:
    return Arrivals()


@pytest.fixture
def bus(arrivals: Arrivals, settings: Any) -> Iterator[Server]:
    """The REST proxy of the open message bus."""
    with running(arrivals) as server:
        settings.OPEN_BUS = {**settings.OPEN_BUS, "url": server.base, "style": "rest_v2"}
        yield server


@pytest.fixture
def admin(people: Any, client_as: Callable[[User], Client]) -> Client:
    return client_as(people.ada)


@pytest.fixture
def outside(otto: User, topology: Any) -> Client:
    """A machine that reports faults and pushes topics in."""
    otto.groups.add(Role.objects.get(permissions__codename="register_topic"))
    return machine(otto)


@pytest.fixture
def topics(bus: Server, admin: Client, outside: Client) -> dict[str, Topic]:
    """T1 and T2 made by an admin, T3 pushed in by the bus."""
    _add_topic(admin, "T1", CREATED, "")
    _add_topic(admin, "T2", CHANGED, URGENT)
    assert _register(outside, **T3).status_code == 201
    return {topic.name: topic for topic in Topic.objects.all()}


def _add_topic(admin: Client, name: str, header: str, content: str) -> None:
    form = {"name": name, "type": "egress", "header_query": header, "content_query": content}
    answer = admin.post("/admin/notifications/topic/add/", {**form, "domain": "1"})
    assert answer.status_code == 302, answer.content


def _register(outside: Client, **body: str) -> Any:
    return outside.post(REGISTER, json.dumps(body), content_type="application/json")


def _change(outside: Client, incident: Any, **body: str) -> None:
    kind = "application/merge-patch+json"
    answer = outside.patch(f"{TICKETS}/{incident.uid}", json.dumps(body), content_type=kind)
    assert answer.status_code == 200, answer.content


def _told(arrivals: Arrivals, ticket: Any) -> set[tuple[str, str]]:
    """Return on which topics which events of a ticket came."""
    return {
        (arrival.topic, arrival.event["eventType"])
        for arrival in arrivals.arrived
        if arrival.event["event"]["troubleTicket"]["id"] == str(ticket.uid)
    }


def test_topics_say_who_made_them_and_no_two_are_alike(
    topics: dict[str, Topic], outside: Client
) -> None:
    made = {name: (topic.type, topic.user_created) for name, topic in topics.items()}
    assert made == {"T1": ("egress", True), "T2": ("egress", True), "T3": ("egress", False)}
    same_id = _register(outside, **{**T3, "name": "T4"})
    assert (same_id.status_code, same_id.json()["message"]) == (
        400,
        "Topic external id passed already exists. Please pass the unique topic external id",
    )
    same_four = _register(outside, **{**T3, "externalId": "bus-4"})
    assert (same_four.status_code, same_four.json()["message"]) == (
        400,
        "Please pass the unique combination of topic name, header query, content query and "
        "namespace",
    )
    assert Topic.objects.count() == 3


def test_each_topic_gets_what_it_asks_for(
    topics: dict[str, Topic], outside: Client, arrivals: Arrivals, work: Callable[[], None]
) -> None:
    moderate = report(outside, severity="3")
    work()
    assert _told(arrivals, moderate) == {("T1", "TroubleTicketCreateEvent")}
    urgent = report(outside, severity="1")
    work()
    arrivals.arrived.clear()
    _change(outside, urgent, status="inProgress")
    _change(outside, moderate, status="inProgress")
    work()
    assert ("T2", "TroubleTicketStatusChangeEvent") in _told(arrivals, urgent)
    assert {topic for topic, _ in _told(arrivals, urgent)} == {"T2"}
    assert _told(arrivals, moderate) == set()


@pytest.mark.parametrize(
    ("queue", "batches", "left", "next_run"),
    [(130, [50, 50, 30], 0, []), (220, [50, 50, 50, 50], 20, [20])],
)
def test_the_queue_is_worked_off_in_the_documents_batches(
    topics: dict[str, Topic],
    work: Callable[[], None],
    queue: int,
    batches: list[int],
    left: int,
    next_run: list[int],
) -> None:
    work()
    set_property(BATCH_LIMIT, "50")
    set_property(MAX_RECORDS, "200")
    stage(ticket_ids(queue))
    assert run(Limits.now()) == batches
    assert StagedEvent.objects.filter(state="ready").count() == left
    assert run(Limits.now()) == next_run
    assert not StagedEvent.objects.exclude(state="completed").exists()


def test_a_proxy_that_was_down_gets_every_event_once(
    topics: dict[str, Topic],
    bus: Server,
    outside: Client,
    arrivals: Arrivals,
    work: Callable[[], None],
    settings: Any,
    now: datetime,
) -> None:
    # A port where nobody listens; the fixture's bus is the proxy that comes back.
    settings.OPEN_BUS = {**settings.OPEN_BUS, "url": "http://127.0.0.1:1"}
    incidents = [report(outside, severity="3", name=f"Fault {n}") for n in range(5)]
    work()
    rows = OutboundDelivery.objects.filter(subscriber__topic=topics["T1"])
    assert set(rows.values_list("state", flat=True)) == {OutboundDelivery.State.READY}
    assert rows.exclude(error="").exists()
    assert arrivals.arrived == []
    settings.OPEN_BUS = {**settings.OPEN_BUS, "url": bus.base}
    for hours in (2, 4, 6):
        with later(now, hours):
            work()
    expected = StagedEvent.objects.filter(
        ticket_uid__in=[each.uid for each in incidents], event_type="TroubleTicketCreateEvent"
    ).values_list("event_id", flat=True)
    assert Counter(arrivals.event_ids()) == Counter(str(each) for each in expected)
    assert len(arrivals.arrived) == 5
    assert set(rows.values_list("state", flat=True)) == {OutboundDelivery.State.SENT}


def test_one_failing_topic_does_not_block_another(
    topics: dict[str, Topic], outside: Client, arrivals: Arrivals, work: Callable[[], None]
) -> None:
    arrivals.misbehave(Trouble("fail", topic="T1"))
    urgent = report(outside, severity="1")
    _change(outside, urgent, status="inProgress")
    work()
    assert ("T2", "TroubleTicketStatusChangeEvent") in _told(arrivals, urgent)
    assert {topic for topic, _ in _told(arrivals, urgent)} == {"T2"}
    waiting = OutboundDelivery.objects.filter(state=OutboundDelivery.State.READY)
    assert set(waiting.values_list("subscriber__topic__name", flat=True)) == {"T1"}


def test_both_buses_get_one_message_each(
    topics: dict[str, Topic],
    outside: Client,
    arrivals: Arrivals,
    work: Callable[[], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_property(PUBLISHER_MODE, "both")
    with broker(tmp_path) as kafka:
        monkeypatch.setenv("PSEW_KAFKA_BOOTSTRAP", kafka.address)
        for name in topics:
            make_topic(kafka.address, name)
        try:
            incident = report(outside, severity="3")
            work()
            read = consumed(kafka.address, "T1", 2, seconds=2)
        finally:
            close_producers(0)
    event = StagedEvent.objects.get(ticket_uid=incident.uid, event_type="TroubleTicketCreateEvent")
    assert arrivals.event_ids() == [str(event.event_id)]
    assert [json.loads(each.value() or b"")["eventId"] for each in read] == [str(event.event_id)]


def test_a_rule_switched_off_stops_its_events_and_no_other(
    topics: dict[str, Topic],
    admin: Client,
    outside: Client,
    arrivals: Arrivals,
    work: Callable[[], None],
) -> None:
    _switch_off(admin, "Trouble Ticket State Change Event")
    urgent = report(outside, severity="1")
    _change(outside, urgent, status="inProgress")
    _change(outside, urgent, name="vManage_10001 is down")
    work()
    types = {kind for _, kind in _told(arrivals, urgent)}
    assert types == {"TroubleTicketCreateEvent", "TroubleTicketAttributeValueChangeEvent"}
    staged = StagedEvent.objects.filter(ticket_uid=urgent.uid)
    assert not staged.filter(event_type="TroubleTicketStatusChangeEvent").exists()


def _switch_off(admin: Client, name: str) -> None:
    rule = BusinessRule.objects.get(name=name)
    page = admin.get(f"/admin/core/businessrule/{rule.pk}/change/")
    formset = page.context["inline_admin_formsets"][0].formset
    management = formset.management_form.initial
    form = {f"{formset.prefix}-{key}": value for key, value in management.items()}
    answer = admin.post(f"/admin/core/businessrule/{rule.pk}/change/", form)
    assert answer.status_code == 302, answer.content
    rule.refresh_from_db()
    assert not rule.active
