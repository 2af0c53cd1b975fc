"""The lists of the workspace (R29)."""

from accounts.models import Account
from cases.choices import CaseState, MajorState
from cases.models import Case
from changes.models import ChangeRequest, Outage
from incidents.choices import OPEN_TASK_STATES, Stage, State, TaskState
from incidents.models import Alert, Incident, IncidentTask
from workspace.lists.definition import Column, ListPage, View


def _labels(choices: list[tuple[str, str]]) -> dict[str, str]:
    return {str(value): str(label) for value, label in choices}


NUMBER = Column("number", "Number", "number", ("number", "priority"), sort="number")
SHORT = Column("short_description", "Short description", "text", ("short_description",))
PRIORITY = Column("priority", "Priority", "priority", ("priority",), sort="priority")
GROUP = Column("group", "Assignment group", "ref", ("assignment_group__name",))
ASSIGNEE = Column("assignee", "Assigned to", "ref", ("assigned_to__username",), minor=True)
OPENED = Column("opened", "Opened", "when", ("opened_at",), sort="opened_at", minor=True)


def _state(choices: list[tuple[str, str]]) -> Column:
    return Column("state", "State", "state", ("state",), sort="state", labels=_labels(choices))


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
        PRIORITY,
        _state(State.choices),
        Column("service", "Service", "ref", ("service__name",)),
        GROUP,
        Column("stage", "Stage", "state", ("stage",), labels=_labels(Stage.choices), minor=True),
        OPENED,
    ),
    views=(
        View("open", "Open", lambda rows, user: rows.open()),
        View("my_groups", "My groups", lambda rows, user: rows.open().of_groups_of(user)),
        View("mine", "Assigned to me", lambda rows, user: rows.open().assigned_to_user(user)),
        View("unassigned", "Unassigned", lambda rows, user: rows.open().unassigned()),
        View("attention", "Needs attention", lambda rows, user: rows.open().needing_attention()),
        View("pressing", "P1/P2", lambda rows, user: rows.open().pressing()),
        View("resolved", "Resolved", lambda rows, user: rows.filter(state=State.RESOLVED)),
        View("all", "All", lambda rows, user: rows),
    ),
    search=("number", "short_description"),
    filters={
        "state": "state",
        "stage": "stage",
        "priority": "priority",
        "group": "assignment_group__name",
        "account": "account__number",
        "affected_account": "affected_accounts__account__number",
        "ci": "ci__uid",
    },
    order="-opened_at",
    url_name="workspace:incident",
    permission="incidents.view_incident",
    new_url_name="workspace:incident_new",
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
        _state(TaskState.choices),
        Column("incident", "Incident", "ref", ("incident__number",)),
        Column("stage", "Stage", "state", ("stage",), labels=_labels(Stage.choices)),
        GROUP,
        ASSIGNEE,
        OPENED,
    ),
    views=(
        View("open", "Open", lambda rows, user: rows.filter(state__in=OPEN_TASK_STATES)),
        View(
            "my_groups",
            "My groups",
            lambda rows, user: rows.filter(
                state__in=OPEN_TASK_STATES, assignment_group__members=user
            ),
        ),
        View("all", "All", lambda rows, user: rows),
    ),
    search=("number", "short_description"),
    filters={"state": "state", "incident": "incident__number", "group": "assignment_group__name"},
    order="-opened_at",
    url_name="workspace:task",
    permission="incidents.view_incidenttask",
)

CASES = ListPage(
    name="cases",
    title="Cases",
    noun="case",
    model=Case,
    columns=(
        NUMBER,
        Column("account", "Account", "ref", ("account__name",)),
        Column("contact", "Contact", "ref", ("contact__name",)),
        Column(
            "major",
            "Major case state",
            "state",
            ("major_state",),
            labels=_labels(MajorState.choices),
        ),
        SHORT,
        PRIORITY,
        _state(CaseState.choices),
        Column("incident", "Incident", "ref", ("incident__number",), minor=True),
        OPENED,
    ),
    views=(
        View("open", "Open", lambda rows, user: rows.open()),
        View("major", "Major cases", lambda rows, user: rows.open().major()),
        View("proactive", "Proactive", lambda rows, user: rows.open().proactive()),
        View("all", "All", lambda rows, user: rows),
    ),
    search=("number", "short_description", "account__name"),
    filters={
        "state": "state",
        "incident": "incident__number",
        "account": "account__number",
        "parent": "parent__number",
        "change": "change_request__number",
    },
    order="-opened_at",
    url_name="workspace:case",
    permission="cases.view_case",
)

