"""A worker is killed -9 in the middle of long work; the next one finishes it, nothing doubled."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from cases.jobs import raise_or_start
from cases.models import Case
from core.actor import SYSTEM
from core.models import Job
from incidents.models import Incident
from notifications.models import MailMessage
from tests.cases.crowd import affect_many
from tests.faults.processes import BEAT, Processes, until

pytestmark = pytest.mark.django_db(transaction=True)
ACCOUNTS = 250


@pytest.mark.parametrize(("point", "kept"), [("job.before-commit", 0), ("job.after-commit", 100)])
def test_a_killed_worker_leaves_one_case_per_account(
    site: Processes,
    reported: Callable[[], Incident],
    work: Callable[[], None],
    now: datetime,
    point: str,
    kept: int,
) -> None:
    incident = reported()
    work()
    # What the report itself affects is not what this is about.
    incident.affected_accounts.all().delete()
    affect_many(incident, ACCOUNTS)
    job = raise_or_start(incident_id=incident.pk, by=SYSTEM, now=now)
    assert isinstance(job, Job)
    site.dies_at(point)
    assert Case.objects.filter(parent__isnull=False).count() == kept
    job.refresh_from_db()
    assert (job.state, job.done) == ("running", kept)
    assert job.lease_until is not None
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    site.start("beat", BEAT)
    until(lambda: Job.objects.filter(state="finished").exists(), "the job is finished")
    job.refresh_from_db()
    assert (job.created, job.skipped, job.failed) == (ACCOUNTS, 0, 0)
    children = Case.objects.filter(parent__isnull=False)
    assert Case.objects.major().count() == 1
    assert children.count() == children.values("account_id").distinct().count() == ACCOUNTS
    mails = MailMessage.objects.filter(to__endswith="@crowd.example")
    assert mails.count() == mails.values("to").distinct().count() == ACCOUNTS
