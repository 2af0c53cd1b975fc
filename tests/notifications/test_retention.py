"""Events are forgotten when everybody got them long ago, and never before."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.models import Domain, SystemProperty
from notifications import retention
from notifications.models import Attempt, OutboundDelivery, StagedEvent, Subscriber, Topic
from notifications.properties import KEEP_DAYS
from notifications.retention import forget_old_events
from notifications.topic_events import publish
from tests.notifications.rows import make_delivery, make_event, make_subscriber, make_try

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def bus(db: None) -> Subscriber:
    return make_subscriber()


def delivered(bus: Subscriber, now: datetime, *states: str, days: int = 31, **values: Any) -> None:
    """Make one ticket's events of that age, one per state, and a fresh one behind them."""
    for sequence, state in enumerate(states, 1):
        event = make_event(sequence=sequence, happened_at=now - days * DAY, **values)
        make_try(make_delivery(event, bus, state), ok=state == "sent")
    make_event(sequence=len(states) + 1, happened_at=now, **values)


def sequences() -> list[int]:
    return list(StagedEvent.objects.order_by("pk").values_list("sequence", flat=True))


def test_delivered_events_go_with_their_deliveries_and_tries(
    bus: Subscriber, now: datetime
) -> None:
    delivered(bus, now, "sent", "skipped", "sent")
    assert forget_old_events(now) == 3
    assert sequences() == [4]
    assert not OutboundDelivery.objects.exists()
    assert not Attempt.objects.exists()


def test_what_still_has_to_go_out_stays(bus: Subscriber, now: datetime) -> None:
    delivered(bus, now, "ready", "sent", "dead", "sent")
    forget_old_events(now)
    assert sequences() == [1, 3, 5]
    assert Attempt.objects.count() == 2


def test_an_event_some_got_and_one_did_not_stays(bus: Subscriber, now: datetime) -> None:
    delivered(bus, now, "sent")
    make_delivery(StagedEvent.objects.get(sequence=1), make_subscriber("other"), "dead")
    forget_old_events(now)
    assert sequences() == [1, 2]


def test_young_events_and_those_that_failed_stay(bus: Subscriber, now: datetime) -> None:
    delivered(bus, now, "sent", days=29)
    delivered(bus, now, "sent", number="INC2", state=StagedEvent.State.ERROR)
    assert forget_old_events(now) == 0


def test_the_newest_event_of_a_ticket_stays_so_that_numbers_go_on(
    bus: Subscriber, now: datetime
) -> None:
    delivered(bus, now, "sent", "sent")
    StagedEvent.objects.update(happened_at=now - 100 * DAY)
    forget_old_events(now)
    assert sequences() == [3]


def test_what_clients_published_leaves_nothing_behind(bus: Subscriber, now: datetime) -> None:
    topic = Topic.objects.create(name="t")
    for correlation in ("", "a", "a"):
        event = {"eventType": "A", "event": {}, "correlationId": correlation}
        staged = publish(topic=topic, event=event, now=now - 31 * DAY)
        StagedEvent.objects.filter(pk=staged.pk).update(state="completed")
        make_delivery(staged, bus, "sent")
    assert forget_old_events(now) == 3


@pytest.mark.parametrize(("value", "left"), [("0", 2), ("40", 2), ("10", 1)])
def test_the_property_says_how_long(bus: Subscriber, now: datetime, value: str, left: int) -> None:
    delivered(bus, now, "sent")
    SystemProperty.objects.update_or_create(
        name=KEEP_DAYS.name, domain=None, defaults={"value": value}
    )
    forget_old_events(now)
    assert StagedEvent.objects.count() == left


def test_each_domain_has_its_own_time(bus: Subscriber, now: datetime) -> None:
    tenant = Domain.objects.create(name="Tenant", parent_id=1)
    SystemProperty.objects.create(name=KEEP_DAYS.name, domain=tenant, value="365")
    delivered(bus, now, "sent")
    delivered(bus, now, "sent", number="INC2", domain=tenant)
    assert forget_old_events(now) == 1
    assert StagedEvent.objects.filter(domain=tenant).count() == 2


def test_many_go_in_small_steps(
    bus: Subscriber, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivered(bus, now, *["sent"] * 5, "dead", *["sent"] * 5)
    steps: list[int] = []
    delete = retention._delete

    def counted(ids: list[int]) -> int:
        steps.append(len(ids))
        return delete(ids)

    monkeypatch.setattr(retention, "_delete", counted)
    assert forget_old_events(now, chunk=4) == 10
    assert steps == [4, 4, 2]


def test_when_the_time_is_up_the_rest_waits(bus: Subscriber, now: datetime) -> None:
    delivered(bus, now, "sent")
    assert forget_old_events(now, seconds=0) == 0


def test_one_put_back_in_line_meanwhile_stays(bus: Subscriber, now: datetime) -> None:
    delivered(bus, now, "sent", "skipped")
    ids = list(StagedEvent.objects.order_by("pk").values_list("pk", flat=True)[:2])
    OutboundDelivery.objects.filter(state="skipped").update(state="ready")
    assert retention._delete(ids) == 1
    assert sequences() == [2, 3]
