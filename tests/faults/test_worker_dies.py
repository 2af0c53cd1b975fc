"""A Celery worker with a broker of its own is killed -9 in the middle of a subflow (S14)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.embedded.valkey import start_valkey
from escalation.models import Run
from incidents.models import Incident, IncidentEntry
from tests.faults.bus import Bus, check_all_arrived
from tests.faults.conftest import PATHS
from tests.faults.processes import BEAT, LONE_WORKER, WORKER, Processes, until
from tests.faults.settling import at_rest, check_entered, let_leases_end
from tests.faults.test_changes_die import acting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[str]:
    """The address of a Valkey that only this test uses."""
    server = start_valkey(folder=tmp_path / "valkey")
    yield server.url
    server.program.stop()


def test_a_subflow_killed_between_steps_4_and_5_is_done_once(
    site: Processes,
    bus: Bus,
    broker: str,
    reported: Callable[[], Incident],
    people: object,
    work: Callable[[], None],
) -> None:
    incident = reported()
    work()
    worker = site.start_to_die("worker", LONE_WORKER, "run.after-step-4", REDIS_URL=broker)
    escalating = site.start("web", acting("climb", incident), REDIS_URL=broker)
    assert escalating.wait() == 0, escalating.tail()
    until(lambda: not worker.alive, "the worker comes to step 4")
    assert site.mark.exists(), worker.tail()
    check_entered(incident, "triage", runs=1, planned=1)
    notes = IncidentEntry.objects.filter(incident=incident, kind="work_note", text="Tried all")
    assert notes.count() == 1

    site.start("worker", LONE_WORKER, REDIS_URL=broker)
    site.start("beat", BEAT, REDIS_URL=broker)
    until(at_rest, "all work is done")
    check_entered(incident, "l1", runs=2)
    assert notes.count() == 1
    run = Run.objects.filter(incident=incident).latest("pk")
    assert len(run.log) == len(run.plan["steps"]) > 4
    assert let_leases_end() == 0
    check_all_arrived(bus, *PATHS)


def test_the_pool_replaces_a_killed_child_and_goes_on_without_the_scheduler(
    site: Processes,
    bus: Bus,
    broker: str,
    reported: Callable[[], Incident],
    people: object,
    work: Callable[[], None],
) -> None:
    incident = reported()
    work()
    worker = site.start_to_die("worker", WORKER, "run.before-commit", REDIS_URL=broker)
    assert site.start("web", acting("climb", incident), REDIS_URL=broker).wait() == 0
    until(site.mark.exists, f"the worker comes to the end of the run: {worker.tail()}")
    until(at_rest, f"the worker goes on: {worker.tail()}")
    assert worker.alive
    check_entered(incident, "l1", runs=2)
    check_all_arrived(bus, *PATHS)
