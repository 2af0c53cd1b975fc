"""Rows for the tests of lists."""

from datetime import datetime, timedelta
from typing import Any

from core.actor import actor_of
from core.models import User
from incidents.actions import open_incident
from incidents.models import Incident


def open_incidents(count: int, *, by: User, now: datetime, **values: Any) -> list[Incident]:
    """Open incidents; pairs of them share a moment."""
    return [
        open_incident(
            by=actor_of(by),
            now=now - timedelta(minutes=n // 2),
            short_description=f"Fault {n}",
            values=values,
        )
        for n in range(count)
    ]


def numbers(response: Any) -> list[str]:
    """Return the numbers a list page shows."""
    return [row["number"] for row in response.context["page"].rows]
