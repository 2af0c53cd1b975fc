"""The broker is away, or forgets everything: work is late by a sweep and complete (P3)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import Celery

from core.embedded.ports import free_port
from core.embedded.valkey import start_valkey
from core.management.commands.beat import Command
from core.models import Delivery, User
from core.schedule import tick
from core.wake import drains
from notifications.models import StagedEvent
from tests.faults.bus import Bus, check_all_arrived
from tests.faults.conftest import PATHS
from tests.faults.processes import BEAT, LONE_WORKER, Processes, until
from tests.faults.settling import at_rest, check_entered
from tests.faults.web import start_web
from tests.world import People

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[str]:
    """The address of a Valkey that only this test uses."""
    server = start_valkey(folder=tmp_path / "valkey")
    yield server.url
    server.program.stop()


def waiting_in(broker: str) -> int:
    """Return how many wake-ups lie in the broker's queue."""
    with Celery(broker=broker).connection() as connection:
        return int(connection.channel().client.llen("celery"))


def forget_everything(broker: str) -> None:
    """Empty the broker, as a restart without a disk would."""
    with Celery(broker=broker).connection() as connection:
        connection.channel().client.flushall()


def test_without_a_broker_people_work_on_and_everything_goes_out(
    site: Processes, bus: Bus, otto: User, people: People
) -> None:
    nowhere = f"redis://127.0.0.1:{free_port()}/0"
    web = start_web(site, nowhere)
    incident = web.report(otto)
    site.start("beat", BEAT, REDIS_URL=nowhere)
    until(at_rest, "the incident is in triage and told")
    check_entered(incident, "triage", runs=1)

    assert web.escalate(people.nadia, incident) == 303
    until(at_rest, "the incident is in L1 and told")
    check_entered(incident, "l1", runs=2)
    check_all_arrived(bus, *PATHS)


def test_a_broker_that_forgot_every_wake_up_loses_nothing(
    site: Processes, bus: Bus, broker: str, otto: User
) -> None:
    web = start_web(site, broker)
    incident = web.report(otto)
    assert waiting_in(broker) > 0
    forget_everything(broker)
    assert waiting_in(broker) == 0
    site.start("worker", LONE_WORKER, REDIS_URL=broker)
    assert Delivery.objects.filter(state="ready").exists()
    assert StagedEvent.objects.filter(state="ready").exists()

    site.start("beat", BEAT, REDIS_URL=broker)
    until(at_rest, "all work is done")
    check_entered(incident, "triage", runs=1)
    check_all_arrived(bus, *PATHS)


def test_workers_are_woken_again_after_the_broker_forgot_everything(
    site: Processes, bus: Bus, broker: str, otto: User
) -> None:
    web = start_web(site, broker)
    worker = site.start("worker", LONE_WORKER, REDIS_URL=broker)
    web.report(otto)
    until(at_rest, f"the worker is woken: {worker.tail()}")
    forget_everything(broker)
    incident = web.report(otto)
    until(at_rest, f"the worker is woken again: {worker.tail()}")
    check_entered(incident, "triage", runs=1)
    check_all_arrived(bus, *PATHS)


def test_the_scheduler_sweeps_every_table_of_work_each_second(
    work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    parser = Command().create_parser("manage.py", "beat")
    assert 0 < parser.parse_args([]).every <= 10

    swept: list[str] = []

    def empty(name: str) -> Callable[[], int]:
        return lambda: swept.append(name) or 0  # type: ignore[func-returns-value]

    assert {"deliveries", "outbox", "outbound", "mail"} <= set(drains())
    monkeypatch.setattr("core.schedule.drains", lambda: {name: empty(name) for name in drains()})
    tick()
    assert swept == list(drains())
