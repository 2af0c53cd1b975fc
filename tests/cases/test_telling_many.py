"""Telling many customers is a job with an outcome for each of them."""

from collections.abc import Callable
from datetime import datetime

import pytest

from cases.actions import generate_cases, update_case
from cases.choices import CaseState
from cases.jobs import AT_ONCE, notify_or_start
from cases.models import Case, CaseEntry
from cases.properties import COMMENTS_SYNC
from core.actor import Actor
from core.jobs import run_jobs
from core.models import Job
from incidents.errors import MissingField, Refused
from incidents.models import Incident
from notifications.models import MailMessage
from tests.cases.conftest import set_property
from tests.cases.crowd import affect_many

pytestmark = pytest.mark.django_db
NOTE = "We expect service by noon."


@pytest.fixture
def incident(make_incident: Callable[..., Incident]) -> Incident:
    return make_incident(accounts=0)


def cases_for(incident: Incident, count: int, by: Actor, now: datetime) -> list[int]:
    affect_many(incident, count)
    made = generate_cases(incident_id=incident.pk, by=by, now=now)
    return [case.pk for case in made.cases]


def tell(incident: Incident, ids: list[int], by: Actor, now: datetime, note: str = NOTE) -> object:
    return notify_or_start(incident_id=incident.pk, case_ids=ids, note=note, by=by, now=now)


def test_few_are_told_at_once(
    incident: Incident, comments_sync: None, by: Actor, now: datetime
) -> None:
    ids = cases_for(incident, AT_ONCE, by, now)
    assert tell(incident, ids, by, now) == AT_ONCE
    assert not Job.objects.exists()


def test_many_are_told_once_each_and_the_others_have_a_reason(
    incident: Incident, comments_sync: None, by: Actor, now: datetime
) -> None:
    ids = cases_for(incident, 120, by, now)
    silent, closed = Case.objects.get(pk=ids[0]), ids[1]
    assert silent.contact is not None
    silent.contact.email = ""
    silent.contact.save()
    job = tell(incident, ids, by, now)
    assert isinstance(job, Job)
    update_case(case_id=closed, values={"state": CaseState.CANCELED}, by=by, now=now)
    while run_jobs():
        pass

    job.refresh_from_db()
    assert (job.state, job.created, job.skipped, job.failed) == ("finished", 118, 2, 0)
    reasons = dict(job.items.filter(outcome="skipped").values_list("key", "reason"))
    assert reasons[str(silent.pk)].startswith("Nobody has a mail address")
    assert reasons[str(closed)] == "Is Cancelled."
    mails = MailMessage.objects.filter(body=NOTE)
    assert mails.count() == mails.values("to").distinct().count() == 118
    assert CaseEntry.objects.filter(kind="comment", text=NOTE).count() == 119


def test_switched_off_in_between_nobody_more_is_told(
    incident: Incident, comments_sync: None, by: Actor, now: datetime
) -> None:
    job = tell(incident, cases_for(incident, 30, by, now), by, now)
    assert isinstance(job, Job)
    set_property(COMMENTS_SYNC, "false")
    while run_jobs():
        pass
    job.refresh_from_db()
    assert job.failed == 30
    assert not MailMessage.objects.filter(body=NOTE).exists()


def test_what_cannot_be_told_is_refused_before_a_job_starts(
    incident: Incident, by: Actor, now: datetime
) -> None:
    ids = cases_for(incident, 30, by, now)
    with pytest.raises(Refused, match="switched off"):
        tell(incident, ids, by, now)
    with pytest.raises(MissingField):
        tell(incident, ids, by, now, note=" ")
    assert not Job.objects.exists()
