"""What the first screen of a shift shows; each number equals the list behind it (R28)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, Window

from cases.models import Case, Notice
from cases.promises import open_promises
from core.models import User
from incidents.choices import OPEN_TASK_STATES
from incidents.models import Incident, IncidentTask
from notifications.models import InboxItem
from workspace.home.needs import Need, needs_of
from workspace.home.waiting import WaitingPanel, waiting_customers
from workspace.home.watch import (
    Pace,
    Unowned,
    Work,
    list_url,
    pace_of,
    planned_work,
    pressing,
    unowned,
)
from workspace.parts import CountCard, Tone
from workspace.shifts.notes import NoteInView, note_for

SHOWN = 8


@dataclass
class Panel:
    """Rows, how many there are in all, and the list that has them all."""

    rows: list[Any]
    count: int
    url: str = ""


@dataclass
class Home:
    """Panels of the home page; those a user may not see stay empty."""

    cards: list[CountCard] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    needs_count: int = 0
    pressing: list[Incident] = field(default_factory=list)
    pace: Pace | None = None
    unowned: list[Unowned] = field(default_factory=list)
    waiting: WaitingPanel | None = None
    promises: list[Notice] = field(default_factory=list)
    tasks: Panel | None = None
    work: list[Work] = field(default_factory=list)
    work_count: int = 0
    inbox: list[InboxItem] = field(default_factory=list)
    note: NoteInView | None = None


def home_of(user: User, now: datetime) -> Home:
    """Gather the panels the user may see; a fixed number of statements."""
    home = Home(inbox=_inbox(user), note=note_for(user, now))
    if user.has_perm("incidents.view_incident"):
        home.cards, home.pressing = _cards(user), pressing()
        home.pace, home.unowned = pace_of(user, now), unowned()
        home.needs, home.needs_count = needs_of(user, now)
        home.waiting = waiting_customers()
        home.promises = list(open_promises().select_related("incident")[:SHOWN])
    if user.has_perm("incidents.view_incidenttask"):
        home.tasks = _tasks(user)
    if user.has_perm("changes.view_changerequest"):
        home.work, home.work_count = planned_work(now)
    return home


def _inbox(user: User) -> list[InboxItem]:
    rows = InboxItem.objects.filter(user=user, read_at=None).select_related("incident")
    return list(rows.order_by("-pk")[:5])


def _cards(user: User) -> list[CountCard]:
    mine = Q(assignment_group__in=user.assignment_groups.values("pk"))
    counts = Incident.objects.open().aggregate(
        open=Count("pk"),
        pressing=Count("pk", filter=Q(priority__lte=2)),
        attention=Count("pk", filter=Q(needs_attention=True)),
        unassigned=Count("pk", filter=Q(assigned_to=None)),
        groups=Count("pk", filter=mine),
        mine=Count("pk", filter=Q(assigned_to=user)),
    )
    major = Case.objects.open().major().count() if user.has_perm("cases.view_case") else 0
    pressing_tone: Tone = "p1" if counts["pressing"] else ""
    return [
        _card("Open incidents", counts["open"], "open", "siren"),
        _card("P1 and P2", counts["pressing"], "pressing", "octagon-alert", pressing_tone),
        _card("Needs attention", counts["attention"], "attention", "bell"),
        _card("My groups", counts["groups"], "my_groups", "users"),
        _card("Assigned to me", counts["mine"], "mine", "user-check"),
        _card("Unassigned", counts["unassigned"], "unassigned", "user"),
        CountCard("Major cases", major, list_url("cases", "major"), "briefcase"),
    ]


def _card(label: str, count: int, view: str, icon: str, tone: Tone = "") -> CountCard:
    return CountCard(label, count, list_url("incidents", view), icon, tone=tone)


def _tasks(user: User) -> Panel:
    rows = IncidentTask.objects.filter(
        state__in=OPEN_TASK_STATES, assignment_group__in=user.assignment_groups.values("pk")
    )
    # The rows and how many there are in one statement.
    counted = rows.annotate(total=Window(Count("pk"))).select_related("incident")
    found: list[Any] = list(counted.order_by("priority", "-opened_at", "pk")[:SHOWN])
    return Panel(found, found[0].total if found else 0, list_url("tasks", "my_groups"))
