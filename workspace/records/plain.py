"""What the pages of cases, changes, tasks and accounts show in their heads and as facts."""

from django.urls import reverse

from accounts.models import Account
from cases.choices import OPEN_CASE_STATES
from cases.models import Case
from changes.models import ChangeRequest
from core.models import User
from incidents.choices import ResolutionCode
from incidents.models import IncidentTask
from workspace.records.edits import editable
from workspace.records.head import Fact, RecordHead, Tabs, in_short, linked, tabs_of
from workspace.records.verbs import Action

# Cases keep the incident's code as text; one that is unknown here is shown as it is.
RESOLUTION_LABELS = dict(ResolutionCode.choices)
INCIDENT, CHANGE, CASE = "workspace:incident", "workspace:change", "workspace:case"


def _tabs(name: str) -> Tabs:
    return (
        ("overview", "Overview", f"workspace:{name}"),
        ("history", "History", f"workspace:{name}_history"),
    )


def case_head(case: Case, user: User, tab: str = "overview") -> RecordHead:
    """Return the head of a case; Resolve is offered to who may, while it is open."""
    actions = []
    is_open = case.state in OPEN_CASE_STATES
    short = editable(in_short(case), "cases", case, user, is_open=is_open)
    if is_open and user.has_perm("cases.resolve_case"):
        url = reverse("workspace:case_resolve", args=[case.number])
        actions.append(
            Action("resolve", "Resolve", url, "circle-check", primary=True, shortcut="y")
        )
    return RecordHead(
        number=case.number,
        title=case.short_description,
        facts=[
            *short,
            linked("Account", case.account, "workspace:account", case.account),
            linked("Incident", case.incident, INCIDENT),
        ],
        tabs=tabs_of(_tabs("case"), case.number, tab),
        actions=actions,
        badges=[("Major case", "p1")] if case.is_major else [],
    )


def case_facts(case: Case) -> list[Fact]:
    """Return what the overview of a case tells besides its head."""
    code = RESOLUTION_LABELS.get(case.resolution_code, case.resolution_code)
    return [
        Fact("Contact", case.contact),
        Fact("Proactive", "Yes" if case.proactive else "No"),
        Fact("Channel", case.get_channel_display()),
        linked("Parent", case.parent, CASE),
        linked("Caused by change", case.caused_by_change, CHANGE, case.caused_by_change),
        Fact("Resolution code", code),
        Fact("Resolution notes", case.resolution_notes, "text"),
        Fact("Probable cause", case.probable_cause, "text"),
        Fact("Last told", case.last_informed_at, "when", missing="never"),
    ]


def change_head(change: ChangeRequest, user: User, tab: str = "overview") -> RecordHead:
    """Return the head of a change request."""
    return RecordHead(
        number=change.number,
        title=change.short_description,
        facts=[*in_short(change), Fact("Type", change.get_kind_display())],
        tabs=tabs_of(_tabs("change"), change.number, tab),
    )


def change_facts(change: ChangeRequest) -> list[Fact]:
    """Return what the overview of a change request tells besides its head."""
    return [
        Fact("Configuration item", change.ci),
        linked("Account", change.account, "workspace:account", change.account),
        Fact("Planned start", change.planned_start, "when"),
        Fact("Planned end", change.planned_end, "when"),
        Fact("Close code", change.close_code),
        Fact("Description", change.description, "text"),
    ]


def task_head(task: IncidentTask, user: User, tab: str = "overview") -> RecordHead:
    """Return the head of an incident task."""
    short = editable(in_short(task), "tasks", task, user, is_open=task.is_open)
    return RecordHead(
        number=task.number,
        title=task.short_description,
        facts=[*short, linked("Incident", task.incident, INCIDENT)],
        tabs=tabs_of(_tabs("task"), task.number, tab),
    )


def task_facts(task: IncidentTask) -> list[Fact]:
    """Return what the overview of a task tells besides its head."""
    return [
        Fact("Stage", task.get_stage_display()),
        Fact("Configuration item", task.ci),
        Fact("Closed", task.closed_at, "when"),
        Fact("Close notes", task.close_notes, "text"),
    ]


def account_head(account: Account, user: User) -> RecordHead:
    """Return the head of an account, which has no tabs."""
    return RecordHead(
        number=account.number,
        title=account.name,
        facts=[
            Fact("Class", account.get_kind_display(), "state", bare=True),
            Fact("Rank tier", account.get_tier_display()),
            Fact("Active", "Yes" if account.active else "No"),
            Fact("Employees", account.employees),
            Fact("Phone", account.phone),
        ],
        tabs=[],
    )
