"""Long work: every item once, whatever happens to the worker."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError

from changes.models import ChangeRequest
from core.actor import Actor, actor_of
from core.jobs import (
    Outcome,
    created,
    kinds,
    progress_text,
    record_kind,
    run_jobs,
    running,
    seconds_left,
    start,
    starting,
    stop,
    take_up,
)
from core.jobs.pruning import KEEP_DAYS, forget_old_jobs
from core.jobs.running import LEASE, TRIES, Overtaken, claim, run_step
from core.models import DomainEvent, Job, JobItem
from core.scope import current_scope
from tests.cases.conftest import set_property
from tests.core.jobbing import KIND, Maker, refuse

pytestmark = pytest.mark.django_db
State = Job.State
Start = Callable[..., Job]


class Killed(BaseException):
    """What a killed worker feels: nothing may catch it."""


@pytest.fixture(autouse=True)
def forget_kinds() -> Iterator[None]:
    before = dict(kinds._kinds)
    yield
    kinds._kinds.clear()
    kinds._kinds.update(before)


@pytest.fixture
def maker() -> Maker:
    made = Maker()
    made.register()
    return made


@pytest.fixture
def by(make_user: Callable[..., object]) -> Actor:
    return actor_of(make_user("starter"))  # type: ignore[arg-type]


@pytest.fixture
def begin(by: Actor, now: datetime) -> Start:
    def begin(count: int = 25, **values: object) -> Job:
        facts = {"kind": KIND, "keys": [f"CHG{n}" for n in range(count)], "title": "Changes"}
        return start(**{**facts, "by": by, "now": now, **values})  # type: ignore[arg-type]

    return begin


def die_at(*wanted: str) -> Callable[[str], None]:
    def meddle(key: str) -> None:
        if key in wanted:
            raise Killed

    return meddle


def lapse(job: Job) -> None:
    """Let the lease of a dead worker run out."""
    Job.objects.filter(pk=job.pk).update(lease_until=job.created_at - LEASE)


def counts(job: Job) -> tuple[str, int, int, int]:
    job.refresh_from_db()
    return job.state, job.created, job.skipped, job.failed


def test_a_job_is_done_in_chunks_and_every_item_has_an_outcome(maker: Maker, begin: Start) -> None:
    ChangeRequest.objects.create(number="CHG3", short_description="Was there")
    job = begin()
    while run_jobs():
        pass
    assert counts(job) == (State.FINISHED, 24, 1, 0)
    assert [len(keys) for keys in maker.chunks] == [10, 10, 5]
    assert maker.ends == 1
    item = job.items.get(key="CHG4")
    assert (item.outcome, item.label, item.record) == ("created", "Change CHG4", "change:CHG4")
    assert job.items.get(key="CHG3").reason == "It exists."


def test_a_worker_killed_in_the_middle_of_a_chunk_loses_and_doubles_nothing(
    maker: Maker, begin: Start
) -> None:
    job = begin()
    maker.meddle = die_at("CHG14")
    with pytest.raises(Killed):
        run_jobs()
    assert counts(job) == (State.RUNNING, 10, 0, 0)
    assert ChangeRequest.objects.count() == 10
    assert run_jobs() == 0, "the dead worker's lease still holds"

    lapse(job)
    maker.meddle = die_at()
    run_jobs()
    assert counts(job) == (State.FINISHED, 25, 0, 0)
    assert ChangeRequest.objects.count() == 25


def test_a_worker_that_was_overtaken_leaves_nothing_behind(
    maker: Maker, begin: Start, now: datetime
) -> None:
    job = begin()
    slow = claim(now=now)
    assert slow is not None
    quick = claim(now=now + 2 * LEASE)
    assert quick is not None

    with pytest.raises(Overtaken):
        run_step(slow, now=now)
    assert counts(job) == (State.RUNNING, 0, 0, 0)
    assert not ChangeRequest.objects.exists()
    assert run_step(quick, now=now)
    assert ChangeRequest.objects.count() == 10


def test_what_one_item_raises_harms_no_other(maker: Maker, begin: Start) -> None:
    maker.meddle = refuse("CHG14")
    job = begin()
    run_jobs()
    assert counts(job) == (State.FINISHED, 24, 0, 1)
    assert job.items.get(outcome="failed").reason == "CHG14 is not wanted."
    assert not ChangeRequest.objects.filter(number="CHG14").exists()


def test_a_bug_is_told_without_its_secrets(maker: Maker, begin: Start) -> None:
    def stumble(key: str) -> None:
        raise ValueError("password=1")

    maker.meddle = stumble
    job = begin(1)
    run_jobs()
    assert job.items.get().reason == "Something went wrong (ValueError)."


def test_only_what_failed_is_tried_again(maker: Maker, begin: Start, now: datetime) -> None:
    maker.meddle = refuse("CHG14")
    job = begin()
    run_jobs()
    maker.chunks.clear()
    maker.meddle = refuse()

    assert take_up(job_id=job.pk, now=now)
    run_jobs()
    assert maker.chunks == [["CHG14"]]
    assert counts(job) == (State.FINISHED, 25, 0, 0)
    assert not take_up(job_id=job.pk, now=now), "nothing is left to try"


def test_a_stopped_job_keeps_what_was_made_and_goes_on_when_asked(
    maker: Maker, begin: Start, now: datetime
) -> None:
    job = begin()
    maker.meddle = lambda key: void(stop(job_id=job.pk) if key == "CHG4" else None)
    run_jobs()
    assert counts(job) == (State.STOPPED, 10, 0, 0)
    assert (ChangeRequest.objects.count(), job.left, maker.ends) == (10, 15, 0)
    assert not stop(job_id=job.pk)

    assert take_up(job_id=job.pk, now=now)
    run_jobs()
    assert counts(job) == (State.FINISHED, 25, 0, 0)


def void(_: object) -> None:
    return None


def test_pressing_twice_starts_one_job(maker: Maker, begin: Start) -> None:
    assert begin(request_key="k").pk == begin(request_key="k").pk
    assert begin(request_key="l").pk != begin(request_key="k").pk
    assert begin().pk != begin().pk


def test_the_key_of_somebody_elses_request_opens_nothing(
    maker: Maker, begin: Start, make_user: Callable[..., object]
) -> None:
    other = actor_of(make_user("other"))  # type: ignore[arg-type]
    assert begin(request_key="k").pk != begin(request_key="k", by=other).pk


def test_a_subject_has_one_unfinished_job(maker: Maker, begin: Start, now: datetime) -> None:
    first = begin(subject="incident:1")
    assert begin(subject="incident:1").pk == first.pk
    maker.meddle = refuse("CHG1")
    run_jobs()
    second = begin(subject="incident:1")
    assert second.pk != first.pk
    assert not take_up(job_id=first.pk, now=now), "the second does the same already"
    first.refresh_from_db()
    assert (first.state, first.failed) == (State.FINISHED, 1)


def test_two_presses_at_the_same_moment_find_one_job(
    maker: Maker, begin: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, look, looks = begin(request_key="k"), starting._find, []

    def too_early(*args: object) -> Job | None:
        looks.append(args)
        return None if len(looks) == 1 else look(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(starting, "_find", too_early)
    assert begin(request_key="k").pk == first.pk
    assert Job.objects.count() == 1


def test_a_database_in_trouble_is_waited_for_and_at_last_given_up(
    maker: Maker, begin: Start, now: datetime
) -> None:
    def away(key: str) -> None:
        raise OperationalError("too many connections")

    job, maker.meddle = begin(5), away
    run_jobs()
    assert counts(job) == (State.RUNNING, 0, 0, 0)
    assert (job.attempts, job.lease_until) == (1, None)
    assert job.due_at > now
    assert run_jobs() == 0, "it waits before it tries again"

    Job.objects.filter(pk=job.pk).update(attempts=TRIES - 1, due_at=now)
    run_jobs()
    assert counts(job) == (State.FAILED, 0, 0, 0)
    assert "too many connections" in job.error
    assert DomainEvent.objects.filter(name="job.ended", record_id=job.pk).count() == 1
    maker.meddle = refuse()
    assert take_up(job_id=job.pk, now=now)
    run_jobs()
    assert counts(job) == (State.FINISHED, 5, 0, 0)


def test_work_no_code_knows_any_more_fails_with_a_sentence(begin: Start) -> None:
    job = begin(1, kind="test.gone")
    run_jobs()
    assert counts(job)[0] == State.FAILED
    assert job.error == "No code does 'test.gone' any more."


def test_a_worker_does_a_portion_and_lets_others_have_a_turn(
    maker: Maker, begin: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CHUNKS_AT_A_TIME", 2)
    long, short = begin(40), begin(0)
    assert run_jobs() == 2
    assert counts(long) == (State.RUNNING, 20, 0, 0)
    run_jobs()
    assert counts(short)[0] == State.FINISHED


def test_work_sees_what_its_starter_sees(
    begin: Start, make_user: Callable[..., object], tenant: object
) -> None:
    seen: list[object] = []

    @record_kind("test.look", label="Look")
    def look(job: Job, key: str, now: datetime) -> Outcome:
        seen.append(current_scope().domain_ids)
        return created(key)

    user = make_user("tenant", domain=tenant)
    begin(1, kind="test.look", by=actor_of(user))  # type: ignore[arg-type]
    run_jobs()
    assert seen == [frozenset({tenant.pk})]  # type: ignore[attr-defined]


def test_one_function_per_record_is_enough(begin: Start) -> None:
    @record_kind("test.odd", label="Odd ones")
    def odd(job: Job, key: str, now: datetime) -> Outcome:
        ChangeRequest.objects.create(number=key, short_description=job.parameters["text"])
        if key == "CHG2":
            refuse("CHG2")(key)
        return created(key)

    job = begin(4, kind="test.odd", parameters={"text": "From parameters"})
    run_jobs()
    assert counts(job) == (State.FINISHED, 3, 0, 1)
    assert ChangeRequest.objects.filter(short_description="From parameters").count() == 3


def test_progress_is_told_in_words(maker: Maker, begin: Start, now: datetime) -> None:
    job = begin(3000)
    assert progress_text(job, now=now) == "0 of 3\N{NO-BREAK SPACE}000"
    job.state, job.started_at = State.RUNNING, now
    job.created, job.skipped, job.failed = 1198, 30, 12
    later = now + timedelta(seconds=30)
    assert progress_text(job, now=later).replace("\N{NO-BREAK SPACE}", " ") == (
        "1 240 of 3 000 · created 1 198 · already there 30 · failed 12 · about 43 s left"
    )
    job.done_before = 1240
    assert seconds_left(job, now=later) is None


@pytest.mark.parametrize("end", ["finished", "stopped", "failed"])
def test_that_a_job_is_over_is_said_once_however_it_ends(
    maker: Maker, begin: Start, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = begin()
    if end == "stopped":
        stop(job_id=job.pk)
    if end == "failed":
        Job.objects.filter(pk=job.pk).update(kind="nobody's")
    while run_jobs():
        pass
    assert counts(job)[0] == end
    event = DomainEvent.objects.get(name="job.ended")
    assert (event.record_type, event.record_id) == ("core.job", job.pk)
    assert event.actor["name"] == "starter"


def test_jobs_long_over_are_forgotten_with_their_items(
    maker: Maker, begin: Start, now: datetime
) -> None:
    old, young, running_still = begin(), begin(), begin()
    over = {"state": State.FINISHED}
    Job.objects.filter(pk=old.pk).update(finished_at=now - timedelta(days=31), **over)
    Job.objects.filter(pk=young.pk).update(finished_at=now - timedelta(days=29), **over)
    assert forget_old_jobs(now) == 1
    assert set(Job.objects.all()) == {young, running_still}
    assert not JobItem.objects.filter(job_id=old.pk).exists()
    set_property(KEEP_DAYS, "0")
    assert forget_old_jobs(now + timedelta(days=999)) == 0
