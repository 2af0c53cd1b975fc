"""From the staging queue to subscribers: in order, again after failures, once if all goes well."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection

from cases.actions import generate_cases
from core.actor import Actor
from core.models import Domain
from incidents.actions import add_comment
from incidents.models import Incident
from notifications.models import Attempt, OutboundDelivery, StagedEvent, Subscriber
from notifications.outbox import produce_due
from notifications.payloads import ATTRIBUTE, CREATE
from notifications.send import LEASE, claim, deliver, finish, replay, send_due, skip
from notifications.sink import Arrivals, Server
from notifications.transports import TRANSPORTS, Receipt

pytestmark = pytest.mark.django_db
State = OutboundDelivery.State
HOUR = timedelta(hours=1)


def comment(incident: Incident, by: Actor, now: datetime, count: int = 1) -> None:
    for number in range(count):
        add_comment(incident_id=incident.pk, text=f"Update {number}", by=by, now=now)


def states(subscriber: Subscriber) -> list[str]:
    rows = OutboundDelivery.objects.filter(subscriber=subscriber).order_by("pk")
    return list(rows.values_list("state", flat=True))


def later(now: datetime, hours: float = 2) -> Any:
    return time_machine.travel(now + timedelta(hours=hours), tick=False)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Receipt]:
    """Let HTTP endpoints answer with these, the last one for ever."""
    queue: list[Receipt] = []

    def send(subscriber: Subscriber, payload: dict[str, Any]) -> Receipt:
        return queue.pop(0) if len(queue) > 1 else queue[0]

    monkeypatch.setitem(TRANSPORTS, "http", send)
    return queue


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
    Subscriber.objects.filter(pk=subscriber.pk).update(event_types=f"{CREATE}, Unheard")
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


def test_a_refused_event_is_tried_again_and_delivered_once(
    quiet: Incident,
    subscriber: Subscriber,
    arrivals: Arrivals,
    work: Callable[[], None],
    by: Actor,
    now: datetime,
) -> None:
    arrivals.fail_first = 2
    comment(quiet, by, now)
    for hours in (0, 2, 4, 6):
        with later(now, hours):
            work()
    event = StagedEvent.objects.get(event_type=ATTRIBUTE, deliveries__subscriber=subscriber)
    assert arrivals.event_ids() == [str(event.event_id)]
    assert [refused["eventId"] for refused in arrivals.refused] == [str(event.event_id)] * 2
    tries = Attempt.objects.filter(delivery__event=event).order_by("pk")
    assert list(tries.values_list("ok", "status")) == [(False, 503), (False, 503), (True, 204)]


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


def test_a_worker_that_died_is_replaced_when_its_lease_is_over(
    quiet: Incident, subscriber: Subscriber, arrivals: Arrivals, by: Actor, now: datetime
) -> None:
    comment(quiet, by, now)
    produce_due()
    with time_machine.travel(now, tick=False) as clock:
        clock.shift(1)
        dead = claim(now=now + timedelta(seconds=1))
        assert dead is not None
        # While the lease holds, nobody takes it.
        assert claim(now=now + timedelta(seconds=2)) is None
    # It may have sent the event before it died: the consumer sees the same id again.
    with later(now):
        deliver(dead)
        arrivals.taken.clear()
        OutboundDelivery.objects.filter(pk=dead.pk).update(
            state=State.READY, lease_until=dead.lease_until
        )
        assert send_due() == 1
    assert arrivals.event_ids() == [str(dead.event.event_id)]
    assert states(subscriber) == [State.SENT]


def test_a_worker_that_slept_cannot_finish_anothers_claim(
    quiet: Incident, subscriber: Subscriber, by: Actor, now: datetime
) -> None:
    comment(quiet, by, now)
    produce_due()
    soon = now + timedelta(minutes=1)
    slow = claim(now=soon)
    quick = claim(now=soon + LEASE * 2)
    assert slow is not None
    assert quick is not None
    failed, fine = Receipt(ok=False, detail="late"), Receipt(ok=True, status=204)
    assert finish(quick, fine, started_at=now, milliseconds=1)
    assert not finish(slow, failed, started_at=now, milliseconds=1)
    assert states(subscriber) == [State.SENT]
    assert Attempt.objects.count() == 2


@pytest.mark.parametrize(
    ("receipt", "tries"),
    [(Receipt(ok=False, status=410), 5), (Receipt(ok=False, status=503), 20)],
)
def test_a_refusal_for_good_is_given_up_earlier(
    quiet: Incident,
    subscriber: Subscriber,
    answers: list[Receipt],
    work: Callable[[], None],
    by: Actor,
    now: datetime,
    receipt: Receipt,
    tries: int,
) -> None:
    answers.append(receipt)
    comment(quiet, by, now)
    for step in range(20):
        with later(now, hours=1.5 * step):
            work()
    assert Attempt.objects.count() == tries
    assert states(subscriber) == [State.DEAD if tries == 5 else State.READY]


def test_after_three_days_it_is_dead_and_an_admin_may_replay_it(
    quiet: Incident,
    subscriber: Subscriber,
    answers: list[Receipt],
    work: Callable[[], None],
    by: Actor,
    now: datetime,
) -> None:
    answers.append(Receipt(ok=False, status=500, detail="boom"))
    comment(quiet, by, now)
    work()
    with later(now, hours=73):
        work()
    delivery = OutboundDelivery.objects.get(subscriber=subscriber)
    assert (delivery.state, delivery.error) == (State.DEAD, "HTTP 500: boom")
    answers[:] = [Receipt(ok=True, status=204)]
    with later(now, hours=80):
        assert replay(delivery_ids=[delivery.pk], now=now + 80 * HOUR) == 1
        work()
    assert states(subscriber) == [State.SENT]


def test_the_other_sides_wish_to_wait_is_honoured(
    quiet: Incident,
    subscriber: Subscriber,
    answers: list[Receipt],
    work: Callable[[], None],
    by: Actor,
    now: datetime,
) -> None:
    answers.append(Receipt(ok=False, status=429, retry_after=1800))
    comment(quiet, by, now)
    with time_machine.travel(now, tick=False):
        work()
    due_at = OutboundDelivery.objects.get(subscriber=subscriber).due_at
    assert due_at - now == timedelta(seconds=1800)


def test_a_skipped_event_lets_the_next_one_go(
    quiet: Incident,
    subscriber: Subscriber,
    arrivals: Arrivals,
    work: Callable[[], None],
    by: Actor,
    now: datetime,
) -> None:
    arrivals.fail_first = 1
    comment(quiet, by, now, count=2)
    work()
    stuck = OutboundDelivery.objects.filter(subscriber=subscriber).order_by("pk")[0]
    assert skip(delivery_ids=[stuck.pk]) == 1
    work()
    assert states(subscriber) == [State.SKIPPED, State.SENT]


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

    def send(_: Subscriber, payload: dict[str, Any]) -> Receipt:
        seen.append(connection.in_atomic_block)
        return Receipt(ok=True)

    monkeypatch.setitem(TRANSPORTS, "http", send)
    work()
    assert seen
    assert not any(seen)


def test_the_bus_command_listens_on_this_machine(bus: Server) -> None:
    assert bus.url.startswith("http://127.0.0.1:")
