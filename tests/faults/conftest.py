"""A site of real processes, a bus, and an incident on its way.

Only PostgreSQL can be shared with other processes; the fallback without it has one process.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from core.actor import SYSTEM
from core.embedded.ports import free_port, is_free
from core.embedded.programs import Program
from core.models import User
from incidents.actions import add_comment
from incidents.models import Incident
from notifications.models import Subscriber
from tests.faults.bus import Bus
from tests.faults.processes import PYTHON, Processes, environment, kill, until
from tests.journeys.desk import machine, report

if connection.vendor != "postgresql":
    collect_ignore_glob = ["test_*.py"]

PATHS = ("/first", "/second")


@pytest.fixture(scope="package")
def bus_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    command = [PYTHON, "manage.py", "demo_bus", "--port", str(port)]
    log = tmp_path_factory.mktemp("bus") / "log"
    program = Program("bus", command, environment(), Path(settings.BASE_DIR), log)
    program.start()
    until(lambda: not is_free(port), "the bus listens")
    yield f"http://127.0.0.1:{port}"
    kill(program)


@pytest.fixture
def bus(bus_process: str, base: None) -> Bus:
    """The bus, with two subscribers that want everything."""
    for path in PATHS:
        Subscriber.objects.create(name=path, transport="http", url=f"{bus_process}{path}")
    return Bus(bus_process, len(Bus(bus_process).arrived()))


@pytest.fixture
def site(base: None, tmp_path: Path, settings: Any) -> Iterator[Processes]:
    """Processes that are dead before the database is emptied; nobody here wakes a worker."""
    settings.REDIS_URL = ""
    made = Processes(tmp_path)
    yield made
    made.stop()


@pytest.fixture
def reported(otto: User, topology: Any, now: datetime) -> Callable[[], Incident]:
    """Return what reports a fault through the trouble-ticket API and comments on it."""
    outside = machine(otto)

    def make(comments: int = 3) -> Incident:
        incident = report(outside, subCategory="device_failure")
        for number in range(comments):
            add_comment(incident_id=incident.pk, text=f"Update {number}", by=SYSTEM, now=now)
        return incident

    return make
