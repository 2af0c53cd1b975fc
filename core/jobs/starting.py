"""Start long work, stop it, and take it up again."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from core.actor import Actor
from core.jobs.kinds import Result
from core.models import Job, JobItem
from core.models.domains import default_domain
from core.wake import wake

State = Job.State


def start(
    *,
    kind: str,
    keys: Iterable[object],
    by: Actor,
    now: datetime,
    title: str,
    parameters: dict[str, Any] | None = None,
    domain_id: int | None = None,
    request_key: str = "",
    subject: str = "",
    record: str = "",
) -> Job:
    """Write down work on these items and wake a worker; the items are fixed from now on.

    In: a registered kind, the items' keys (a query's ids, say), who, when, what the work is
    called and JSON-ready parameters. `request_key` makes a second press find the first job,
    `subject` an unfinished job on the same thing. Out: the job, perhaps one started before.
    """
    known = _find(kind, by, request_key, subject)
    if known is not None:
        return known
    wanted = list(dict.fromkeys(str(key) for key in keys))
    job = Job(
        kind=kind,
        title=title[:160],
        started_by=by.user,
        actor=by.as_json(),
        parameters=parameters or {},
        domain_id=domain_id or (by.user.domain_id if by.user else default_domain()),
        request_key=_own(by, request_key),
        subject=subject,
        record=record,
        total=len(wanted),
        due_at=now,
        created_at=now,
    )
    try:
        with transaction.atomic():
            _write(job, wanted)
    except IntegrityError:
        # Somebody pressed at the same moment; theirs is the job.
        found = _find(kind, by, request_key, subject)
        if found is None:
            raise
        return found
    return job


def _write(job: Job, keys: list[str]) -> None:
    job.save()
    items = (JobItem(job=job, key=key) for key in keys)
    JobItem.objects.bulk_create(items, batch_size=2000)
    transaction.on_commit(lambda: wake("jobs"))


def _own(by: Actor, request_key: str) -> str:
    # A browser makes the key: nobody may guess their way into somebody else's job with it.
    return f"{by.user_id or by.name}:{request_key}"[:80] if request_key else ""


def _find(kind: str, by: Actor, request_key: str, subject: str) -> Job | None:
    jobs = Job.objects.filter(kind=kind)
    if request_key:
        known = jobs.filter(request_key=_own(by, request_key)).first()
        if known is not None:
            return known
    return jobs.filter(subject=subject, state__in=Job.ACTIVE).first() if subject else None


def stop(*, job_id: int) -> bool:
    """Stop after the current batch; what was made stays. False where nothing runs."""
    running = Job.objects.filter(pk=job_id, state__in=[State.WAITING, State.RUNNING])
    stopping = running.update(state=State.STOPPING) > 0
    transaction.on_commit(lambda: wake("jobs"))
    return stopping


def take_up(*, job_id: int, now: datetime) -> bool:
    """Put what failed, and what a stop left over, back in line.

    False where there is nothing of the kind, or another job does the same by now.
    """
    try:
        with transaction.atomic():
            return _back_in_line(job_id, now)
    except IntegrityError:
        return False


def _back_in_line(job_id: int, now: datetime) -> bool:
    job = Job.objects.select_for_update().filter(pk=job_id, state__in=Job.OVER).first()
    if job is None or not (job.failed or job.left):
        return False
    failures = job.items.filter(outcome=Result.FAILED)
    count = failures.update(outcome=Result.WAITING, reason="")
    Job.objects.filter(pk=job.pk).update(
        state=State.WAITING,
        failed=F("failed") - count,
        done_before=job.done - count,
        attempts=0,
        error="",
        due_at=now,
        started_at=None,
        finished_at=None,
    )
    transaction.on_commit(lambda: wake("jobs"))
    return True
