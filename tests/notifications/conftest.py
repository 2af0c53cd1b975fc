"""Incidents and cases as in the cases' tests, and somebody who listens."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from core.actor import Actor
from incidents.models import Incident
from notifications.models import Subscriber
from notifications.sink import Arrivals, Server, running
from tests.cases.conftest import by, comments_sync, luis, make_incident, switch, threshold

__all__ = ["by", "comments_sync", "luis", "make_incident", "switch", "threshold"]


@pytest.fixture
def incident(make_incident: Callable[..., Incident]) -> Incident:
    return make_incident(accounts=0)


@pytest.fixture
def arrivals() -> Arrivals:
    return Arrivals()


@pytest.fixture
def bus(arrivals: Arrivals) -> Iterator[Server]:
    """A real HTTP server that takes events."""
    with running(arrivals) as server:
        yield server


@pytest.fixture
def subscriber(bus: Server, base: None) -> Subscriber:
    return Subscriber.objects.create(name="bus", transport="http", url=bus.url)


@pytest.fixture
def quiet(incident: Incident, work: Callable[[], None], by: Actor, now: datetime) -> Incident:
    """An incident whose opening events are out of the way."""
    work()
    return incident
