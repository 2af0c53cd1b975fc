"""What the first screen of a shift shows; each number equals the list behind it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.urls import reverse

from cases.models import Case
from changes.models import ChangeRequest
from core.models import User
from incidents.choices import OPEN_TASK_STATES
from incidents.models import Incident, IncidentTask
from notifications.models import InboxItem
from workspace.parts import CountCard

SOON = timedelta(days=2)


@dataclass
class Home:
    """Panels of the home page."""

    cards: list[CountCard]
    attention: list[Incident]
    tasks: list[IncidentTask]
    waiting: list[Case]
    upcoming: list[ChangeRequest]
    inbox: list[InboxItem]


def home_of(user: User, now: datetime) -> Home:
    """Gather the panels the user may see."""
    return Home(
        cards=_cards(user) if user.has_perm("incidents.view_incident") else [],
        attention=_attention(user),
        tasks=_tasks(user),
        waiting=_uninformed(user),
        upcoming=_upcoming(user, now),
        inbox=_inbox(user),
    )


def _inbox(user: User) -> list[InboxItem]:
    rows = InboxItem.objects.filter(user=user, read_at=None).select_related("incident")
    return list(rows.order_by("-pk")[:5])


def _cards(user: User) -> list[CountCard]:
    mine = Q(assignment_group__members=user)
    counts = Incident.objects.open().aggregate(
        open=Count("pk", distinct=True),
        pressing=Count("pk", filter=Q(priority__lte=2), distinct=True),
        attention=Count("pk", filter=Q(needs_attention=True), distinct=True),
        unassigned=Count("pk", filter=Q(assigned_to=None), distinct=True),
        groups=Count("pk", filter=mine, distinct=True),
    )
    major = Case.objects.open().major().count() if user.has_perm("cases.view_case") else 0
    return [
        CountCard("Open incidents", counts["open"], _list("incidents", "open"), "siren"),
        CountCard(
            "P1 and P2",
            counts["pressing"],
            _list("incidents", "pressing"),
            "octagon-alert",
            tone="p1" if counts["pressing"] else "",
        ),
        CountCard("Needs attention", counts["attention"], _list("incidents", "attention"), "bell"),
        CountCard("My groups", counts["groups"], _list("incidents", "my_groups"), "users"),
        CountCard("Unassigned", counts["unassigned"], _list("incidents", "unassigned"), "user"),
        CountCard("Major cases", major, _list("cases", "major"), "briefcase"),
    ]


def _list(name: str, view: str) -> str:
    return reverse("workspace:list", args=[name]) + f"?view={view}"


def _attention(user: User) -> list[Incident]:
    if not user.has_perm("incidents.view_incident"):
        return []
    rows = Incident.objects.open().needing_attention().of_groups_of(user)
    return list(
        rows.select_related("assignment_group", "ci").order_by("priority", "-opened_at")[:8]
    )


def _tasks(user: User) -> list[IncidentTask]:
    if not user.has_perm("incidents.view_incidenttask"):
        return []
    rows = IncidentTask.objects.filter(
        state__in=OPEN_TASK_STATES, assignment_group__members=user
    ).select_related("incident")
    return list(rows.order_by("priority", "-opened_at")[:8])


def _uninformed(user: User) -> list[Case]:
    if not user.has_perm("cases.view_case"):
        return []
    rows = Case.objects.open().proactive().filter(last_informed_at=None, account__isnull=False)
    return list(rows.select_related("account", "incident").order_by("opened_at")[:8])


def _upcoming(user: User, now: datetime) -> list[ChangeRequest]:
    if not user.has_perm("changes.view_changerequest"):
        return []
    rows = ChangeRequest.objects.filter(planned_start__gte=now, planned_start__lt=now + SOON)
    return list(rows.select_related("ci").order_by("planned_start")[:8])
