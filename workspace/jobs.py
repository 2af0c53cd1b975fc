"""What a list does to many records: few while the browser waits, many as a job (ux C.7)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core.actor import actor_of
from core.errors import Refused
from core.jobs import Outcome, created, failed, guarded, job_kind, skipped, start
from core.models import Job, User
from workspace.lists import bulk
from workspace.lists.bulk import Kind, do_one, kind_of
from workspace.lists.deeds import Changed, remember, undo_row
from workspace.lists.definition import ListPage
from workspace.lists.registry import list_page
from workspace.models import Deed, DeedRow

BULK, UNDO = "workspace.bulk", "workspace.undo"
# So many are done while the browser waits.
AT_ONCE = 25
CHUNK = 25
NO_RIGHT = "Who asked for it may not do this any more."


def start_bulk(
    *,
    page: ListPage,
    kind: Kind,
    ids: list[int],
    values: dict[str, Any],
    back: str,
    by: User,
    now: datetime,
    request_key: str,
) -> Job:
    """Write down an act on many records; each is checked when its turn comes.

    In: plain values as the act's form gives them, the address of the list to go back to. Out: the
    job, the first one where the same request comes twice.
    """
    return start(
        kind=BULK,
        keys=ids,
        by=actor_of(by),
        now=now,
        title=f"{kind.title}: {len(ids)}",
        parameters={"list": page.name, "act": kind.key, "values": values, "back": back},
        request_key=request_key,
    )


@job_kind(BULK, label="Many records", short="List", chunk=CHUNK, created="done", skipped="left out")
def act_on_chunk(job: Job, keys: list[str], now: datetime) -> list[Outcome]:
    """Do the act to these records, each by itself, with the rights its starter has by now."""
    page, user = list_page(job.parameters["list"]), _starter(job)
    kind = kind_of(page, job.parameters["act"])
    if kind is None or user is None or not user.has_perm(kind.permission):
        return [failed(key, NO_RIGHT) for key in keys]
    changes: list[Changed] = []

    def one(key: str) -> Outcome:
        return _act(page, kind, key, job.parameters["values"], user, now, changes)

    outcomes = [guarded(key, one) for key in keys]
    remember(
        page=page,
        title=job.title,
        permission=kind.permission,
        changed=changes,
        by=user,
        now=now,
        job=job,
    )
    return outcomes


def _act(
    page: ListPage,
    kind: Kind,
    key: str,
    values: dict[str, Any],
    user: User,
    now: datetime,
    changes: list[Changed],
) -> Outcome:
    rows = page.model._default_manager.select_related("assignment_group")
    record: Any = rows.filter(pk=key).first()
    if record is None:
        return skipped(key, f"The {page.noun} is gone, or out of sight.")
    label, name = record.number, f"{page.noun}:{record.number}"
    reason = kind.applicable(record, user)
    if reason:
        return skipped(key, reason, label=label, record=name)
    try:
        text, changed = do_one(page, kind, record, values, user, now)
    except Refused as error:
        return failed(key, str(error), label=label, record=name)
    changes += [changed] if changed else []
    return created(key, label=label, record=name, reason=text)


def undo_or_start(*, deed: Deed, back: str, by: User, now: datetime) -> list[bulk.Outcome] | Job:
    """Give the rows of a deed back what they were: few at once, many as a job.

    Every deed is undone once. Errors: `Refused` where that was asked for before.
    """
    page = list_page(deed.list_name)
    with transaction.atomic():
        if not Deed.objects.filter(pk=deed.pk, undone_at=None).update(undone_at=now):
            raise Refused("This was undone already.")
        rows = list(deed.rows.order_by("pk")[: AT_ONCE + 1])
        if len(rows) > AT_ONCE:
            return _start_undo(page, deed, back, by, now)
    return [_undone(page, deed, row, by, now) for row in rows]


def _start_undo(page: ListPage, deed: Deed, back: str, by: User, now: datetime) -> Job:
    return start(
        kind=UNDO,
        keys=deed.rows.order_by("pk").values_list("record_id", flat=True),
        by=actor_of(by),
        now=now,
        title=f"Undo: {deed.title}",
        parameters={"list": page.name, "deed": deed.pk, "back": back},
    )


def _undone(page: ListPage, deed: Deed, row: DeedRow, by: User, now: datetime) -> bulk.Outcome:
    try:
        undo_row(page, deed, row, by, now)
    except Refused as error:
        return bulk.Outcome(row.number, str(error), failed=True)
    return bulk.Outcome(row.number, "Is as it was.", failed=False)


@job_kind(UNDO, label="Undo", chunk=CHUNK, created="given back", skipped="left out")
def undo_chunk(job: Job, keys: list[str], now: datetime) -> list[Outcome]:
    """Give these rows back what they were, with the rights the starter has by now."""
    page, user = list_page(job.parameters["list"]), _starter(job)
    if user is None:
        return [failed(key, NO_RIGHT) for key in keys]
    deed = Deed.objects.get(pk=job.parameters["deed"])
    rows = {str(row.record_id): row for row in deed.rows.filter(record_id__in=keys)}

    def one(key: str) -> Outcome:
        row = rows[key]
        name = f"{page.noun}:{row.number}"
        try:
            undo_row(page, deed, row, user, now)
        except Refused as error:
            return failed(key, str(error), label=row.number, record=name)
        return created(key, label=row.number, record=name)

    return [guarded(key, one) for key in keys]


def _starter(job: Job) -> User | None:
    return User.objects.filter(jobs=job, is_active=True).first()
