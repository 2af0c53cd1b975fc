"""Bulk acts of a list: which there are, whom they fit, and carrying them out record by record."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.changes import MovedOn
from core.errors import Refused
from core.models import User
from workspace.forms import bulk as forms
from workspace.lists import bulk_kinds as acts
from workspace.lists.deeds import Changed, remember, watch
from workspace.lists.definition import ListPage
from workspace.models import Deed


@dataclass(frozen=True, slots=True)
class Kind:
    """A bulk act: its button, the permission, the form, and its two functions per record."""

    key: str
    list_name: str
    label: str
    title: str
    permission: str
    form: type[forms.PlainForm]
    applicable: Callable[[Any, User], str]
    apply_one: Callable[[Any, dict[str, Any], User, datetime], str]

    @property
    def undoable(self) -> bool:
        """Tell whether the act can be taken back; what was said to somebody cannot."""
        return self.key in ("assign", "state")


@dataclass(frozen=True, slots=True)
class Fit:
    """The chosen records: those the act fits, and those left out with the reason."""

    fitting: list[Any]
    left_out: list[tuple[Any, str]]

    @property
    def total(self) -> int:
        return len(self.fitting) + len(self.left_out)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record."""

    number: str
    text: str
    failed: bool


CHANGE, ASSIGN = "incidents.change_incident", "incidents.assign_incident"
NOTIFY, CHANGE_CASE = "cases.notify_customers", "cases.change_case"
KINDS = (
    Kind(
        "assign",
        "incidents",
        "Assign",
        "Assign incidents",
        ASSIGN,
        forms.AssignForm,
        acts.open_incident_only,
        acts.assign_incident,
    ),
    Kind(
        "state",
        "incidents",
        "Change state",
        "Change the state of incidents",
        CHANGE,
        forms.IncidentStateForm,
        acts.open_incident_only,
        acts.move_incident,
    ),
    Kind(
        "escalate",
        "incidents",
        "Escalate",
        "Escalate incidents",
        "incidents.escalate_incident",
        forms.EscalateNoteForm,
        acts.escalatable,
        acts.escalate_incident,
    ),
    Kind(
        "notify",
        "incidents",
        "Notify customers",
        "Notify the customers of incidents",
        NOTIFY,
        forms.CustomerNoteForm,
        acts.has_customers_to_tell,
        acts.notify_incident,
    ),
    Kind(
        "assign",
        "cases",
        "Assign",
        "Assign cases",
        CHANGE_CASE,
        forms.AssignForm,
        acts.open_case_only,
        acts.assign_case,
    ),
    Kind(
        "state",
        "cases",
        "Change state",
        "Change the state of cases",
        CHANGE_CASE,
        forms.CaseStateForm,
        acts.movable_case,
        acts.move_case,
    ),
    Kind(
        "notify",
        "cases",
        "Notify customers",
        "Notify the customers of cases",
        NOTIFY,
        forms.CustomerNoteForm,
        acts.tellable_case,
        acts.notify_case,
    ),
    Kind(
        "assign",
        "tasks",
        "Assign",
        "Assign tasks",
        "incidents.change_incidenttask",
        forms.AssignForm,
        acts.open_task_only,
        acts.assign_task,
    ),
)


def kinds_for(page: ListPage, user: User) -> list[Kind]:
    """Return the bulk acts of a list this user may do."""
    return [k for k in KINDS if k.list_name == page.name and user.has_perm(k.permission)]


def kind_of(page: ListPage, key: str) -> Kind | None:
    """Return the bulk act of this name, None where the list has none."""
    return next((k for k in KINDS if k.list_name == page.name and k.key == key), None)


def fit(page: ListPage, kind: Kind, ids: Iterable[int], user: User) -> Fit:
    """Tell the records an act fits from those it does not fit, with the reason."""
    fitting, left_out = [], []
    records = page.model._default_manager.filter(pk__in=list(ids)).order_by("pk")
    for record in records.select_related("assignment_group"):
        reason = kind.applicable(record, user)
        if reason:
            left_out.append((record, reason))
        else:
            fitting.append(record)
    return Fit(fitting, left_out)


def do_one(
    page: ListPage, kind: Kind, record: Any, values: dict[str, Any], user: User, now: datetime
) -> tuple[str, Changed | None]:
    """Do the act to one record; return what was done, and what it changed where it can go back."""
    said: list[str] = []
    changed: Changed | None = None

    def act() -> None:
        said.append(kind.apply_one(record, values, user, now))

    try:
        if kind.undoable:
            changed = watch(page, record, act)
        else:
            act()
    except MovedOn as error:
        raise Refused(str(error)) from error
    return said[0], changed


def carry_out(
    page: ListPage,
    kind: Kind,
    records: Iterable[Any],
    values: dict[str, Any],
    user: User,
    now: datetime,
) -> tuple[list[Outcome], Deed | None]:
    """Do the act to every record by itself; a refusal is told and hinders no other.

    Out: what became of each, and the deed to undo it by, None where there is nothing to undo.
    """
    outcomes, changes = [], []
    for record in records:
        try:
            text, changed = do_one(page, kind, record, values, user, now)
        except Refused as error:
            outcomes.append(Outcome(record.number, str(error), failed=True))
        else:
            outcomes.append(Outcome(record.number, text, failed=False))
            changes += [changed] if changed else []
    deed = remember(
        page=page,
        title=kind.title,
        permission=kind.permission,
        changed=changes,
        by=user,
        now=now,
    )
    return outcomes, deed
