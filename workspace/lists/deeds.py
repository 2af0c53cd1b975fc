"""Remember what an act in a list changes, and take it back through the records' own actions."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from cases.actions import update_case
from core.actor import actor_of
from core.changes import MovedOn
from core.errors import NotAllowed, Refused
from core.models import Job, User
from incidents.actions import update_incident, update_task
from workspace.lists.definition import ListPage
from workspace.models import Deed, DeedRow

PEOPLE = ("assignment_group", "assigned_to")
# The fields a list can change; what an act changed of them is what its undoing gives back.
WATCHED: dict[str, tuple[str, ...]] = {
    "incidents": ("impact", "urgency", "state", "hold_reason", "follow_up_at", *PEOPLE),
    "cases": ("priority", "state", *PEOPLE),
    "tasks": PEOPLE,
}
KEPT = timedelta(days=7)
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Changed:
    """One record's values before and after."""

    record_id: int
    number: str
    before: Values
    after: Values


def watch(page: ListPage, record: Any, act: Callable[[], object]) -> Changed | None:
    """Do an act on a record and return what it changed; None where nothing can be given back.

    The act refuses when the record is not what was read, so that `before` is exact; it and the
    look at what came of it are one transaction.
    """
    before = _values(page, record)
    with transaction.atomic():
        act()
        fresh: Any = page.model._default_manager.get(pk=record.pk)
        after = _values(page, fresh)
    names = [name for name in before if before[name] != after[name]]
    if not names:
        return None
    return Changed(
        record.pk, record.number, {n: before[n] for n in names}, {n: after[n] for n in names}
    )


@transaction.atomic
def remember(
    *,
    page: ListPage,
    title: str,
    permission: str,
    changed: list[Changed],
    by: User,
    now: datetime,
    job: Job | None = None,
) -> Deed | None:
    """Keep what was changed; a job's portions become one deed. None where nothing was."""
    if not changed:
        return None
    # Locked, so that nobody undoes it before these rows are in it.
    known = Deed.objects.select_for_update(of=("self",)).filter(job=job, undone_at=None)
    deed = known.first() if job else None
    deed = deed or Deed.objects.create(
        domain_id=by.domain_id,
        user=by,
        list_name=page.name,
        title=title[:160],
        permission=permission,
        job=job,
        created_at=now,
    )
    DeedRow.objects.bulk_create(DeedRow(deed=deed, **asdict(each)) for each in changed)
    return deed


def undoable(user: User, uid: str = "", job: Job | None = None) -> Deed | None:
    """Return the user's own deed of this name, or of this job, unless it was undone."""
    rows = Deed.objects.filter(user=user, undone_at=None)
    if job is not None:
        return rows.filter(job=job).first()
    return rows.filter(uid=uid).first() if uid else None


def undo_row(page: ListPage, deed: Deed, row: DeedRow, user: User, now: datetime) -> None:
    """Give one record back what it was.

    Errors: `Refused` where a value was changed since, or the way back is no legal one.
    """
    record: Any = page.model._default_manager.filter(pk=row.record_id).first()
    if record is None:
        raise Refused(f"The {page.noun} is gone, or out of sight.")
    if not user.has_perm(deed.permission):
        raise NotAllowed(f"This needs the permission {deed.permission}.")
    here = _values(page, record)
    since = [name for name in row.after if here[name] != row.after[name]]
    if since:
        raise Refused(f"{_last_word(record, since)} It stays as it is.")
    values = {name: _restored(record, name, value) for name, value in row.before.items()}
    save = ACTIONS[page.name]
    try:
        save(record.pk, values, f"Undone: {deed.title}.", user, now, record.version)
    except MovedOn as error:
        raise Refused(str(error)) from error


def forget_old_deeds(now: datetime) -> int:
    """Delete deeds too old to be undone; return how many rows went."""
    return Deed.unscoped.filter(created_at__lt=now - KEPT).delete()[0]


def _values(page: ListPage, record: Any) -> Values:
    found = {}
    for name in WATCHED[page.name]:
        value = getattr(record, record._meta.get_field(name).attname)
        found[name] = value.isoformat() if isinstance(value, datetime) else value
    return found


def _restored(record: Any, name: str, value: Any) -> Any:
    field = record._meta.get_field(name)
    if field.remote_field is None or value is None:
        return field.to_python(value)
    return field.remote_field.model._default_manager.filter(pk=value).first()


def _last_word(record: Any, names: list[str]) -> str:
    label = str(record._meta.get_field(names[0]).verbose_name).lower()
    for entry in record.journal.filter(kind="change").order_by("-pk")[:10]:
        if any(change["field"] in names for change in entry.changes):
            return f"{entry.actor_name} changed the {label} since."
    return f"The {label} was changed since."


def _incident(
    pk: int, values: Values, reason: str, user: User, now: datetime, version: int
) -> None:
    update_incident(
        incident_id=pk,
        values=values,
        by=actor_of(user),
        now=now,
        seen_version=version,
        reason=reason,
    )


def _case(pk: int, values: Values, reason: str, user: User, now: datetime, version: int) -> None:
    update_case(
        case_id=pk, values=values, by=actor_of(user), now=now, seen_version=version, reason=reason
    )


def _task(pk: int, values: Values, reason: str, user: User, now: datetime, version: int) -> None:
    update_task(task_id=pk, values=values, by=actor_of(user), now=now, seen_version=version)


Save = Callable[[int, Values, str, User, datetime, int], None]
ACTIONS: dict[str, Save] = {"incidents": _incident, "cases": _case, "tasks": _task}
