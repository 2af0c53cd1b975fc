"""What a list does to many records: few while the browser waits, many as a job (ux C.7)."""

from datetime import datetime
from typing import Any

from core.actor import actor_of
from core.changes import MovedOn
from core.errors import NotAllowed, Refused
from core.jobs import Outcome, created, guarded, job_kind, skipped, start
from core.models import Job, User
from workspace.lists.bulk import Kind, kind_of
from workspace.lists.definition import ListPage
from workspace.lists.registry import list_page

BULK = "workspace.bulk"
# So many are done while the browser waits.
AT_ONCE = 25
CHUNK = 25


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
    page = list_page(job.parameters["list"])
    kind = kind_of(page, job.parameters["act"])
    user = User.objects.filter(jobs=job, is_active=True).first()

    def one(key: str) -> Outcome:
        if kind is None or user is None or not user.has_perm(kind.permission):
            raise NotAllowed("Who asked for it may not do this any more.")
        return _act(page, kind, key, job.parameters["values"], user, now)

    return [guarded(key, one) for key in keys]


def _act(
    page: ListPage, kind: Kind, key: str, values: dict[str, Any], user: User, now: datetime
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
        text = kind.apply_one(record.pk, values, user, now)
    except MovedOn as error:
        raise Refused(str(error)) from error
    return created(key, label=label, record=name, reason=text)
