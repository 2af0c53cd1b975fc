"""What the pages about long work show."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from cases.jobs import GENERATE, NOTIFY
from core.jobs import kind_of, percent, progress_text
from core.models import Job, JobItem, User
from workspace.jobs import BULK, UNDO
from workspace.lists import list_page
from workspace.lists.deeds import undoable
from workspace.models import Deed
from workspace.parts import CountCard, Tone

SEE_ALL, STEER_ALL = "core.view_job", "core.change_job"
PAGE = 50
Result = JobItem.Outcome
ADDRESSES = {"case": "workspace:case", "incident": "workspace:incident", "task": "workspace:task"}
TONES: dict[str, Tone] = {
    Job.State.WAITING: "p4",
    Job.State.RUNNING: "p4",
    Job.State.STOPPING: "p3",
    Job.State.STOPPED: "p3",
    Job.State.FINISHED: "ok",
    Job.State.FAILED: "p1",
}


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job and how far it is, in words."""

    job: Job
    text: str
    percent: int
    tone: Tone
    may_steer: bool

    @property
    def tenth(self) -> int:
        """Return the part done in tens of a hundred: often enough to be read aloud."""
        return self.percent // 10 * 10

    @property
    def again(self) -> str:
        """Return what the button to go on says; nothing where there is no more to do."""
        if self.job.is_active or not self.may_steer:
            return ""
        if self.job.left:
            return f"Continue with {self.job.left + self.job.failed} left"
        return f"Retry {self.job.failed} failed" if self.job.failed else ""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item and where what was made can be looked at."""

    item: JobItem
    url: str
    name: str


@dataclass(frozen=True, slots=True)
class JobPage:
    """A job with one of the lists of its items."""

    row: JobRow
    kind: str
    cards: list[CountCard]
    shown: str
    items: list[ItemRow]
    more: int | None
    record_url: str
    record_name: str
    list_url: str
    list_name: str
    deed: Deed | None


@dataclass(frozen=True, slots=True)
class RunningChip:
    """What the frame says while a job of the user's runs."""

    words: str
    title: str
    url: str


def jobs_seen_by(user: User) -> QuerySet[Job]:
    """Return the user's own jobs, all where they have the right, within their domains."""
    jobs = Job.objects.select_related("started_by")
    return jobs if user.has_perm(SEE_ALL) else jobs.filter(started_by=user)


def find_job(uid: UUID, user: User) -> Job | None:
    """Return a job the user sees."""
    return jobs_seen_by(user).filter(uid=uid).first()


def may_steer(job: Job, user: User) -> bool:
    """Tell whether the user may stop the job or take it up again."""
    return job.started_by_id == user.pk or user.has_perm(STEER_ALL)


def job_rows(user: User, *, before: int | None, now: datetime) -> tuple[list[JobRow], int | None]:
    """Return a page of jobs, the newest first, and where the next page begins."""
    jobs = jobs_seen_by(user).order_by("-pk")
    if before is not None:
        jobs = jobs.filter(pk__lt=before)
    found = list(jobs[: PAGE + 1])
    more = found[PAGE - 1].pk if len(found) > PAGE else None
    return [_row(job, user, now) for job in found[:PAGE]], more


def job_page(job: Job, user: User, *, show: str, after: int | None, now: datetime) -> JobPage:
    """Return the job with the items of one outcome."""
    shown = show if show in Result.values else _most_telling(job)
    items = job.items.filter(outcome=shown).order_by("pk")
    if after is not None:
        items = items.filter(pk__gt=after)
    found = list(items[: PAGE + 1])
    more = found[PAGE - 1].pk if len(found) > PAGE else None
    kind = kind_of(job)
    return JobPage(
        row=_row(job, user, now),
        kind=kind.label if kind else job.kind,
        cards=_cards(job, shown),
        shown=Result(shown).label.lower(),
        items=[ItemRow(item, *_address(item.record)) for item in found[:PAGE]],
        more=more,
        record_url=_address(job.record)[0],
        record_name=_address(job.record)[1],
        list_url=_list_of(job)[0],
        list_name=_list_of(job)[1],
        deed=None if job.is_active else undoable(user, job=job),
    )


def running_chip(user: User) -> RunningChip | None:
    """Return the chip of the user's latest job that runs; asks nothing where none is known to."""
    if not getattr(user, "has_running_job", True):
        return None
    job = Job.objects.filter(started_by=user, state__in=Job.ACTIVE).order_by("-pk").first()
    if job is None:
        return None
    kind = kind_of(job)
    words = f"{kind.short if kind else job.kind} {percent(job)} %"
    return RunningChip(words, job.title, job_url(job))


def job_url(job: Job) -> str:
    """Return the job's page."""
    return reverse("workspace:job", args=[job.uid])


def _row(job: Job, user: User, now: datetime) -> JobRow:
    text = progress_text(job, now=now)
    return JobRow(job, text, percent(job), TONES[job.state], may_steer(job, user))


def _most_telling(job: Job) -> str:
    if job.failed:
        return Result.FAILED
    return Result.SKIPPED if job.skipped and not job.created else Result.CREATED


def _cards(job: Job, shown: str) -> list[CountCard]:
    kind = kind_of(job)
    made, kept = (kind.created, kind.skipped) if kind else ("created", "skipped")
    counts = [
        (Result.CREATED, made, job.created),
        (Result.SKIPPED, kept, job.skipped),
        (Result.FAILED, "failed", job.failed),
        (Result.WAITING, "not done yet", job.left),
    ]
    return [
        CountCard(label.capitalize(), count, f"?show={name}#items", current=name == shown)
        for name, label, count in counts
    ]


def _address(record: str) -> tuple[str, str]:
    kind, _, number = record.partition(":")
    return (reverse(ADDRESSES[kind], args=[number]) if kind in ADDRESSES else ""), number


def _list_of(job: Job) -> tuple[str, str]:
    """Return the address of the list to look at afterwards, and what it is called."""
    if job.kind in (BULK, UNDO):
        return job.parameters["back"], list_page(job.parameters["list"]).title.lower()
    number = job.record.partition(":")[2]
    if job.kind not in (GENERATE, NOTIFY) or not number:
        return "", ""
    return reverse("workspace:list", args=["cases"]) + f"?view=all&incident={number}", "cases"
