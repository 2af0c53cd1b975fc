"""Say how far a job is, in words."""

from datetime import datetime

from core.jobs.kinds import kind_of
from core.models import Job


def progress_text(job: Job, *, now: datetime) -> str:
    """Return "1 240 of 3 000 · created 1 198 · already there 30 · failed 12 · about 40 s left"."""
    kind = kind_of(job)
    words = (kind.created, kind.skipped) if kind else ("created", "skipped")
    parts = [f"{_grouped(job.done)} of {_grouped(job.total)}"]
    counts = (*zip(words, (job.created, job.skipped), strict=True), ("failed", job.failed))
    parts += [f"{word} {_grouped(count)}" for word, count in counts if count]
    left = seconds_left(job, now=now)
    if left is not None:
        parts.append(f"about {_span(left)} left")
    return " · ".join(parts)


def percent(job: Job) -> int:
    """Return how much is done, of a hundred."""
    return job.done * 100 // job.total if job.total else 100


def seconds_left(job: Job, *, now: datetime) -> int | None:
    """Return about how long a running job will take; None before its first chunk is done."""
    done = job.done - job.done_before
    if job.state != Job.State.RUNNING or job.started_at is None or done <= 0 or not job.left:
        return None
    passed = (now - job.started_at).total_seconds()
    return max(1, round(passed / done * job.left))


def _grouped(number: int) -> str:
    # A space that does not break, as in the house's other numbers.
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")


def _span(seconds: int) -> str:
    return f"{seconds} s" if seconds < 90 else f"{round(seconds / 60)} min"
