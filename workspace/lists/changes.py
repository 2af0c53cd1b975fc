"""The lists of change requests and outages."""

from django.utils import timezone

from changes.models import ChangeRequest, Outage
from workspace.home.watch import running_or_soon
from workspace.lists.definition import Column, Field, ListPage, View
from workspace.lists.shared import (
    BY_ACCOUNT,
    BY_CI,
    BY_CI_NAME,
    BY_GROUP,
    BY_OPENED,
    BY_PRIORITY,
    BY_TITLE,
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

STATE = ChangeRequest.State
DONE = (STATE.CLOSED, STATE.CANCELED)

CHANGES = ListPage(
    name="changes",
    title="Changes",
    noun="change",
    model=ChangeRequest,
    columns=(
        NUMBER,
        SHORT,
        PRIORITY,
        state_column(STATE.choices),
        Column("ci", "Configuration item", "ref", ("ci__name",)),
        GROUP,
        Column("start", "Planned start", "when", ("planned_start",), sort="planned_start"),
        OPENED,
        UPDATED,
    ),
    views=(
        View("open", "Open", lambda rows, user: rows.exclude(state__in=DONE)),
        View("soon", "Next 12 hours", lambda rows, user: running_or_soon(rows, timezone.now())),
        View("closed", "Closed", lambda rows, user: rows.filter(state=STATE.CLOSED)),
        View("all", "All", lambda rows, user: rows),
    ),
    search=("number", "short_description"),
    filters=(
        choice("state", "State", STATE.choices),
        BY_PRIORITY,
        BY_GROUP,
        BY_CI_NAME,
        BY_CI,
        BY_ACCOUNT,
        BY_TITLE,
        Field("start", "Planned start", "moment", "planned_start"),
        BY_OPENED,
    ),
    order="-opened_at",
    url_name="workspace:change",
    permission="changes.view_changerequest",
    facets=("state", "priority", "group"),
    nullable=frozenset({"planned_start"}),
)

OUTAGES = ListPage(
    name="outages",
    title="Outages",
    noun="outage",
    model=Outage,
    columns=(
        Column("number", "Number", "text", ("number",), sort="number"),
        SHORT,
        Column("kind", "Type", "state", ("kind",), labels=labels_of(Outage.Kind.choices)),
        Column("ci", "Configuration item", "ref", ("ci__name",)),
        Column("begins", "Begin", "when", ("begins_at",), sort="begins_at"),
        Column("ends", "End", "when", ("ends_at",), sort="ends_at"),
    ),
    views=(
        View("current", "Not ended", lambda rows, user: rows.filter(ends_at=None)),
        View("all", "All", lambda rows, user: rows),
    ),
    search=("number", "short_description"),
    filters=(
        choice("kind", "Type", Outage.Kind.choices),
        Field("change", "Change request", "ref", "change__number"),
        BY_CI_NAME,
        BY_TITLE,
        Field("begins", "Begin", "moment", "begins_at"),
        Field("ends", "End", "moment", "ends_at"),
    ),
    order="-begins_at",
    url_name="",
    permission="changes.view_outage",
    facets=("kind",),
    nullable=frozenset({"ends_at"}),
)
