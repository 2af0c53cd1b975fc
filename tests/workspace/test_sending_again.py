"""An operator sends a chosen event to a chosen subscriber, under the same event id."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from core.models import Domain, Role, User
from notifications.models import OutboundDelivery, StagedEvent, Subscriber
from notifications.sink import Arrivals, running
from tests.notifications.rows import make_delivery, make_event, make_subscriber

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(base: None, client_as: Callable[[User], Client]) -> Client:
    user = User.objects.create_user("operator")
    user.groups.add(Role.objects.get(name="psew.notification_operator"))
    return client_as(user)


@pytest.fixture
def event(base: None) -> StagedEvent:
    return make_event()


def address(event: StagedEvent) -> str:
    return f"/events/{event.event_id}/send-again"


def form(subscriber: Subscriber, why: str = "They lost it") -> dict[str, str]:
    return {"subscriber": str(subscriber.uid), "why": why}


@pytest.mark.django_db(transaction=True)
def test_the_event_arrives_again_under_its_id_at_the_chosen_one_alone(
    operator: Client, event: StagedEvent, work: Callable[[], None]
) -> None:
    arrivals = Arrivals()
    with running(arrivals) as bus:
        chosen, other = (make_subscriber(name, url=bus.url + name) for name in ("a", "b"))
        for line in (chosen, other):
            make_delivery(event, line)
        work()
        arrivals.arrived.clear()
        answer = operator.post(address(event), form(chosen))
        assert (answer.status_code, answer["Location"]) == (303, f"/events/{event.event_id}/")
        work()
    assert [each.path for each in arrivals.arrived] == ["/eventsa"]
    assert arrivals.event_ids() == [str(event.event_id)]
    assert OutboundDelivery.objects.count() == 2
    assert set(OutboundDelivery.objects.values_list("state", flat=True)) == {"sent"}


def test_one_who_never_got_it_gets_a_delivery_and_the_log_says_why(
    operator: Client, event: StagedEvent
) -> None:
    late = make_subscriber("late", query="eventType=SomethingElse")
    operator.post(address(event), form(late))
    delivery = OutboundDelivery.objects.get()
    assert (delivery.subscriber, delivery.event, delivery.state) == (late, event, "ready")
    entries = LogEntry.objects.all()
    assert {entry.change_message for entry in entries} == {"Sent again to late: They lost it"}
    assert {entry.user.username for entry in entries} == {"operator"}
    assert {entry.object_id for entry in entries} == {str(event.pk), str(delivery.pk)}


def test_what_goes_out_is_shown_before(operator: Client, event: StagedEvent) -> None:
    short = make_subscriber("short", query="fields=severity")
    whole = operator.get(address(event)).content.decode()
    assert "&quot;ticketType&quot;" in whole
    cut = operator.get(address(event), {"subscriber": str(short.uid)}).content.decode()
    assert "Payload for short" in cut
    assert "&quot;severity&quot;" in cut
    assert "&quot;ticketType&quot;" not in cut
    assert not OutboundDelivery.objects.exists()


def test_a_reason_and_a_receiver_are_needed(operator: Client, event: StagedEvent) -> None:
    line = make_subscriber("bus")
    for data, words in (
        (form(line, why=" "), "Write why it is sent again."),
        ({"why": "x"}, "Choose who gets the event."),
    ):
        answer = operator.post(address(event), data)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert not OutboundDelivery.objects.exists()


def test_what_waits_already_is_not_sent_twice(operator: Client, event: StagedEvent) -> None:
    line = make_subscriber("bus")
    make_delivery(event, line)
    answer = operator.post(address(event), form(line))
    assert answer.status_code == 422
    assert "waits to be sent to bus already" in answer.content.decode()
    assert not LogEntry.objects.exists()


def test_one_that_is_not_produced_cannot_be_sent(operator: Client, base: None) -> None:
    line, event = make_subscriber("bus"), make_event(state="ready")
    answer = operator.post(address(event), form(line))
    assert answer.status_code == 422
    assert "no payload yet" in answer.content.decode()


def test_only_who_may_replay_may(
    people: Any, client_as: Callable[[User], Client], operator: Client, event: StagedEvent
) -> None:
    line = make_subscriber("bus")
    link = f'href="{address(event)}"'
    assert link in operator.get(f"/events/{event.event_id}/").content.decode()
    assert client_as(people.luis).get(address(event)).status_code == 403
    assert client_as(people.luis).post(address(event), form(line)).status_code == 403
    assert not OutboundDelivery.objects.exists()


def test_an_event_goes_to_no_other_tenant(operator: Client, event: StagedEvent) -> None:
    a, b = (Domain.objects.create(name=name, parent_id=1) for name in "AB")
    of_a, theirs = make_event("INC2", domain=a), make_subscriber("of B", domain=b)
    answer = operator.post(address(of_a), form(theirs))
    assert answer.status_code == 422
    assert not OutboundDelivery.objects.exists()
    User.objects.filter(username="operator").update(domain=b)
    assert operator.get(address(of_a)).status_code == 404
    assert operator.post(address(event), form(theirs)).status_code == 404


@pytest.mark.parametrize("values", [{"active": False}, {"hub": "tmf688"}])
def test_some_are_not_offered(operator: Client, event: StagedEvent, values: dict[str, Any]) -> None:
    line = make_subscriber("bus", **values)
    assert str(line.uid) not in operator.get(address(event)).content.decode()
    assert operator.post(address(event), form(line)).status_code == 422
