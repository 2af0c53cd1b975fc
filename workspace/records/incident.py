"""What the incident page shows."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from cases.coverage import coverage_in, covered
from core.models import User
from escalation.models import Run
from escalation.queries import Preview, preview
from incidents.choices import Stage
from incidents.models import Incident
from incidents.queries import card_counts, labels_of, may_work_on
from workspace.parts import CountCard, Step, Tone
from workspace.records.edits import editable
from workspace.records.head import Fact, RecordHead, in_short, linked, tabs_of
from workspace.records.notices import next_update_of
from workspace.records.stages import decision_words, reached_by, stage_runs, steps_of
from workspace.records.verbs import Action, rare_actions, verb_url

TABS = (
    ("overview", "Overview", "workspace:incident"),
    ("impact", "Impact", "workspace:incident_impact"),
    ("customers", "Customers", "workspace:incident_customers"),
    ("investigate", "Investigate", "workspace:incident_investigate"),
    ("tasks", "Tasks", "workspace:incident_tasks"),
    ("details", "Details", "workspace:incident_details"),
    ("history", "History", "workspace:incident_history"),
    ("related", "Related", "workspace:incident_related"),
)


@dataclass(kw_only=True)
class IncidentHead(RecordHead):
    """The head of an incident, with what else every tab of it shows."""

    steps: list[Step]
    cards: list[CountCard]
    category: str
    subcategory: str
    pending: Run | None
    run: Run | None
    decision: str
    member: bool


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
    pending = next((r for r in runs if r.state == Run.State.PLANNED), None)
    category, subcategory = labels_of(incident)
    return IncidentHead(
        number=incident.number,
        title=incident.short_description,
        facts=editable(
            facts_of(incident, next_update_of(incident), now),
            "incidents",
            incident,
            user,
            is_open=incident.is_open,
        ),
        badges=[("Needs attention", "p3")] if incident.needs_attention else [],
        tabs=tabs_of(TABS, incident.number, tab),
        steps=steps_of(incident, run, now),
        cards=cards_of(incident),
        actions=actions_for(incident, user, pending=pending is not None),
        category=category,
        subcategory=subcategory,
        pending=pending,
        run=run,
        decision=decision_words(run),
        member=may_work_on(incident, user),
    )


def facts_of(incident: Incident, next_update: datetime | None, now: datetime) -> list[Fact]:
    """Return the facts of the head: when customers expect a word, which change caused it."""
    cause = incident.caused_by_change
    more = [linked("Caused by", cause, "workspace:change")] if cause else []
    if next_update is not None:
        tone: Tone = "p2" if next_update < now else ""
        more.append(Fact("Next update due", next_update, "clock", tone=tone))
    return [*in_short(incident), *more]


def cards_of(incident: Incident) -> list[CountCard]:
    """Return the cards with their counts, each leading to what it counts (R35, R41)."""
    counts, row = card_counts(incident), covered(Incident.objects.filter(pk=incident.pk)).get()
    coverage, cases = coverage_in(row), row["case_count"]
    impact, customers = _tab_url("impact", incident), _tab_url("customers", incident)
    told = f"{coverage.waiting} not informed" if coverage.waiting else ""
    return [
        CountCard("Affected CIs", counts.cis, f"{impact}#affected-cis", icon="server"),
        CountCard(
            "Impacted services", counts.services, f"{impact}#impacted-services", icon="network"
        ),
        CountCard(
            "Affected accounts",
            counts.accounts,
            f"{customers}#affected-accounts",
            icon="building-2",
            note=told,
            tone="p2" if told else "",
        ),
        CountCard("Cases", cases, f"{_tab_url('overview', incident)}#cases", icon="briefcase"),
        CountCard(
            "Tasks",
            counts.tasks,
            _tab_url("tasks", incident),
            icon="list-checks",
            note=f"{counts.open_tasks} open" if counts.open_tasks else "",
        ),
    ]


def _tab_url(tab: str, incident: Incident) -> str:
    name = next(name for key, _, name in TABS if key == tab)
    return reverse(name, args=[incident.number])


def actions_for(incident: Incident, user: User, *, pending: bool) -> list[Action]:
    """Return the buttons this user sees; what cannot be done now says why (ux C.2)."""
    number = incident.number
    result: list[Action] = []
    if user.has_perm("cases.notify_customers"):
        result.append(
            Action("notify", "Notify customers", verb_url("notify", number), "send", shortcut="v")
        )
    if user.has_perm("incidents.escalate_incident"):
        result.append(_escalate_action(incident, user, pending))
    if user.has_perm("incidents.resolve_incident"):
        result.append(_resolve_action(incident))
    return result + rare_actions(incident, user)


def _escalate_action(incident: Incident, user: User, pending: bool) -> Action:
    ahead: Preview = preview(incident, pending=pending)
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
