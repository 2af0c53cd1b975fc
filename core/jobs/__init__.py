"""Long work that survives everything: start it, watch it, stop it, take it up again."""

from core.jobs.kinds import (
    Outcome,
    created,
    failed,
    guarded,
    job_kind,
    kind_of,
    record_kind,
    skipped,
)
from core.jobs.progress import percent, progress_text, seconds_left
from core.jobs.running import run_jobs
from core.jobs.starting import start, stop, take_up

__all__ = [
    "Outcome",
    "created",
    "failed",
    "guarded",
    "job_kind",
    "kind_of",
    "percent",
    "progress_text",
    "record_kind",
    "run_jobs",
    "seconds_left",
    "skipped",
    "start",
    "stop",
    "take_up",
]
