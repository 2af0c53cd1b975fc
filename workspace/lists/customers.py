"""The lists of cases and accounts."""

from accounts.models import Account
from cases.choices import CaseState, MajorState
from cases.models import Case
from workspace.home.waiting import waiting
from workspace.lists.definition import Column, Field, ListPage, View
from workspace.lists.shared import (
    BY_ACCOUNT,
    BY_ACCOUNT_NAME,
    BY_ASSIGNEE,
    BY_GROUP,
    BY_OPENED,
    BY_PRIORITY,
    BY_TITLE,
    BY_UPDATED,
    NUMBER,
    OPENED,
    SHORT,
    UPDATED,
    choice,
    labels_of,
    state_column,
)

CHANGE = "cases.change_case"

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
            labels=labels_of(MajorState.choices),
        ),
        SHORT,
        Column("priority", "Priority", "priority", ("priority",), sort="priority", edit=CHANGE),
        state_column(CaseState.choices, edit=CHANGE),
        Column("incident", "Incident", "ref", ("incident__number",), minor=True),
        OPENED,
        Column(
            "group",
            "Assignment group",
            "ref",
            ("assignment_group__name",),
            spare=True,
            edit=CHANGE,
        ),
        Column(
            "assignee",
            "Assigned to",
            "ref",
            ("assigned_to__username",),
            minor=True,
            spare=True,
            edit=CHANGE,
        ),
        Column("informed", "Last informed", "when", ("last_informed_at",), minor=True, spare=True),
        UPDATED,
    ),
    views=(
        View("open", "Open", lambda rows, user: rows.open()),
        View("major", "Major cases", lambda rows, user: rows.open().major()),
        View("proactive", "Proactive", lambda rows, user: rows.open().proactive()),
        View("all", "All", lambda rows, user: rows),
    ),
    search=("number", "short_description", "account__name"),
    filters=(
        choice("state", "State", CaseState.choices),
        BY_PRIORITY,
        BY_ACCOUNT_NAME,
        BY_ACCOUNT,
        Field("incident", "Incident", "ref", "incident__number"),
        Field("parent", "Parent case", "ref", "parent__number"),
        Field("change", "Change request", "ref", "change_request__number"),
        Field("proactive", "Proactive", "flag", "proactive"),
        BY_GROUP,
        BY_ASSIGNEE,
        BY_TITLE,
        Field("informed", "Last informed", "moment", "last_informed_at"),
        BY_OPENED,
        BY_UPDATED,
    ),
    order="-opened_at",
    url_name="workspace:case",
    permission="cases.view_case",
    facets=("state", "priority", "group"),
)

ACCOUNTS = ListPage(
    name="accounts",
    title="Accounts",
    noun="account",
    model=Account,
    columns=(
        Column("number", "Number", "number", ("number",), sort="number"),
        Column("name", "Name", "text", ("name",), sort="name"),
        Column("kind", "Class", "state", ("kind",), labels=labels_of(Account.Kind.choices)),
        Column("tier", "Rank tier", "state", ("tier",), labels=labels_of(Account.Tier.choices)),
        Column("employees", "Employees", "text", ("employees",), minor=True),
        Column("phone", "Phone", "ref", ("phone",), minor=True),
    ),
    views=(
        View("accounts", "Accounts", lambda rows, user: rows.filter(kind=Account.Kind.ACCOUNT)),
        View("waiting", "Waiting for a word", lambda rows, user: waiting(rows)),
        View("all", "All", lambda rows, user: rows),
    ),
    search=("number", "name"),
    filters=(
        choice("tier", "Rank tier", Account.Tier.choices),
        choice("kind", "Class", Account.Kind.choices),
        Field("name", "Name", "text", "name"),
        Field("phone", "Phone", "text", "phone"),
    ),
    order="name",
    url_name="workspace:account",
    permission="accounts.view_account",
    facets=("tier", "kind"),
)
