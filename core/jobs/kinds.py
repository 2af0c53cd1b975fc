"""What kinds of long work there are; each app registers its own."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.utils import InterfaceError, OperationalError

from core.errors import Refused
from core.models import Job, JobItem

logger = logging.getLogger(__name__)

Result = JobItem.Outcome
# The database is away or in somebody's way: trying again later helps, so it is nobody's outcome.
PASSING = (OperationalError, InterfaceError)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item; `record` names what was made, such as "case:CS0010001"."""

    key: str
    result: str
    reason: str = ""
    label: str = ""
    record: str = ""


def created(key: object, *, label: str = "", record: str = "", reason: str = "") -> Outcome:
    """Say that the item was done."""
    return Outcome(str(key), Result.CREATED, reason, label, record)


def skipped(key: object, reason: str, *, label: str = "", record: str = "") -> Outcome:
    """Say that there was nothing to do for the item, and why."""
    return Outcome(str(key), Result.SKIPPED, reason, label, record)


def failed(key: object, reason: str, *, label: str = "", record: str = "") -> Outcome:
    """Say that the item could not be done, and why."""
    return Outcome(str(key), Result.FAILED, reason, label, record)


RunChunk = Callable[[Job, list[str], datetime], Sequence[Outcome]]
AtEnd = Callable[[Job, datetime], None]
RunRecord = Callable[[Job, str, datetime], Outcome]


@dataclass(frozen=True, slots=True)
class JobKind:
    """How one kind of work is done, and the words for its outcomes."""

    name: str
    label: str
    short: str
    chunk: int
    run_chunk: RunChunk
    at_end: AtEnd | None = None
    created: str = "created"
    skipped: str = "already there"


_kinds: dict[str, JobKind] = {}


def job_kind(
    name: str,
    *,
    label: str,
    short: str = "",
    chunk: int = 100,
    at_end: AtEnd | None = None,
    created: str = "created",
    skipped: str = "already there",
) -> Callable[[RunChunk], RunChunk]:
    """Register a function that does a chunk of items in the caller's transaction.

    In: the job, the items' keys, the time. Out: one `Outcome` per key. It may raise: then nothing
    of the chunk stays, and each item is tried alone. `at_end` runs once no item is left. `short`
    is one word for the chip in the frame, `created` and `skipped` the words for those outcomes.
    """

    def register(run_chunk: RunChunk) -> RunChunk:
        _kinds[name] = JobKind(
            name, label, short or label, chunk, run_chunk, at_end, created, skipped
        )
        return run_chunk

    return register


def record_kind(
    name: str, *, label: str, chunk: int = 50, created: str = "done", skipped: str = "skipped"
) -> Callable[[RunRecord], RunRecord]:
    """Register a function that does one record; records that fail do not harm the others."""

    def register(run_record: RunRecord) -> RunRecord:
        def each(job: Job, keys: list[str], now: datetime) -> list[Outcome]:
            def one(key: str) -> Outcome:
                return run_record(job, key, now)

            return [guarded(key, one) for key in keys]

        job_kind(name, label=label, chunk=chunk, created=created, skipped=skipped)(each)
        return run_record

    return register


def guarded(key: str, run: Callable[[str], Outcome]) -> Outcome:
    """Do one item whole or not at all; what it raises becomes its reason."""
    try:
        with transaction.atomic():
            return run(key)
    except PASSING:
        raise
    except Refused as error:
        return failed(key, str(error))
    except Exception as error:
        logger.exception("item %s of a job failed", key)
        return failed(key, f"Something went wrong ({type(error).__name__}).")


def kind_of(job: Job) -> JobKind | None:
    """Return how the job's work is done; None where the code no longer knows."""
    return _kinds.get(job.kind)
