"""Backlog, age, failures and the alarm: every number is one a list can show."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import Domain, SystemProperty, User
from core.scope import use_scope
from notifications.alarm import Alarm, alarm_for, overdue
from notifications.health import Flow, Which, chosen, staging_health, subscriber_health
from notifications.models import StagedEvent, Subscriber, Topic
from notifications.properties import ALARM_MINUTES
from notifications.queries import Search, find_events
from notifications.topic_lines import make_lines
from tests.notifications.rows import (
    make_delivery,
    make_event,
    make_subscriber,
    make_try,
    minutes,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def busy(now: datetime) -> Subscriber:
    """A subscriber with one of everything."""
    bus = make_subscriber()
    at = now - minutes(30)
    for sequence in range(1, 8):
        make_event(sequence=sequence, happened_at=at + minutes(sequence))
    waiting, tired, dead, fine, late, old, skipped = StagedEvent.objects.order_by("sequence")
    make_delivery(waiting, bus)
    make_try(make_delivery(tired, bus, attempts=1), at=at)
    make_try(make_delivery(dead, bus, "dead", attempts=5), at=now - timedelta(hours=3))
    make_try(make_delivery(fine, bus, "sent", attempts=1, sent_at=at), ok=True, at=at)
    twice = make_delivery(late, bus, "sent", attempts=2, sent_at=at)
    make_try(twice, at=at - minutes(1))
    make_try(twice, ok=True, at=at)
    make_delivery(old, bus, "sent", attempts=1, sent_at=now - timedelta(hours=2))
    make_delivery(skipped, bus, "skipped", attempts=3)
    return bus


def test_a_subscriber_is_counted_over_the_last_hour(busy: Subscriber, now: datetime) -> None:
    (health,) = subscriber_health(now=now)
    assert (health.waiting, health.dead, health.sent, health.failed) == (2, 1, 2, 2)
    assert health.oldest == now - minutes(29)
    assert health.flow is Flow.FLOWING


@pytest.mark.parametrize("which", list(Which))
def test_every_number_is_as_long_as_the_list_it_opens(
    busy: Subscriber, now: datetime, which: Which
) -> None:
    (health,) = subscriber_health(now=now)
    listed = find_events(Search(subscriber=busy, which=which), now=now, limit=50)
    assert len(listed) == getattr(health, which.value) > 0


def test_who_has_nothing_has_zeros(now: datetime) -> None:
    make_subscriber()
    (health,) = subscriber_health(now=now)
    assert (health.waiting, health.dead, health.sent, health.failed) == (0, 0, 0, 0)
    assert health.oldest is None


@pytest.mark.parametrize(
    ("values", "flow"),
    [
        ({"active": False, "paused": True}, Flow.OFF),
        ({"paused": True}, Flow.PAUSED),
        ({"quiet_until": timedelta(seconds=30)}, Flow.QUIET),
        ({"quiet_until": timedelta(seconds=-30)}, Flow.FLOWING),
    ],
)
def test_the_state_of_a_subscriber(now: datetime, values: dict[str, object], flow: Flow) -> None:
    moments = {
        name: now + value if isinstance(value, timedelta) else value
        for name, value in values.items()
    }
    make_subscriber(**moments)
    (health,) = subscriber_health(now=now)
    assert health.flow is flow


def test_a_topics_line_on_a_bus_nobody_uses_says_so(now: datetime) -> None:
    make_lines(Topic.objects.create(name="tickets"))
    flows = {each.subscriber.transport: each.flow for each in subscriber_health(now=now)}
    assert flows == {"open_bus": Flow.FLOWING, "hermes": Flow.UNUSED}


def test_the_statements_do_not_grow_with_subscribers_and_domains(
    busy: Subscriber, now: datetime
) -> None:
    with CaptureQueriesContext(connection) as few:
        subscriber_health(now=now)
    for n in range(5):
        make_subscriber(f"other {n}", domain=Domain.objects.create(name=f"D{n}", parent_id=1))
    with CaptureQueriesContext(connection) as many:
        subscriber_health(now=now)
    assert len(many) == len(few) == 5


def test_a_tenant_sees_its_own_subscribers_only(now: datetime) -> None:
    tenant = Domain.objects.create(name="Tenant", parent_id=1)
    own, above = make_subscriber("own", domain=tenant), make_subscriber("above")
    event = make_event(domain=tenant)
    make_delivery(event, own, "dead")
    make_delivery(event, above)
    with use_scope(tenant.scope()):
        assert [each.subscriber for each in subscriber_health(now=now)] == [own]
        assert chosen(Which.WAITING, now).count() == 0
        (found,) = find_events(Search(), now=now, limit=5)
    assert found.deliveries == [("dead", 1)]


def test_what_the_producer_has_not_done_is_counted() -> None:
    for sequence, state in enumerate(("ready", "ready", "error", "completed"), 1):
        make_event(sequence=sequence, state=state)
    staged = staging_health()
    assert (staged.ready, staged.error) == (2, 1)


class TestAlarm:
    @pytest.fixture
    def late(self, now: datetime) -> StagedEvent:
        return make_event(happened_at=now - minutes(20))

    def test_nothing_is_late(self, late: StagedEvent, now: datetime) -> None:
        make_delivery(late, make_subscriber(), "sent", sent_at=now)
        assert overdue(1, now=now) is None

    @pytest.mark.parametrize("state", ["ready", "dead"])
    def test_an_undelivered_event_is(self, late: StagedEvent, now: datetime, state: str) -> None:
        for name in ("a", "b"):
            make_delivery(late, make_subscriber(name, paused=name == "b"), state)
        assert overdue(1, now=now) == Alarm(1, late.happened_at)

    def test_so_is_one_nobody_has_produced(self, now: datetime) -> None:
        event = make_event(state="ready", happened_at=now - minutes(16))
        assert overdue(1, now=now) == Alarm(1, event.happened_at)

    def test_what_waits_for_one_who_is_switched_off_is_not(
        self, late: StagedEvent, now: datetime
    ) -> None:
        make_delivery(late, make_subscriber(active=False))
        assert overdue(1, now=now) is None

    @pytest.mark.parametrize(("value", "alarmed"), [("30", False), ("0", False), ("5", True)])
    def test_the_property_says_from_when(
        self, late: StagedEvent, now: datetime, value: str, alarmed: bool
    ) -> None:
        make_delivery(late, make_subscriber())
        SystemProperty.objects.update_or_create(
            name=ALARM_MINUTES.name, domain=None, defaults={"value": value}
        )
        assert (overdue(1, now=now) is not None) is alarmed

    def test_it_is_remembered_for_a_moment(
        self, late: StagedEvent, now: datetime, make_user: Callable[..., User]
    ) -> None:
        make_delivery(late, make_subscriber())
        user = make_user()
        first = alarm_for(user, now=now)
        with CaptureQueriesContext(connection) as captured:
            assert alarm_for(user, now=now) == first
        assert first is not None
        assert len(captured) == 0
