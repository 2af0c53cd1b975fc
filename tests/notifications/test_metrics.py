"""Prometheus gets what the event log shows, and nobody else does."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from core.models import ApiToken, Delivery, Domain, DomainEvent, Heartbeat, Role, User
from core.models.tokens import hashed
from core.schedule import TICK
from notifications.models import Subscriber
from tests.notifications.rows import make_delivery, make_event, make_subscriber, make_try, minutes

pytestmark = pytest.mark.django_db
SECRET = "psew_a-secret-of-tests"
Scrape = Callable[..., Any]


@pytest.fixture
def machine(base: None) -> User:
    user = User.objects.create_user("prometheus", is_api_client=True)
    user.groups.add(Role.objects.get(name="psew.notification_operator"))
    return user


@pytest.fixture
def scrape(machine: User) -> Scrape:
    ApiToken.objects.create(user=machine, name="scraper", digest=hashed(SECRET))
    return lambda **headers: Client().get(
        "/metrics", headers={"Authorization": f"Bearer {SECRET}", **headers}
    )


@pytest.fixture
def bus(db: None, now: datetime) -> Subscriber:
    made = make_subscriber('a "bus"\nwith lines', paused=True)
    make_delivery(make_event(happened_at=now - minutes(10)), made)
    make_try(make_delivery(make_event(sequence=2), made, "dead", attempts=5), at=now)
    make_delivery(make_event(sequence=3), made, "sent", attempts=1, sent_at=now)
    return made


def read(answer: Any) -> dict[tuple[str, ...], float]:
    """Return the samples by name, and by the name of the subscriber and its state."""
    assert answer.status_code == 200
    return {
        (sample.name, *(sample.labels[k] for k in ("subscriber", "state") if k in sample.labels)): (
            sample.value
        )
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_every_number_of_a_subscriber(scrape: Scrape, bus: Subscriber) -> None:
    told = read(scrape())
    numbers = {
        name: told[f"psew_subscriber_{name}", bus.name]
        for name in ("waiting", "dead", "sent_last_hour", "failed_last_hour")
    }
    assert numbers == {"waiting": 1, "dead": 1, "sent_last_hour": 1, "failed_last_hour": 1}
    assert told["psew_subscriber_oldest_undelivered_seconds", bus.name] >= 600
    states = {key[2]: value for key, value in told.items() if key[0] == "psew_subscriber_state"}
    assert [state for state, value in states.items() if value] == ["paused"]
    assert len(states) == 5


def test_the_producer_the_queue_and_the_scheduler(
    scrape: Scrape, bus: Subscriber, now: datetime
) -> None:
    make_event(sequence=4, state="ready")
    make_event(sequence=5, state="error")
    Delivery.objects.all().delete()
    event = DomainEvent.objects.create(name="x", record_type="x", record_id=1, domain_id=1)
    Delivery.objects.create(event=event, reaction="x", record_key="x:1", due_at=now - minutes(2))
    Heartbeat.objects.create(name=TICK, beat_at=now - timedelta(seconds=30))
    told = read(scrape())
    assert told["psew_staged_events", "ready"] == 1
    assert told["psew_staged_events", "error"] == 1
    assert told["psew_queue_deliveries",] == 1
    assert told["psew_queue_overdue_seconds",] >= 120
    assert told["psew_scheduler_silence_seconds",] >= 30


def test_a_scheduler_that_never_ran_is_silent_for_ever(scrape: Scrape) -> None:
    assert read(scrape())["psew_scheduler_silence_seconds",] == float("inf")


def test_the_statements_do_not_grow(scrape: Scrape, bus: Subscriber) -> None:
    # The first call of a minute also notes that the token was used.
    scrape()
    with CaptureQueriesContext(connection) as few:
        scrape()
    for n in range(10):
        make_delivery(make_event(f"INC{n}"), make_subscriber(f"bus {n}"))
    with CaptureQueriesContext(connection) as many:
        scrape()
    assert len(many) == len(few)


def test_openmetrics_is_spoken_to_those_who_ask(scrape: Scrape, bus: Subscriber) -> None:
    answer = scrape(Accept="application/openmetrics-text;version=1.0.0,text/plain;q=0.5")
    assert answer["Content-Type"].startswith("application/openmetrics-text")
    assert answer.content.endswith(b"# EOF\n")


def test_a_tenants_machine_reads_its_own_alone(
    scrape: Scrape, machine: User, bus: Subscriber
) -> None:
    machine.domain = Domain.objects.create(name="Tenant", parent_id=1)
    machine.save()
    own = make_subscriber("own", domain=machine.domain)
    told = read(scrape())
    assert {key[1] for key in told if key[0] == "psew_subscriber_waiting"} == {own.name}
    assert ("psew_queue_deliveries",) not in told


class TestDoor:
    @pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
    def test_nobody_reads_without_a_token(self, base: None, headers: dict[str, str]) -> None:
        answer = Client().get("/metrics", headers=headers)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")

    def test_nor_with_a_session(self, base: None) -> None:
        browser = Client()
        browser.force_login(User.objects.create_superuser("admin"))
        assert browser.get("/metrics").status_code == 401

    def test_nor_without_the_right(self, scrape: Scrape, machine: User) -> None:
        machine.groups.clear()
        assert scrape().status_code == 403

    @pytest.mark.parametrize(
        ("scopes", "status"), [(["metrics:read"], 200), (["tickets:read"], 403)]
    )
    def test_a_scope_narrows(self, scrape: Scrape, scopes: list[str], status: int) -> None:
        ApiToken.objects.update(scopes=scopes)
        assert scrape().status_code == status

    @pytest.mark.parametrize(
        ("allowed", "meta", "status"),
        [
            (True, {}, 200),
            (True, {"REMOTE_ADDR": "10.0.0.7"}, 401),
            (True, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 401),
            (True, {"HTTP_X_FORWARDED_PROTO": "https"}, 401),
            (False, {}, 401),
        ],
    )
    def test_this_machine_may_be_let_in(
        self, base: None, settings: Any, allowed: bool, meta: dict[str, str], status: int
    ) -> None:
        settings.METRICS_OPEN = allowed
        assert Client().get("/metrics", **meta).status_code == status  # type: ignore[arg-type]

    def test_it_is_only_read(self, scrape: Scrape) -> None:
        assert Client().post("/metrics").status_code == 405
