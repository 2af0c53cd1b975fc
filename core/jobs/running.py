"""Run the jobs that are due, chunk by chunk; each chunk is one transaction.

What a chunk does, the outcomes of its items and the counters are written together, so that a
worker may die at any moment: the next one goes on at the first item without an outcome.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from core.actor import actor_from
from core.bus import emit
from core.crash_points import crash_point
from core.jobs.kinds import PASSING, JobKind, Outcome, Result, failed, guarded, kind_of
from core.models import Job, JobItem
from core.scope import everything, use_scope
from core.wake import drain, wake

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
# A worker that has done so many chunks looks whether something else waits.
CHUNKS_AT_A_TIME = 10
TRIES = 12
SLOWEST = timedelta(minutes=10)
State = Job.State
DONE = F("created") + F("skipped") + F("failed")


class Overtaken(Exception):
    """Another worker has the job by now; nothing of this chunk stays."""


@drain("jobs")
def run_jobs() -> int:
    """Run due jobs until nothing is due or the portion is done; return how many steps were made."""
    steps = 0
    with everything():
        while steps < CHUNKS_AT_A_TIME and (job := claim(now=timezone.now())) is not None:
            steps += _portion(job, CHUNKS_AT_A_TIME - steps)
    if steps >= CHUNKS_AT_A_TIME:
        wake("jobs")
    return steps


@transaction.atomic
def claim(*, now: datetime) -> Job | None:
    """Take the job that waits longest; the lease is committed before the work begins."""
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    due = Job.objects.filter(free, state__in=Job.ACTIVE, due_at__lte=now)
    due = due.order_by("due_at", "pk")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, of=("self",))
    job = due.first()
    if job is not None:
        job.fence += 1
        job.lease_until = now + LEASE
        job.started_at = job.started_at or now
        if job.state == State.WAITING:
            job.state = State.RUNNING
        job.save(update_fields=["fence", "lease_until", "started_at", "state"])
    return job


def _portion(job: Job, most: int) -> int:
    """Do up to `most` chunks of a claimed job and give it back; return the steps made."""
    for step in range(1, most + 1):
        try:
            going_on = run_step(job, now=timezone.now())
        except Overtaken:
            return step
        except Exception as error:
            _try_again(job, error, timezone.now())
            return step
        if not going_on:
            return step
    _mine(job).update(lease_until=None, due_at=timezone.now())
    return most


def run_step(job: Job, *, now: datetime) -> bool:
    """Do one chunk of a claimed job, or end it; True while there is more to do.

    Errors: `Overtaken` where another worker took the job meanwhile.
    """
    kind = kind_of(job)
    if kind is None:
        return _end(job, State.FAILED, now, f"No code does {job.kind!r} any more.")
    if _mine(job).filter(state=State.STOPPING, total__gt=DONE).exists():
        return _end(job, State.STOPPED, now)
    try:
        more = _chunk(job, kind, now)
    except (Overtaken, *PASSING):
        raise
    except Exception:
        logger.exception("a chunk of job %s failed; its items are tried one by one", job.uid)
        more = _chunk(job, _one_by_one(kind), now)
    crash_point("job.after-commit")
    return more or _end(job, State.FINISHED, now)


@transaction.atomic
def _chunk(job: Job, kind: JobKind, now: datetime) -> bool:
    """Do the next items and write what became of them; False where none is left."""
    waiting = job.items.select_for_update().filter(outcome=Result.WAITING)
    items = list(waiting.order_by("pk")[: kind.chunk])
    if not items:
        return False
    with use_scope((job.started_by or job).domain.scope()):
        outcomes = kind.run_chunk(job, [item.key for item in items], now)
    _write(job, items, outcomes)
    crash_point("job.before-commit")
    return True


def _write(job: Job, items: list[JobItem], outcomes: Sequence[Outcome]) -> None:
    by_key = {outcome.key: outcome for outcome in outcomes}
    counts = dict.fromkeys((Result.CREATED, Result.SKIPPED, Result.FAILED), 0)
    for item in items:
        found = by_key.get(item.key) or failed(item.key, "The work said nothing about it.")
        item.outcome, item.reason = found.result, found.reason[:400]
        item.label, item.record = found.label[:200] or item.label, found.record
        counts[Result(found.result)] += 1
    JobItem.objects.bulk_update(items, ["outcome", "reason", "label", "record"])
    written = _mine(job).update(
        created=F("created") + counts[Result.CREATED],
        skipped=F("skipped") + counts[Result.SKIPPED],
        failed=F("failed") + counts[Result.FAILED],
        lease_until=timezone.now() + LEASE,
        attempts=0,
        error="",
    )
    if not written:
        raise Overtaken(f"Job {job.uid} went to another worker.")


def _mine(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, fence=job.fence, state__in=Job.ACTIVE)


def _one_by_one(kind: JobKind) -> JobKind:
    def each(job: Job, keys: list[str], now: datetime) -> list[Outcome]:
        def one(key: str) -> Outcome:
            return kind.run_chunk(job, [key], now)[0]

        return [guarded(key, one) for key in keys]

    return replace(kind, run_chunk=each)


@transaction.atomic
def _end(job: Job, state: str, now: datetime, error: str = "") -> bool:
    """End the job, let its kind say the last word, and say so, all at once; always False."""
    ended = _mine(job).update(state=state, finished_at=now, lease_until=None, error=error)
    if not ended:
        raise Overtaken(f"Job {job.uid} went to another worker.")
    job.refresh_from_db()
    kind = kind_of(job)
    if state == State.FINISHED and kind is not None and kind.at_end is not None:
        kind.at_end(job, now)
    emit("job.ended", record=job, by=actor_from(job.actor), now=now)
    return False


def _try_again(job: Job, error: Exception, now: datetime) -> None:
    logger.exception("job %s has to wait", job.uid)
    attempts = job.attempts = job.attempts + 1
    text = f"{type(error).__name__}: {error}"[:400]
    if attempts >= TRIES:
        with suppress(Overtaken):
            _end(job, State.FAILED, now, text)
        return
    wait = min(timedelta(seconds=2**attempts), SLOWEST)
    _mine(job).update(attempts=attempts, due_at=now + wait, lease_until=None, error=text)
