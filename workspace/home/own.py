"""What somebody has on their own desk: incidents, tasks of their groups, major cases."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Window

from cases.models import Case
from core.models import User
from incidents.choices import OPEN_TASK_STATES
from incidents.models import Incident, IncidentTask
from workspace.home.watch import list_url

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Panel:
    """Rows, how many there are in all, and the list that has them all."""

    rows: list[Any]
    count: int
    url: str


def of_my_groups(rows: QuerySet[IncidentTask], user: User) -> QuerySet[IncidentTask]:
    """Keep the open tasks of the user's groups; the list behind the number on home."""
    mine = user.assignment_groups.values("pk")
    return rows.filter(state__in=OPEN_TASK_STATES, assignment_group__in=mine)


def tasks_of(user: User) -> Panel:
    """Return the open tasks of the user's groups, the most pressing first."""
    rows = of_my_groups(IncidentTask.objects.select_related("incident"), user)
    return _panel(rows, list_url("tasks", "my_groups"))


def incidents_of(user: User) -> Panel:
    """Return the user's own open incidents, the most pressing first."""
    rows = Incident.objects.open().assigned_to_user(user)
    return _panel(rows, list_url("incidents", "mine"))


def major_cases() -> Panel:
    """Return the open major cases, the most pressing first."""
    rows = Case.objects.open().major().select_related("incident", "assigned_to")
    return _panel(rows, list_url("cases", "major"))


def _panel(rows: QuerySet[Any], url: str) -> Panel:
    # The rows and how many there are in one statement.
    counted = rows.annotate(total=Window(Count("pk")))
    found = list(counted.order_by("priority", "-opened_at", "pk")[:SHOWN])
    return Panel(found, found[0].total if found else 0, url)
