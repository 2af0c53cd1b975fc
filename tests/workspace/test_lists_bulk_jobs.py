"""Acts on more rows than a browser waits for: a job, row by row, with the rights of its starter."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from cases.models import Case
from core.jobs import run_jobs, take_up
from core.jobs.running import claim, run_step
from core.models import Domain, Job
from incidents.models import Incident
from notifications.models import InboxItem
from workspace.jobs import AT_ONCE, CHUNK

pytestmark = pytest.mark.django_db
BULK = "/lists/incidents/bulk/"


@pytest.fixture
def many(people: Any) -> list[Incident]:
    """Return one incident more than two chunks; the first is closed."""
    rows = [
        Incident(number=f"INC3{n:05}", short_description=f"Fault {n}", opened_by=people.nadia)
        for n in range(2 * CHUNK + 1)
    ]
    made: list[Incident] = Incident.objects.bulk_create(rows)
    Incident.objects.filter(pk=made[0].pk).update(state="closed")
    return made


@pytest.fixture
def ask(nadia: Client) -> Callable[..., Any]:
    """Return what confirms a bulk act in Nadia's browser."""

    def post(records: list[Incident], act: str = "assign", **values: Any) -> Any:
        ids = ",".join(str(record.pk) for record in records)
        data = {"ids": ids, "confirmed": "1", "act": "once", "back": "view=open", **values}
        return nadia.post(f"{BULK}{act}", data)

    return post


def finish() -> Job:
    while run_jobs():
        pass
    return Job.objects.get()


def test_many_rows_become_a_job_and_the_same_request_one_only(
    many: list[Incident], ask: Any, nadia: Client, people: Any
) -> None:
    answers = [ask(many, assignee=str(people.nadia.pk)) for _ in range(2)]
    job = Job.objects.get()
    assert {(each.status_code, each["Location"]) for each in answers} == {
        (303, f"/jobs/{job.uid}/")
    }
    assert not Incident.objects.filter(assigned_to=people.nadia).exists()
    job = finish()
    assert (job.state, job.created, job.skipped, job.failed) == ("finished", len(many) - 1, 1, 0)
    assert Incident.objects.filter(assigned_to=people.nadia).count() == len(many) - 1
    page = nadia.get(f"/jobs/{job.uid}/?show=skipped").content.decode()
    assert "It is Closed." in page
    assert f'href="/incidents/{many[0].number}/"' in page
    assert 'href="/lists/incidents/?view=open"' in page


def test_few_rows_are_done_while_the_browser_waits(many: list[Incident], ask: Any) -> None:
    answer = ask(many[1 : AT_ONCE + 1], act="state", state="in_progress")
    assert answer["Location"].endswith("/once")
    assert not Job.objects.exists()
    assert Incident.objects.filter(state="in_progress").count() == AT_ONCE


def test_more_than_a_thousand_rows_are_confirmed_with_a_dozen_fields(
    nadia: Client, people: Any, ask: Any
) -> None:
    rows = [Incident(number=f"INC4{n:05}", opened_by=people.nadia) for n in range(1001)]
    made = Incident.objects.bulk_create(rows)
    ids = ",".join(str(each.pk) for each in made)
    page = nadia.post(f"{BULK}escalate", {"ids": ids}).content.decode()
    assert "Escalate: 1001 incidents" in page
    assert page.count("<input") < 12
    assert ask(made, act="escalate", notes="Storm.").status_code == 303
    job = Job.objects.get()
    assert (job.total, job.items.count()) == (1001, 1001)


def test_what_the_form_lacks_is_asked_for_before_a_job_begins(
    many: list[Incident], ask: Any
) -> None:
    assert ask(many, act="escalate", notes="").status_code == 422
    assert not Job.objects.exists()


def test_each_row_is_done_with_the_rights_of_that_moment(
    many: list[Incident], ask: Any, people: Any, now: datetime
) -> None:
    ask(many, assignee=str(people.nadia.pk))
    job = claim(now=timezone.now())
    assert job is not None
    run_step(job, now=now)
    people.nadia.is_active = False
    people.nadia.save()
    run_step(job, now=now)
    job.refresh_from_db()
    assert (job.created, job.skipped, job.failed) == (CHUNK - 1, 1, CHUNK)
    assert "may not do this any more" in job.items.filter(outcome="failed")[0].reason


def test_a_refused_row_is_named_and_leads_to_its_record(
    many: list[Incident], ask: Any, people: Any, groups: Any, nadia: Client
) -> None:
    Incident.objects.filter(pk=many[1].pk).update(assignment_group=groups.l1)
    ask(many, assignee=str(people.nadia.pk))
    job = finish()
    item = job.items.get(outcome="failed")
    assert (item.label, item.record) == (many[1].number, f"incident:{many[1].number}")
    assert "is not a member of" in item.reason


def test_rows_that_left_the_starters_sight_are_left_out(
    many: list[Incident], ask: Any, people: Any
) -> None:
    ask(many, assignee=str(people.nadia.pk))
    people.nadia.domain = Domain.objects.create(name="Elsewhere", parent_id=1)
    people.nadia.save()
    job = finish()
    assert (job.created, job.skipped) == (0, len(many))
    assert not Incident.objects.filter(assigned_to=people.nadia).exists()


def test_failed_rows_are_tried_again_and_a_stop_keeps_what_was_done(
    many: list[Incident], ask: Any, people: Any, nadia: Client, now: datetime
) -> None:
    ask(many, assignee=str(people.nadia.pk))
    job = claim(now=timezone.now())
    assert job is not None
    run_step(job, now=now)
    assert nadia.post(f"/jobs/{job.uid}/stop").status_code == 303
    run_step(job, now=now)
    job.refresh_from_db()
    assert (job.state, job.done) == ("stopped", CHUNK)
    assert take_up(job_id=job.pk, now=now)
    assert finish().done == len(many)


def test_who_asked_finds_a_notice_until_the_job_was_looked_at(
    many: list[Incident], ask: Any, people: Any, nadia: Client
) -> None:
    ask(many, assignee=str(people.nadia.pk))
    job = finish()
    item = InboxItem.objects.get(user=people.nadia, job=job)
    assert item.text.startswith(f"Assign incidents: {len(many)}: finished, {len(many)} of")
    assert f'href="/jobs/{job.uid}/"' in nadia.get("/").content.decode()
    nadia.get(f"/jobs/{job.uid}/")
    assert item.text not in nadia.get("/").content.decode()


def test_cases_are_moved_as_a_job_too(people: Any, nadia: Client, now: datetime) -> None:
    people.nadia.user_permissions.add(Permission.objects.get(codename="change_case"))
    made = Case.objects.bulk_create(Case(number=f"CS4{n:05}") for n in range(AT_ONCE + 1))
    ids = ",".join(str(each.pk) for each in made)
    data = {"ids": ids, "confirmed": "1", "act": "k", "state": "open"}
    assert nadia.post("/lists/cases/bulk/state", data).status_code == 303
    job = finish()
    assert (job.created, job.failed) == (AT_ONCE + 1, 0)
    assert Case.objects.filter(state="open").count() == AT_ONCE + 1
