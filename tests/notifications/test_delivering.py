"""From the staging queue to subscribers: in order, each on its own."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection

from cases.actions import generate_cases
from core.actor import Actor
from core.models import Domain
from incidents.models import Incident
from notifications.models import StagedEvent, Subscriber
from notifications.names import CREATE
from notifications.publishers import PUBLISHERS
from notifications.publishers.interface import Message, Receipt, Target
from notifications.sink import Arrivals, Server
from tests.notifications.helping import Answering, State, comment, later, states

pytestmark = pytest.mark.django_db


def test_every_event_reaches_the_subscriber_in_order(
    incident: Incident,
    subscriber: Subscriber,
    arrivals: Arrivals,
    work: Callable[[], None],
    by: Actor,
    now: datetime,
) -> None:
    comment(incident, by, now, count=5)
    work()
    staged = StagedEvent.objects.filter(ticket_uid=incident.uid).order_by("sequence")
    assert arrivals.event_ids() == [str(event.event_id) for event in staged]
    assert arrivals.taken[0]["eventType"] == CREATE
    work()
    assert len(arrivals.taken) == staged.count()


def test_only_the_wanted_types_are_sent(
    incident: Incident, subscriber: Subscriber, arrivals: Arrivals, work: Callable[[], None]
) -> None:
    Subscriber.objects.filter(pk=subscriber.pk).update(query=f"eventType={CREATE},Unheard")
    work()
    assert [event["eventType"] for event in arrivals.taken] == [CREATE]


def test_inactive_subscribers_get_nothing(
    incident: Incident, subscriber: Subscriber, arrivals: Arrivals, work: Callable[[], None]
) -> None:
    Subscriber.objects.filter(pk=subscriber.pk).update(active=False)
    work()
    assert arrivals.taken == []


def test_another_domains_subscriber_hears_nothing(
    incident: Incident, subscriber: Subscriber, arrivals: Arrivals, work: Callable[[], None]
) -> None:
    other = Domain.objects.create(name="Tenant B", parent=incident.domain)
    Subscriber.objects.filter(pk=subscriber.pk).update(domain=other)
    work()
    assert arrivals.taken == []


def test_no_event_overtakes_an_earlier_one_of_its_ticket(
    quiet: Incident,
    subscriber: Subscriber,
    arrivals: Arrivals,
    work: Callable[[], None],
    by: Actor,
    now: datetime,
) -> None:
    arrivals.fail_first = 1
    comment(quiet, by, now, count=3)
    work()
    assert arrivals.taken == []
    with later(now):
        work()
    numbers = [event["analyticCharacteristic"][0]["value"] for event in arrivals.taken]
    assert numbers == sorted(numbers, key=int)
    assert len(numbers) == 3


def test_a_ticket_that_is_stuck_does_not_hold_up_others(
    quiet: Incident,
    make_incident: Callable[..., Incident],
    subscriber: Subscriber,
    arrivals: Arrivals,
    work: Callable[[], None],
    by: Actor,
    now: datetime,
) -> None:
    arrivals.fail_first = 1
    comment(quiet, by, now)
    other = make_incident(accounts=0)
    work()
    assert {event["correlationId"] for event in arrivals.taken} == {other.number}


def test_a_failing_subscriber_does_not_block_another(
    incident: Incident,
    subscriber: Subscriber,
    arrivals: Arrivals,
    work: Callable[[], None],
) -> None:
    broken = Subscriber.objects.create(name="broken", transport="http", url="http://127.0.0.1:1/")
    work()
    assert set(states(subscriber)) == {State.SENT}
    assert set(states(broken)) == {State.READY}
    assert len(arrivals.taken) == len(states(subscriber))


def test_a_broken_snapshot_is_set_aside_and_the_rest_goes_on(
    incident: Incident, subscriber: Subscriber, arrivals: Arrivals, work: Callable[[], None]
) -> None:
    first = StagedEvent.objects.order_by("pk")[0]
    StagedEvent.objects.filter(pk=first.pk).update(snapshot={"ticket": {}, "description": ""})
    work()
    first.refresh_from_db()
    assert first.state == StagedEvent.State.ERROR
    assert "KeyError" in first.error
    assert len(arrivals.taken) == StagedEvent.objects.count() - 1


def test_the_log_keeps_events_without_any_network(
    incident: Incident, work: Callable[[], None]
) -> None:
    log = Subscriber.objects.create(name="log", transport="log")
    work()
    assert set(states(log)) == {State.SENT}


def test_cases_are_delivered_like_incidents(
    make_incident: Callable[..., Incident],
    subscriber: Subscriber,
    arrivals: Arrivals,
    work: Callable[[], None],
    by: Actor,
    now: datetime,
) -> None:
    incident = make_incident(accounts=2)
    generate_cases(incident_id=incident.pk, by=by, now=now)
    work()
    told = [e for e in arrivals.taken if e["correlationId"].startswith("CS")]
    assert [event["eventType"] for event in told] == [CREATE] * 3


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_psew_talks(
    incident: Incident,
    subscriber: Subscriber,
    monkeypatch: pytest.MonkeyPatch,
    work: Callable[[], None],
) -> None:
    seen: list[bool] = []

    def answer(target: Target, message: Message) -> Receipt:
        seen.append(connection.in_atomic_block)
        return Receipt(ok=True)

    monkeypatch.setitem(PUBLISHERS, "http", Answering(answer))
    work()
    assert seen
    assert not any(seen)


def test_the_bus_command_listens_on_this_machine(bus: Server) -> None:
    assert bus.url.startswith("http://127.0.0.1:")
