"""What tests of escalation begin with."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from core.actor import actor_of
from incidents.actions import open_incident
from incidents.models import Incident


@pytest.fixture
def device_incident(people: Any, now: datetime, work: Callable[[], None]) -> Incident:
    """A device failure in Triage."""
    opened = open_incident(
        by=actor_of(people.nadia),
        now=now,
        short_description="Edge down",
        values={"category": "sd_wan", "subcategory": "device_failure"},
    )
    work()
    opened.refresh_from_db()
    return opened
