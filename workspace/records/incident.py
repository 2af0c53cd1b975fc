"""What the incident page shows."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from cases.models import Case
from core.models import User
from escalation.models import Run
from escalation.queries import Preview, preview
from incidents.choices import Stage
from incidents.models import Incident
from incidents.queries import card_counts, category_labels, may_work_on, subcategory_labels
from workspace.parts import CountCard, Step
from workspace.records.notices import next_update_of
from workspace.records.stages import decision_words, reached_by, stage_runs, steps_of
from workspace.records.verbs import Action, rare_actions, verb_url

TABS = (
    ("overview", "Overview", "workspace:incident"),
    ("investigate", "Investigate", "workspace:incident_investigate"),
    ("tasks", "Tasks", "workspace:incident_tasks"),
    ("details", "Details", "workspace:incident_details"),
    ("history", "History", "workspace:incident_history"),
    ("related", "Related", "workspace:incident_related"),
)


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    current: bool


@dataclass
class IncidentHead:
    """The part every tab of the record shows."""

    incident: Incident
    tabs: list[Tab]
    steps: list[Step]
    cards: list[CountCard]
    actions: list[Action]
    category: str
    subcategory: str
    pending: Run | None
    run: Run | None
    decision: str
    member: bool
    next_update: datetime | None
    update_overdue: bool

    @property
    def has_menu(self) -> bool:
        return any(action.menu for action in self.actions)


def incident_by_number(number: str) -> Incident | None:
    """Return the incident with what its page shows of other records, or None."""
    return (
        Incident.objects.select_related(
            "assignment_group",
            "assigned_to",
            "account",
            "caller__account",
            "caller__location",
            "ci__ci_class",
            "service",
            "service_offering",
            "caused_by_change",
            "change_request",
            "problem",
            "location",
            "opened_by",
        )
        .filter(number=number)
        .first()
    )


def head_of(incident: Incident, *, user: User, tab: str, now: datetime) -> IncidentHead:
    """Gather the head of the incident page."""
    runs = stage_runs(incident)
    run = reached_by(runs, incident)
    sub = subcategory_labels()
    next_update = next_update_of(incident)
    return IncidentHead(
        incident=incident,
        tabs=[
            Tab(label, reverse(name, args=[incident.number]), key == tab)
            for key, label, name in TABS
        ],
        steps=steps_of(incident, run, now),
        cards=cards_of(incident),
        actions=actions_for(incident, user),
        category=category_labels().get(incident.category, ""),
        subcategory=sub.get((incident.category, incident.subcategory), ""),
        pending=next((r for r in runs if r.state == Run.State.PLANNED), None),
        run=run,
        decision=decision_words(run),
        member=may_work_on(incident, user),
        next_update=next_update,
        update_overdue=next_update is not None and next_update < now,
    )


def cards_of(incident: Incident) -> list[CountCard]:
    """Return the cards with their counts, each leading to what it counts (R35, R41)."""
    counts = card_counts(incident)
    cases = list(
        Case.objects.filter(incident=incident).values_list("account_id", "last_informed_at")
    )
    informed = len({account for account, at in cases if account and at})
    waiting = counts.accounts - informed
    page = reverse("workspace:incident", args=[incident.number])
    tasks = f"{counts.open_tasks} open" if counts.open_tasks else ""
    return [
        CountCard("Affected CIs", counts.cis, f"{page}#affected-cis", icon="server"),
        CountCard(
            "Impacted services", counts.services, f"{page}#impacted-services", icon="network"
        ),
        CountCard(
            "Affected accounts",
            counts.accounts,
            f"{page}#affected-accounts",
            icon="building-2",
            note=f"{waiting} not informed" if waiting > 0 else "",
            tone="p2" if waiting > 0 else "",
        ),
        CountCard("Cases", len(cases), f"{page}#cases", icon="briefcase"),
        CountCard(
            "Tasks",
            counts.tasks,
            reverse("workspace:list", args=["tasks"]) + f"?view=all&incident={incident.number}",
            icon="list-checks",
            note=tasks,
        ),
    ]


def actions_for(incident: Incident, user: User) -> list[Action]:
    """Return the buttons this user sees; what cannot be done now says why (ux C.2)."""
    number = incident.number
    result: list[Action] = []
    if user.has_perm("cases.notify_customers"):
        result.append(
            Action("notify", "Notify customers", verb_url("notify", number), "send", shortcut="v")
        )
    if user.has_perm("incidents.escalate_incident"):
        result.append(_escalate_action(incident, user))
    if user.has_perm("incidents.resolve_incident"):
        result.append(_resolve_action(incident))
    return result + rare_actions(incident, user)


def _escalate_action(incident: Incident, user: User) -> Action:
    ahead: Preview = preview(incident)
    reason = ahead.reason
    if ahead.possible and not may_work_on(incident, user):
        reason = f"Only members of {incident.assignment_group} escalate this incident."
    label = f"Escalate to {ahead.stage_label.split()[0]}" if ahead.possible else "Escalate"
    return Action(
        "escalate",
        label,
        verb_url("escalate", incident.number),
        "arrow-up",
        primary=not reason,
        reason=reason,
        shortcut="e",
    )


def _resolve_action(incident: Incident) -> Action:
    reason = "" if incident.is_open else f"It is {incident.get_state_display()}."
    primary = incident.is_open and incident.stage == Stage.L3
    return Action(
        "resolve",
        "Resolve",
        verb_url("resolve", incident.number),
        "circle-check",
        primary=primary,
        reason=reason,
        shortcut="y",
    )
