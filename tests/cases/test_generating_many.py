"""Cases for many accounts are a job: the major case first, every account once."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.actions import generate_cases, open_case
from cases.actions.generating import Generated
from cases.jobs import AT_ONCE, raise_or_start
from cases.models import Case
from core.actor import Actor
from core.bus import emit
from core.jobs import run_jobs, take_up
from core.jobs.running import LEASE, claim, run_step
from core.models import DomainEvent, Job
from escalation.models import Run
from incidents.actions import exclude_account, resolve_incident
from incidents.choices import ResolutionCode
from incidents.errors import Refused
from incidents.models import Incident, IncidentEntry
from notifications.models import InboxItem, MailMessage, StagedEvent
from tests.cases.crowd import affect_many

pytestmark = pytest.mark.django_db
Make = Callable[..., Incident]


class Killed(BaseException):
    """What a killed worker feels: nothing may catch it."""


@pytest.fixture
def incident(make_incident: Make) -> Incident:
    return make_incident(accounts=0)


def begin(incident: Incident, by: Actor, now: datetime, **values: str) -> Job:
    job = raise_or_start(incident_id=incident.pk, by=by, now=now, **values)
    assert isinstance(job, Job)
    return job


def work_off(job: Job) -> Job:
    """Run the job to its end, taking over from workers that died."""
    Job.objects.filter(pk=job.pk).update(lease_until=job.created_at - LEASE)
    while run_jobs():
        pass
    job.refresh_from_db()
    return job


def assert_each_account_has_one(count: int) -> None:
    children = Case.objects.filter(parent__isnull=False)
    assert Case.objects.major().count() == 1
    assert Case.objects.count() == count + 1
    assert children.count() == count
    assert children.values("account_id").distinct().count() == count
    assert MailMessage.objects.filter(to__endswith="@crowd.example").count() == count
    staged = StagedEvent.objects.filter(ticket_number__startswith="CS", event_type__contains="Cre")
    assert staged.values("ticket_uid").distinct().count() == staged.count() == count + 1


def test_few_are_raised_at_once(incident: Incident, by: Actor, now: datetime) -> None:
    affect_many(incident, AT_ONCE)
    made = raise_or_start(incident_id=incident.pk, by=by, now=now)
    assert isinstance(made, Generated)
    assert len(made.cases) == AT_ONCE
    assert not Job.objects.exists()


def test_three_thousand_accounts_get_one_case_each(
    incident: Incident, by: Actor, now: datetime
) -> None:
    affect_many(incident, 3000)
    job = begin(incident, by, now)
    assert not Case.objects.exists(), "the browser does not wait for them"
    work_off(job)
    assert (job.state, job.created, job.skipped, job.failed) == ("finished", 3000, 0, 0)
    assert_each_account_has_one(3000)
    assert Run.objects.filter(kind=Run.Kind.CASES).count() == 1


def test_the_major_case_comes_with_the_first_portion_and_tells_all(
    incident: Incident, by: Actor, now: datetime, people: object
) -> None:
    affect_many(incident, 250)
    begin(incident, by, now)
    job = claim(now=now)
    assert job is not None
    assert run_step(job, now=now)

    assert Case.objects.major().count() == 1
    assert Case.objects.filter(parent__isnull=False).count() == 100
    event = DomainEvent.objects.get(name="cases.raised")
    assert (event.payload["major_created"], event.payload["planned"]) == (True, 250)
    said = IncidentEntry.objects.filter(incident=incident, text__startswith="Raised").get()
    assert said.text == "Raised 1 major case and 100 child cases. 150 more accounts follow."
    assert "with 250 child cases" in InboxItem.objects.filter(cause__startswith="cases").get().text

    work_off(job)
    assert DomainEvent.objects.filter(name="cases.raised").count() == 3
    assert InboxItem.objects.filter(cause__startswith="cases").count() == 1
    assert IncidentEntry.objects.filter(
        incident=incident, text="All accounts are done: raised 250 cases."
    ).exists()


@pytest.mark.parametrize("portion", [1, 2, 3])
def test_a_worker_that_dies_in_a_portion_leaves_no_doubles(
    incident: Incident,
    by: Actor,
    now: datetime,
    portion: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    affect_many(incident, 250)
    job = begin(incident, by, now)
    portions: list[int] = []

    def die(*_: object, **__: object) -> None:
        portions.append(1)
        if len(portions) == portion:
            raise Killed

    with monkeypatch.context() as patch:
        # The cases of the portion are written, their events and mails are not.
        patch.setattr("cases.actions.generating.emit", wrapped(die))
        with pytest.raises(Killed):
            run_jobs()
    assert Case.objects.filter(parent__isnull=False).count() == (portion - 1) * 100
    work_off(job)
    assert job.created == 250
    assert_each_account_has_one(250)


def wrapped(before: Callable[[], None]) -> Callable[..., object]:
    def emit_unless_dead(*args: object, **values: object) -> object:
        before()
        return emit(*args, **values)  # type: ignore[arg-type]

    return emit_unless_dead


def test_pressing_twice_leads_to_the_same_job(incident: Incident, by: Actor, now: datetime) -> None:
    affect_many(incident, 30)
    assert begin(incident, by, now).pk == begin(incident, by, now).pk


def test_afterwards_there_is_nothing_left_to_raise(
    incident: Incident, by: Actor, now: datetime
) -> None:
    affect_many(incident, 30)
    work_off(begin(incident, by, now))
    again = raise_or_start(incident_id=incident.pk, by=by, now=now)
    assert isinstance(again, Generated)
    assert (again.cases, len(again.skipped)) == ([], 30)


def test_what_was_there_or_left_out_meanwhile_is_skipped_with_its_reason(
    incident: Incident, by: Actor, now: datetime
) -> None:
    first, second, *_ = affect_many(incident, 30)
    known = open_case(
        by=by, now=now, short_description="Called", account=first, incident_id=incident.pk
    )
    job = begin(incident, by, now)
    exclude_account(
        incident_id=incident.pk, account_id=second.pk, reason="Test line", by=by, now=now
    )
    work_off(job)
    assert (job.created, job.skipped) == (28, 2)
    assert list(job.items.filter(outcome="skipped").values_list("label", "reason", "record")) == [
        (first.name, f"Has {known.number} already.", f"case:{known.number}"),
        (second.name, "Is no longer counted as affected.", ""),
    ]


def test_an_incident_resolved_meanwhile_fails_the_rest_with_the_reason(
    incident: Incident, by: Actor, now: datetime
) -> None:
    affect_many(incident, 150)
    begin(incident, by, now)
    job = claim(now=now)
    assert job is not None
    run_step(job, now=now)
    code = ResolutionCode.PERMANENT
    resolve_incident(incident_id=incident.pk, code=code, notes="Restarted.", by=by, now=now)
    work_off(job)
    assert (job.created, job.failed) == (100, 50)
    assert job.items.filter(outcome="failed", reason__contains="Resolved").count() == 50
    assert take_up(job_id=job.pk, now=now)
    assert work_off(job).failed == 50


def test_what_cannot_be_raised_is_refused_before_a_job_starts(
    make_incident: Make, by: Actor, now: datetime
) -> None:
    incident = make_incident(accounts=0, staged=False)
    affect_many(incident, 30)
    with pytest.raises(Refused, match="no stage"):
        begin(incident, by, now)
    assert not Job.objects.exists()


def test_a_portion_takes_no_statement_per_case(
    incident: Incident, by: Actor, now: datetime
) -> None:
    affect_many(incident, 230)
    begin(incident, by, now)
    job = claim(now=now)
    assert job is not None
    run_step(job, now=now)
    with CaptureQueriesContext(connection) as hundred:
        run_step(job, now=now)
    with CaptureQueriesContext(connection) as thirty:
        run_step(job, now=now)
    # SQLite takes a thousand values a statement, so its inserts come in a few portions.
    portions = 0 if connection.vendor == "postgresql" else 12
    assert len(hundred) <= len(thirty) + portions


def test_a_job_and_a_press_for_few_do_not_meet_twice(
    incident: Incident, by: Actor, now: datetime
) -> None:
    affect_many(incident, 150)
    begin(incident, by, now)
    job = claim(now=now)
    assert job is not None
    run_step(job, now=now)
    generate_cases(incident_id=incident.pk, by=by, now=now)
    work_off(job)
    assert (job.created, job.skipped) == (100, 50)
    assert_each_account_has_one(150)