CHANGES = ListPage(
    name="changes",
    title="Changes",
    noun="change",
    model=ChangeRequest,
    columns=(
        NUMBER,
        SHORT,
        PRIORITY,
        _state(ChangeRequest.State.choices),
        Column("ci", "Configuration item", "ref", ("ci__name",)),
        GROUP,
        Column("start", "Planned start", "when", ("planned_start",)),
        OPENED,
    ),
    views=(
        View(
            "open",
            "Open",
            lambda rows, user: rows.exclude(
                state__in=[ChangeRequest.State.CLOSED, ChangeRequest.State.CANCELED]
            ),
        ),
        View("closed", "Closed", lambda rows, user: rows.filter(state=ChangeRequest.State.CLOSED)),
        View("all", "All", lambda rows, user: rows),
    ),
    search=("number", "short_description"),
    filters={"state": "state", "account": "account__number", "ci": "ci__uid"},
    order="-opened_at",
    url_name="workspace:change",
    permission="changes.view_changerequest",
)

ACCOUNTS = ListPage(
    name="accounts",
    title="Accounts",
    noun="account",
    model=Account,
    columns=(
        Column("number", "Number", "number", ("number",), sort="number"),
        Column("name", "Name", "text", ("name",), sort="name"),
        Column("kind", "Class", "state", ("kind",), labels=_labels(Account.Kind.choices)),
        Column("tier", "Rank tier", "state", ("tier",), labels=_labels(Account.Tier.choices)),
        Column("employees", "Employees", "text", ("employees",), minor=True),
        Column("phone", "Phone", "ref", ("phone",), minor=True),
    ),
    views=(
        View("accounts", "Accounts", lambda rows, user: rows.filter(kind=Account.Kind.ACCOUNT)),
        View("all", "All", lambda rows, user: rows),
    ),
    search=("number", "name"),
    filters={"tier": "tier"},
    order="name",
    url_name="workspace:account",
    permission="accounts.view_account",
)

OUTAGES = ListPage(
    name="outages",
    title="Outages",
    noun="outage",
    model=Outage,
    columns=(
        Column("number", "Number", "text", ("number",), sort="number"),
        Column("short_description", "Short description", "text", ("short_description",)),
        Column("kind", "Type", "state", ("kind",), labels=_labels(Outage.Kind.choices)),
        Column("ci", "Configuration item", "ref", ("ci__name",)),
        Column("begins", "Begin", "when", ("begins_at",), sort="begins_at"),
        Column("ends", "End", "when", ("ends_at",)),
    ),
    views=(
        View("current", "Not ended", lambda rows, user: rows.filter(ends_at=None)),
        View("all", "All", lambda rows, user: rows),
    ),
    search=("number", "short_description"),
    filters={"kind": "kind", "change": "change__number"},
    order="-begins_at",
    url_name="",
    permission="changes.view_outage",
)

ALERTS = ListPage(
    name="alerts",
    title="Alerts",
    noun="alert",
    model=Alert,
    columns=(
        Column("number", "Number", "text", ("number",), sort="number"),
        Column("short_description", "Short description", "text", ("short_description",)),
        Column(
            "severity",
            "Severity",
            "state",
            ("severity",),
            labels=_labels(Alert.Severity.choices),
        ),
        Column("ci", "Configuration item", "ref", ("ci__name",)),
        Column("incident", "Incident", "ref", ("incident__number",)),
        Column("raised", "Raised", "when", ("raised_at",), sort="raised_at"),
    ),
    views=(
        View("open", "Not cleared", lambda rows, user: rows.filter(cleared_at=None)),
        View("all", "All", lambda rows, user: rows),
    ),
    search=("number", "short_description"),
    filters={"severity": "severity", "incident": "incident__number"},
    order="-raised_at",
    url_name="",
    permission="incidents.view_alert",
)

LIST_PAGES = {p.name: p for p in (INCIDENTS, TASKS, CASES, CHANGES, ACCOUNTS, OUTAGES, ALERTS)}


def list_page(name: str) -> ListPage:
    """Return the list of this name; KeyError for a name that is no list."""
    return LIST_PAGES[name]
