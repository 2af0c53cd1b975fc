"""The lists of incidents, their tasks and alerts (R29-R31)."""

from incidents.choices import OPEN_TASK_STATES, HoldReason, Origin, Stage, State, TaskState
from incidents.models import Alert, Incident, IncidentTask
from incidents.queries import category_labels
from workspace.home.needs import needing
from workspace.home.own import of_my_groups
from workspace.lists.counts import incident_counts
from workspace.lists.definition import Column, Field, ListPage, View
from workspace.lists.shared import (
    BY_ACCOUNT,
    BY_ACCOUNT_NAME,
    BY_ASSIGNEE,
    BY_CI,
    BY_CI_NAME,
    BY_GROUP,
    BY_NUMBER,
    BY_OPENED,
    BY_PRIORITY,
    BY_TITLE,
    BY_UPDATED,
    GROUP,
    NUMBER,
    OPENED,
    PRIORITY,
    SHORT,
    UPDATED,
    choice,
    labels_of,
    state_column,
)

CHANGE = "incidents.change_incident"
ASSIGN = "incidents.assign_incident"
CHANGE_TASK = "incidents.change_incidenttask"
STAGES = labels_of(Stage.choices)
# What an operations centre reads from left to right: how bad, what, where, whom it hits, who.
NOC = (
    "number",
    "priority",
    "short_description",
    "ci",
    "accounts",
    "stage",
    "state",
    "group",
    "assignee",
    "opened",
)

INCIDENTS = ListPage(
    name="incidents",
    title="Incidents",
    noun="incident",
    model=Incident,
    # The document's seven, in its order (R30), then ours.
    columns=(
        NUMBER,
        Column(
            "short_description",
            "Short description",
            "title",
            ("short_description", "needs_attention"),
        ),
        Column("caller", "Caller", "ref", ("caller__name",)),
        Column("priority", "Priority", "priority", ("priority",), sort="priority", edit=CHANGE),
        state_column(State.choices, edit=CHANGE),
        Column("service", "Service", "ref", ("service__name",)),
        Column("group", "Assignment group", "ref", ("assignment_group__name",), edit=ASSIGN),
        Column("stage", "Stage", "state", ("stage",), labels=STAGES, minor=True),
        Column(
            "assignee", "Assigned to", "ref", ("assigned_to__username",), minor=True, edit=ASSIGN
        ),
        Column("ci", "CI", "ref", ("ci__name",), minor=True, spare=True),
        Column(
            "accounts",
            "Affected accounts",
            "accounts",
            ("number",),
            minor=True,
            counted=True,
        ),
        Column("cases", "Cases", "count", ("number",), minor=True, counted=True, spare=True),
        Column(
            "attention", "Needs attention", "flag", ("needs_attention",), minor=True, spare=True
        ),
        OPENED,
        UPDATED,
    ),
    views=(
        View("open", "Open", lambda rows, user: rows.open()),
        View("noc", "NOC", lambda rows, user: rows.open(), NOC),
        View("my_groups", "My groups", lambda rows, user: rows.open().of_groups_of(user)),
        View("mine", "Assigned to me", lambda rows, user: rows.open().assigned_to_user(user)),
        View("unassigned", "Unassigned", lambda rows, user: rows.open().unassigned()),
        View("needs_me", "Needs me", needing),
        View("attention", "Needs attention", lambda rows, user: rows.open().needing_attention()),
        View("pressing", "P1/P2", lambda rows, user: rows.open().pressing()),
        View("resolved", "Resolved", lambda rows, user: rows.filter(state=State.RESOLVED)),
        View("all", "All", lambda rows, user: rows),
    ),
    search=("number", "short_description"),
    filters=(
        choice("state", "State", State.choices),
        BY_PRIORITY,
        choice("stage", "Stage", Stage.choices),
        BY_GROUP,
        BY_ASSIGNEE,
        BY_TITLE,
        BY_NUMBER,
        Field("caller", "Caller", "ref", "caller__name"),
        Field("service", "Service", "ref", "service__name"),
        BY_CI_NAME,
        BY_CI,
        BY_ACCOUNT,
        BY_ACCOUNT_NAME,
        Field(
            "affected_account",
            "Affected account",
            "ref",
            "affected_accounts__account__number",
            many=True,
        ),
        Field("attention", "Needs attention", "flag", "needs_attention"),
        Field("category", "Category", "text", "category", names=category_labels),
        choice("hold", "On hold reason", HoldReason.choices, "hold_reason"),
        choice("origin", "Origin", Origin.choices),
        BY_OPENED,
        BY_UPDATED,
    ),
    order="-opened_at",
    url_name="workspace:incident",
    permission="incidents.view_incident",
    new_url_name="workspace:incident_new",
    counts=incident_counts,
    facets=("state", "priority", "stage", "group", "category"),
)

TASKS = ListPage(
    name="tasks",
    title="Tasks",
    noun="task",
    model=IncidentTask,
    columns=(
        NUMBER,
        SHORT,
        PRIORITY,
        state_column(TaskState.choices),
        Column("incident", "Incident", "ref", ("incident__number",)),
        Column("stage", "Stage", "state", ("stage",), labels=STAGES),
        GROUP,
        Column(
            "assignee",
            "Assigned to",
            "ref",
            ("assigned_to__username",),
            minor=True,
            edit=CHANGE_TASK,
        ),
        OPENED,
        UPDATED,
    ),
    views=(
        View("open", "Open", lambda rows, user: rows.filter(state__in=OPEN_TASK_STATES)),
        View("my_groups", "My groups", of_my_groups),
        View("all", "All", lambda rows, user: rows),
    ),
    search=("number", "short_description"),
    filters=(
        choice("state", "State", TaskState.choices),
        BY_PRIORITY,
        Field("incident", "Incident", "ref", "incident__number"),
        choice("stage", "Stage", Stage.choices),
        BY_GROUP,
        BY_ASSIGNEE,
        BY_TITLE,
        BY_OPENED,
        BY_UPDATED,
    ),
    order="-opened_at",
    url_name="workspace:task",
    permission="incidents.view_incidenttask",
    facets=("state", "priority", "stage", "group"),
)

ALERTS = ListPage(
    name="alerts",
    title="Alerts",
    noun="alert",
    model=Alert,
    columns=(
        Column("number", "Number", "text", ("number",), sort="number"),
        SHORT,
        Column(
            "severity",
            "Severity",
            "state",
            ("severity",),
            labels=labels_of(Alert.Severity.choices),
        ),
        Column("ci", "Configuration item", "ref", ("ci__name",)),
        Column("incident", "Incident", "ref", ("incident__number",)),
        Column("raised", "Raised", "when", ("raised_at",), sort="raised_at"),
        Column("cleared", "Cleared", "when", ("cleared_at",), spare=True),
    ),
    views=(
        View("open", "Not cleared", lambda rows, user: rows.filter(cleared_at=None)),
        View("all", "All", lambda rows, user: rows),
    ),
    search=("number", "short_description"),
    filters=(
        choice("severity", "Severity", Alert.Severity.choices),
        Field("incident", "Incident", "ref", "incident__number"),
        BY_CI_NAME,
        BY_TITLE,
        Field("raised", "Raised", "moment", "raised_at"),
        Field("cleared", "Cleared", "moment", "cleared_at"),
    ),
    order="-raised_at",
    url_name="",
    permission="incidents.view_alert",
    facets=("severity",),
)
