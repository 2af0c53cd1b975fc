"""Deliveries that fail are tried again, by whoever holds the lease, until somebody gives up."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine

from core.actor import Actor
from incidents.models import Incident
from notifications.lines import LEASE, claim, finish, replay, skip
from notifications.models import Attempt, OutboundDelivery, StagedEvent, Subscriber
from notifications.names import ATTRIBUTE
from notifications.outbox import produce_due
from notifications.patience import Outcome
from notifications.payloads import teller_for
from notifications.publishers import PUBLISHERS
from notifications.publishers.interface import Message, Receipt, Target
from notifications.send import send_due
from notifications.sink import Arrivals
from notifications.targets import target_of
from tests.notifications.helping import Answering, State, comment, later, states

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Receipt]:
    """Let HTTP endpoints answer with these, the last one for ever."""
    queue: list[Receipt] = []

    def answer(target: Target, message: Message) -> Receipt:
        return queue.pop(0) if len(queue) > 1 else queue[0]

    monkeypatch.setitem(PUBLISHERS, "http", Answering(answer))
    return queue


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


def test_a_worker_that_died_is_replaced_when_its_lease_is_over(
    quiet: Incident, subscriber: Subscriber, arrivals: Arrivals, by: Actor, now: datetime
) -> None:
    comment(quiet, by, now)
    produce_due()
    soon = now + timedelta(minutes=10)
    dead = claim(subscriber.pk, now=soon)
    assert dead is not None
    # While the lease holds, nobody takes it.
    assert claim(subscriber.pk, now=soon + LEASE / 2) is None
    # It dies after it has talked and before it has written that down.
    (delivery,) = dead.deliveries
    message = teller_for(dead.subscriber)(delivery)
    assert PUBLISHERS["http"].publish(target_of(dead.subscriber), message).ok
    with later(now):
        assert send_due() == 1
    # The consumer sees the same id again and can tell.
    assert arrivals.event_ids() == [message.event_id] * 2
    assert states(subscriber) == [State.SENT]


def test_a_worker_that_slept_cannot_finish_anothers_claim(
    quiet: Incident, subscriber: Subscriber, by: Actor, now: datetime
) -> None:
    comment(quiet, by, now)
    produce_due()
    soon = now + timedelta(minutes=10)
    slow = claim(subscriber.pk, now=soon)
    quick = claim(subscriber.pk, now=soon + LEASE * 2)
    assert slow is not None
    assert quick is not None
    failed, fine = Receipt(ok=False, status=410, detail="late"), Receipt(ok=True, status=204)
    assert finish(quick, [Outcome(quick.deliveries[0], fine, now, 1)], now=now) == 1
    assert finish(slow, [Outcome(slow.deliveries[0], failed, now, 1)], now=now) == 0
    assert states(subscriber) == [State.SENT]
    assert Attempt.objects.count() == 2


@pytest.mark.parametrize(
    ("receipt", "tries"),
    [
        (Receipt(ok=False, status=422), 5),
        (Receipt(ok=False, status=401), 20),
        (Receipt(ok=False, status=503), 20),
    ],
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


def test_refusals_after_an_outage_are_counted_from_the_first(
    quiet: Incident,
    subscriber: Subscriber,
    answers: list[Receipt],
    work: Callable[[], None],
    by: Actor,
    now: datetime,
) -> None:
    down, refused = Receipt(ok=False, status=503), Receipt(ok=False, status=400)
    answers += [down] * 6 + [refused]
    comment(quiet, by, now)
    for step in range(15):
        with later(now, hours=1.5 * step):
            work()
    assert list(Attempt.objects.order_by("pk").values_list("status", flat=True)) == (
        [503] * 6 + [400] * 5
    )
    assert states(subscriber) == [State.DEAD]


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
    with later(now):
        work()
    assert states(subscriber) == [State.SKIPPED, State.SENT]
