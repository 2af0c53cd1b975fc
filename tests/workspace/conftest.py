"""What several tests of pages begin with."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from core.actor import actor_of
from incidents.actions import open_incident
from incidents.models import Incident


@pytest.fixture
def nadia(people: Any, client_as: Callable[..., Client]) -> Client:
    """A coordinator's browser."""
    return client_as(people.nadia)


@pytest.fixture
def begun(people: Any, now: datetime, work: Callable[[], None]) -> Callable[..., Incident]:
    """Return what opens an SD-WAN incident and lets its workflow begin."""

    def make(title: str, *, subcategory: str, **values: Any) -> Incident:
        made = open_incident(
            by=actor_of(people.nadia),
            now=now,
            short_description=title,
            values={"category": "sd_wan", "subcategory": subcategory, **values},
        )
        work()
        made.refresh_from_db()
        return made

    return make


@pytest.fixture
def device_incident(begun: Callable[..., Incident]) -> Incident:
    """A device failure in Triage."""
    return begun("Edge down", subcategory="device_failure")
