"""Deliveries: tried again, in order per record, dead at last, and replayed by hand."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from changes.models import ChangeRequest
from core import bus
from core.actor import SYSTEM
from core.deliveries import SLOWEST, TRIES, deliver_one, replay
from core.models import Delivery, DomainEvent

pytestmark = pytest.mark.django_db
Listen = Callable[..., None]
State = Delivery.State


def happen(record: ChangeRequest, now: datetime) -> DomainEvent:
    return bus.emit("test.happened", record=record, by=SYSTEM, now=now)


def fail(event: DomainEvent) -> None:
    event.record_type = "half done"
    event.save()
    raise RuntimeError("The other system is away.")


@pytest.fixture
def failing(listen: Listen) -> None:
    listen(fail, when="async")


@pytest.mark.usefixtures("failing")
def test_a_failed_delivery_leaves_nothing_behind_and_waits(
    record: ChangeRequest, now: datetime
) -> None:
    event = happen(record, now)
    assert deliver_one(now=now)

    delivery = event.deliveries.get()
    assert (delivery.state, delivery.attempts) == (State.READY, 1)
    assert delivery.due_at == now + timedelta(seconds=2)
    assert "The other system is away." in delivery.error
    assert delivery.event.record_type == "changes.changerequest"
    assert not deliver_one(now=now)


@pytest.mark.usefixtures("failing")
def test_after_the_last_try_a_delivery_is_dead(record: ChangeRequest, now: datetime) -> None:
    event = happen(record, now)
    for n in range(TRIES):
        assert deliver_one(now=now + (n + 1) * 2 * SLOWEST)

    assert event.deliveries.get().state == State.DEAD
    assert not deliver_one(now=now + timedelta(days=9))


@pytest.mark.usefixtures("failing")
def test_replay_puts_a_dead_delivery_back_in_line(record: ChangeRequest, now: datetime) -> None:
    event = happen(record, now)
    event.deliveries.update(state=State.DEAD, attempts=TRIES, finished_at=now)

    assert replay(delivery_ids=[event.deliveries.get().pk], now=now) == 1
    delivery = event.deliveries.get()
    assert (delivery.state, delivery.attempts, delivery.finished_at) == (State.READY, 0, None)


def test_replay_leaves_what_is_done_alone(
    record: ChangeRequest, now: datetime, listen: Listen, work: Callable[[], None]
) -> None:
    listen(when="async")
    event = happen(record, now)
    work()

    assert replay(delivery_ids=[event.deliveries.get().pk], now=now) == 0


def test_a_later_event_of_a_record_waits_for_the_earlier_one(
    record: ChangeRequest,
    another_record: ChangeRequest,
    now: datetime,
    listen: Listen,
    heard: list[int],
) -> None:
    listen(when="async")
    first, _, other = happen(record, now), happen(record, now), happen(another_record, now)
    first.deliveries.update(due_at=now + timedelta(hours=1))

    while deliver_one(now=now):
        pass
    assert heard == [other.pk]

    while deliver_one(now=now + timedelta(hours=2)):
        pass
    assert heard[1:] == sorted(heard[1:])
    assert len(heard) == 3


def test_a_dead_delivery_does_not_hold_up_the_record(
    record: ChangeRequest, now: datetime, listen: Listen, heard: list[int]
) -> None:
    listen(when="async")
    first, second = happen(record, now), happen(record, now)
    first.deliveries.update(state=State.DEAD)

    assert deliver_one(now=now)
    assert heard == [second.pk]


def test_a_reaction_no_code_knows_any_more_is_kept_with_its_error(
    record: ChangeRequest, now: datetime, listen: Listen
) -> None:
    listen(when="async")
    event = happen(record, now)
    event.deliveries.update(reaction="test.happened→Gone")
    deliver_one(now=now)

    assert "No code answers" in event.deliveries.get().error
