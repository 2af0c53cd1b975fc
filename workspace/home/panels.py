"""What the first screen of a shift shows; each number equals the list behind it (R28)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q

from cases.models import Case, Notice
from cases.promises import open_promises
from core.models import User
from incidents.models import Incident
from notifications.models import InboxItem
from workspace.home.load import Backlog, Counted, backlog_of, load_of_groups
from workspace.home.needs import Need, needs_of
from workspace.home.own import Panel, incidents_of, major_cases, tasks_of
from workspace.home.systems import Systems, systems_of
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

INCIDENT, TASK = "incidents.view_incident", "incidents.view_incidenttask"
CHANGE, CASE = "changes.view_changerequest", "cases.view_case"
EVENTS = "notifications.view_stagedevent"
PROMISES = 8


@dataclass
class Home:
    """Panels of the home page, in order; those a user may not see stay empty."""

    panels: list[str] = field(default_factory=list)
    cards: list[CountCard] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    needs_count: int = 0
    pressing: list[Incident] = field(default_factory=list)
    pace: Pace | None = None
    unowned: list[Unowned] = field(default_factory=list)
    waiting: WaitingPanel | None = None
    promises: list[Notice] = field(default_factory=list)
    tasks: Panel | None = None
    mine: Panel | None = None
    majors: Panel | None = None
    backlog: Backlog | None = None
    load: list[Counted] = field(default_factory=list)
    systems: Systems | None = None
    work: list[Work] = field(default_factory=list)
    work_count: int = 0
    inbox: list[InboxItem] = field(default_factory=list)
    note: NoteInView | None = None

    @property
    def templates(self) -> list[str]:
        """Return the templates of the panels."""
        return [f"workspace/home/_{name}.html" for name in self.panels]


def home_of(user: User, now: datetime, panels: Iterable[str]) -> Home:
    """Gather the named panels, those the user may see; a fixed number of statements."""
    home = Home(inbox=_inbox(user), note=note_for(user, now))
    if user.has_perm(INCIDENT):
        home.cards = _cards(user)
    for name in panels:
        permission, fill = FILL[name]
        if user.has_perm(permission):
            fill(home, user, now)
            home.panels.append(name)
    return home


def _needs(home: Home, user: User, now: datetime) -> None:
    home.needs, home.needs_count = needs_of(user, now)


def _pressing(home: Home, user: User, now: datetime) -> None:
    home.pressing = pressing()


def _watch(home: Home, user: User, now: datetime) -> None:
    home.pace, home.unowned = pace_of(user, now), unowned()


def _waiting(home: Home, user: User, now: datetime) -> None:
    home.waiting = waiting_customers()


def _promises(home: Home, user: User, now: datetime) -> None:
    home.promises = list(open_promises().select_related("incident")[:PROMISES])


def _tasks(home: Home, user: User, now: datetime) -> None:
    home.tasks = tasks_of(user)


def _mine(home: Home, user: User, now: datetime) -> None:
    home.mine = incidents_of(user)


def _majors(home: Home, user: User, now: datetime) -> None:
    home.majors = major_cases()


def _backlog(home: Home, user: User, now: datetime) -> None:
    home.backlog = backlog_of(now)


def _load(home: Home, user: User, now: datetime) -> None:
    home.load = load_of_groups()


def _systems(home: Home, user: User, now: datetime) -> None:
    home.systems = systems_of(now)


def _work(home: Home, user: User, now: datetime) -> None:
    home.work, home.work_count = planned_work(now)


# A panel is seen by who has its permission; its name is that of its template too.
FILL: dict[str, tuple[str, Callable[[Home, User, datetime], None]]] = {
    "needs": (INCIDENT, _needs),
    "waiting": (INCIDENT, _waiting),
    "promises": (INCIDENT, _promises),
    "pressing": (INCIDENT, _pressing),
    "watch": (INCIDENT, _watch),
    "mine": (INCIDENT, _mine),
    "load": (INCIDENT, _load),
    "tasks": (TASK, _tasks),
    "majors": (CASE, _majors),
    "backlog": (CASE, _backlog),
    "systems": (EVENTS, _systems),
    "work": (CHANGE, _work),
}


def _inbox(user: User) -> list[InboxItem]:
    rows = InboxItem.objects.filter(user=user, read_at=None).select_related("incident", "job")
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
    major = Case.objects.open().major().count() if user.has_perm(CASE) else 0
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
