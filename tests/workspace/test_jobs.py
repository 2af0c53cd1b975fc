"""The pages about long work: progress, lists of items, stopping and trying again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from cases.leaving import release_due_notices
from cases.models import Case
from cases.properties import COMMENTS_SYNC
from core.actor import actor_of
from core.jobs import run_jobs, start
from core.jobs.running import claim, run_step
from core.models import Domain, Job, JobItem, User
from incidents.actions import enter_stage, open_incident
from incidents.choices import Stage
from incidents.models import Incident
from tests.cases.conftest import set_property
from tests.cases.crowd import affect_many

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


@pytest.fixture
def incident(people: Any, groups: Any, now: datetime) -> Incident:
    nadia = actor_of(people.nadia)
    values = {"category": "sd_wan", "assignment_group": groups.l1}
    made = open_incident(by=nadia, now=now, short_description="Edge down", values=values)
    enter_stage(incident=made, stage=Stage.L1, by=nadia, now=now, act="")
    return made


@pytest.fixture
def luis(people: Any, client_as: Browser) -> Client:
    return client_as(people.luis)


def generate(browser: Client, incident: Incident, **more: str) -> Any:
    data = {"form": "auto", "request_key": "k", **more}
    return browser.post(f"/incidents/{incident.number}/generate", data)


def page_of(job: Job) -> str:
    return f"/jobs/{job.uid}/"


def test_generating_for_many_leads_to_a_job_and_to_one_only(
    incident: Incident, luis: Client
) -> None:
    affect_many(incident, 130)
    asked = luis.get(f"/incidents/{incident.number}/generate").content.decode()
    assert "the work goes on in the background" in asked
    answers = [generate(luis, incident), generate(luis, incident)]
    job = Job.objects.get()
    assert [answer.status_code for answer in answers] == [303, 303]
    assert {answer["Location"] for answer in answers} == {page_of(job)}
    assert not Case.objects.exists()


def test_generating_for_few_leads_to_the_incident(incident: Incident, luis: Client) -> None:
    affect_many(incident, 5)
    assert generate(luis, incident)["Location"].startswith(f"/incidents/{incident.number}/")
    assert Case.objects.filter(account__isnull=False).count() == 5
    assert not Job.objects.exists()


def test_everybody_is_told_by_one_link_and_one_job(
    incident: Incident, luis: Client, now: datetime
) -> None:
    affect_many(incident, 40)
    generate(luis, incident)
    while run_jobs():
        pass
    set_property(COMMENTS_SYNC, "true")
    dialog = luis.get(f"/incidents/{incident.number}/notify?all=1")
    assert "Goes to 40 customers" in dialog.content.decode()
    form = dialog.context["form"]
    data = {"cases": form["cases"].value(), "note": "By noon.", "phase": "update"}
    data |= {"request_key": "n", "typed_count": "40"}
    answer = luis.post(f"/incidents/{incident.number}/notify", data)
    with time_machine.travel(now + timedelta(minutes=1), tick=False):
        release_due_notices()
        job = Job.objects.get(kind="cases.notify")
        assert page_of(job) in luis.get(answer["Location"]).content.decode()
        while run_jobs():
            pass
    job.refresh_from_db()
    assert (job.created, job.left) == (40, 0)


def test_a_running_job_asks_again_and_a_finished_one_does_not(
    incident: Incident, luis: Client, now: datetime
) -> None:
    affect_many(incident, 130)
    generate(luis, incident)
    job = claim(now=timezone.now())
    assert job is not None
    run_step(job, now=now)
    page = luis.get(page_of(job)).content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert "100 of 130 · created 100" in page
    assert "Stop after the current batch" in page
    assert 'value="76"' in page
    asked_again = luis.get(page_of(job), headers={"HX-Request": "true"})
    assert "HX-Refresh" not in asked_again.headers

    run_step(job, now=now)
    run_step(job, now=now)
    page = luis.get(page_of(job)).content.decode()
    assert "every 2s" not in page
    assert "Stop after" not in page
    assert f"/lists/cases/?view=all&amp;incident={incident.number}" in page
    asked_again = luis.get(page_of(job), headers={"HX-Request": "true"})
    assert asked_again.headers["HX-Refresh"] == "true"


def test_the_frame_shows_a_chip_while_a_job_of_mine_runs(
    incident: Incident, luis: Client, people: Any, client_as: Browser, now: datetime
) -> None:
    affect_many(incident, 130)
    generate(luis, incident)
    job = claim(now=timezone.now())
    assert job is not None
    run_step(job, now=now)
    assert "Cases 76 %" in luis.get("/").content.decode()
    assert "Cases 76 %" in luis.get("/jobs/chip").content.decode()
    assert "Cases 76 %" not in client_as(people.nadia).get("/").content.decode()
    while run_step(job, now=now):
        pass
    assert luis.get("/jobs/chip").content.decode().strip() == ""


def make_job(user: User, now: datetime, **values: object) -> Job:
    made = start(
        kind="cases.generate",
        keys=range(120),
        by=actor_of(user),
        now=now,
        title="Some work",
        domain_id=user.domain_id,
    )
    Job.objects.filter(pk=made.pk).update(**values)
    made.refresh_from_db()
    return made


def test_counters_open_their_lists_page_by_page(people: Any, luis: Client, now: datetime) -> None:
    job = make_job(people.luis, now, state="finished", created=60, failed=60)
    halves = list(job.items.order_by("pk"))
    for n, item in enumerate(halves):
        item.outcome = "created" if n < 60 else "failed"
        item.reason, item.label = f"Reason {n}.", f"Item {n}"
    JobItem.objects.bulk_update(halves, ["outcome", "reason", "label"])

    failed = luis.get(page_of(job))
    assert [row.item.label for row in failed.context["page"].items[:2]] == ["Item 60", "Item 61"]
    assert "Reason 60." in failed.content.decode()
    created = luis.get(page_of(job) + "?show=created").context["page"]
    assert (len(created.items), created.more) == (50, halves[49].pk)
    rest = luis.get(f"{page_of(job)}?show=created&after={created.more}").context["page"]
    assert [row.item.label for row in rest.items] == [f"Item {n}" for n in range(50, 60)]
    assert rest.more is None
    assert luis.get(page_of(job) + "?after=x").status_code == 404


def test_stopping_and_going_on(people: Any, luis: Client, now: datetime) -> None:
    job = make_job(people.luis, now)
    answer = luis.post(page_of(job) + "stop")
    assert (answer.status_code, answer["Location"]) == (303, page_of(job))
    run_jobs()
    job.refresh_from_db()
    assert (job.state, job.left) == ("stopped", 120)
    assert "Continue with 120 left" in luis.get(page_of(job)).content.decode()
    assert luis.post(page_of(job) + "again").status_code == 303
    job.refresh_from_db()
    assert job.state == "waiting"


def test_only_failures_are_offered_for_another_try(
    people: Any, luis: Client, now: datetime
) -> None:
    job = make_job(people.luis, now, state="finished", created=108, failed=12)
    assert "Retry 12 failed" in luis.get(page_of(job)).content.decode()
    Job.objects.filter(pk=job.pk).update(created=120, failed=0)
    assert "Retry" not in luis.get(page_of(job)).content.decode()


def test_one_sees_ones_own_jobs_and_others_with_the_right(
    people: Any, luis: Client, client_as: Browser, now: datetime
) -> None:
    theirs = make_job(people.nadia, now, title="Nadias work")
    assert "Nadias work" not in luis.get("/jobs/").content.decode()
    assert luis.get(page_of(theirs)).status_code == 404
    assert luis.post(page_of(theirs) + "stop").status_code == 404

    people.luis.user_permissions.add(Permission.objects.get(codename="view_job"))
    seeing = client_as(User.objects.get(pk=people.luis.pk))
    assert "Nadias work" in seeing.get("/jobs/").content.decode()
    assert "Stop after" not in seeing.get(page_of(theirs)).content.decode()
    assert seeing.post(page_of(theirs) + "stop").status_code == 403
    theirs.refresh_from_db()
    assert theirs.state == "waiting"


def test_a_job_of_another_domain_looks_absent(
    people: Any, client_as: Browser, now: datetime
) -> None:
    tenant = Domain.objects.create(name="Elsewhere", parent_id=1)
    keeper = User.objects.create_superuser("keeper", domain=tenant)
    job = make_job(people.luis, now)
    browser = client_as(keeper)
    assert browser.get(page_of(job)).status_code == 404
    assert "Some work" not in browser.get("/jobs/").content.decode()
