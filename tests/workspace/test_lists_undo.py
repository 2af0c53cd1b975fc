"""Undo in lists: what an act changed goes back, unless somebody changed it since (ux C.9)."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from core.actor import actor_of
from core.jobs import run_jobs
from core.models import AssignmentGroup, Job
from incidents.actions import update_incident
from incidents.choices import TaskState
from incidents.models import Incident, IncidentTask
from tests.workspace.lists import open_incidents
from workspace.duties import forget_deeds
from workspace.models import Deed

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(people: Any, now: datetime) -> Incident:
    found = open_incidents(1, by=people.nadia, now=now)[0]
    found.refresh_from_db()
    return found


@pytest.fixture
def change(nadia: Client) -> Callable[..., Any]:
    """Return what changes a cell of a list, as its popover does."""

    def post(record: Any, column: str, *, name: str = "incidents", **values: Any) -> Any:
        url = f"/lists/{name}/{record.pk}/edit/{column}"
        seen = {k: v for k, v in nadia.get(url).context["form"].initial.items() if v is not None}
        return nadia.post(url, {**seen, **values}, headers={"X-Cell": "1", "X-Dialog": "1"})

    return post


def said(browser: Client, answer: Any) -> str:
    """Return the toasts of the page an answer leads to."""
    page = browser.get(answer["Location"]).content.decode()
    return " ".join(re.findall(r"<p>(.*?)</p>", page, re.S))


def test_a_cell_goes_back_by_the_address_that_came_with_it(
    nadia: Client, incident: Incident, change: Any
) -> None:
    undo = change(incident, "priority", impact=1, urgency=1)["X-Undo"]
    answer = nadia.post(undo, {"next": "/lists/incidents/?view=open"})
    assert (answer.status_code, answer["Location"]) == (303, "/lists/incidents/?view=open")
    before = (incident.impact, incident.urgency, incident.priority)
    incident.refresh_from_db()
    assert (incident.impact, incident.urgency, incident.priority) == before
    assert incident.journal.filter(text=f"Undone: Priority of {incident.number}.").exists()
    assert f"Undone: Priority of {incident.number}." in said(nadia, answer)


def test_without_scripts_the_toast_has_the_button(nadia: Client, incident: Incident) -> None:
    url = f"/lists/incidents/{incident.pk}/edit/state"
    seen = {k: v for k, v in nadia.get(url).context["form"].initial.items() if v is not None}
    page = nadia.post(url, {**seen, "state": "in_progress"}, follow=True).content.decode()
    deed = Deed.objects.get()
    assert f'action="/undo/{deed.uid}"' in page
    nadia.post(f"/undo/{deed.uid}")
    incident.refresh_from_db()
    assert incident.state == "in_progress", "there is no way back to New"


def test_what_was_changed_since_stays_and_says_by_whom(
    nadia: Client, incident: Incident, change: Any, people: Any, now: datetime
) -> None:
    undo = change(incident, "priority", impact=1, urgency=1)["X-Undo"]
    by = actor_of(people.ada)
    update_incident(incident_id=incident.pk, values={"urgency": 2}, by=by, now=now)
    text = said(nadia, nadia.post(undo))
    assert f"{people.ada} changed the urgency since. It stays as it is." in text
    incident.refresh_from_db()
    assert (incident.impact, incident.urgency) == (1, 2)


def test_what_changed_elsewhere_in_the_record_does_not_matter(
    nadia: Client, incident: Incident, change: Any, people: Any, now: datetime
) -> None:
    undo = change(incident, "priority", impact=1, urgency=1)["X-Undo"]
    words = {"short_description": "Other words"}
    update_incident(incident_id=incident.pk, values=words, by=actor_of(people.ada), now=now)
    nadia.post(undo)
    before = incident.impact
    incident.refresh_from_db()
    assert (incident.impact, incident.short_description) == (before, "Other words")


def test_a_group_that_took_the_assignee_along_gives_both_back(
    nadia: Client, incident: Incident, change: Any, people: Any, groups: Any, now: datetime
) -> None:
    values = {"assignment_group": groups.coordinators, "assigned_to": people.nadia}
    update_incident(incident_id=incident.pk, values=values, by=actor_of(people.ada), now=now)
    incident.refresh_from_db()
    undo = change(incident, "group", assignment_group=groups.l1.pk)["X-Undo"]
    incident.refresh_from_db()
    assert incident.assigned_to is None
    nadia.post(undo)
    incident.refresh_from_db()
    assert (incident.assignment_group, incident.assigned_to) == (groups.coordinators, people.nadia)


def test_it_is_undone_once_and_by_its_doer_alone(
    nadia: Client, incident: Incident, change: Any, people: Any, client_as: Any
) -> None:
    undo = change(incident, "priority", impact=1, urgency=1)["X-Undo"]
    assert client_as(people.ada).post(undo).status_code == 404
    nadia.post(undo)
    assert "undone already" in said(nadia, nadia.post(undo))
    assert incident.journal.filter(text__startswith="Undone").count() == 1
    assert nadia.get(undo).status_code == 405


def test_who_lost_the_right_undoes_nothing(
    nadia: Client, incident: Incident, change: Any, people: Any
) -> None:
    undo = change(incident, "priority", impact=1, urgency=1)["X-Undo"]
    Deed.objects.update(permission="incidents.delete_incident")
    assert "This needs the permission" in said(nadia, nadia.post(undo))
    incident.refresh_from_db()
    assert incident.impact == 1


def test_a_cell_saved_as_it_was_offers_nothing(incident: Incident, change: Any) -> None:
    answer = change(incident, "priority")
    assert (answer.status_code, answer["X-Undo"]) == (200, "")
    assert not Deed.objects.exists()


def test_a_foreign_address_is_not_gone_back_to(
    nadia: Client, incident: Incident, change: Any
) -> None:
    undo = change(incident, "priority", impact=1, urgency=1)["X-Undo"]
    answer = nadia.post(undo, {"next": "https://evil.example/"})
    assert answer["Location"] == "/lists/incidents/?view=all"


def bulk(browser: Client, records: Any, name: str = "incidents", **values: Any) -> Any:
    ids = ",".join(str(each.pk) for each in records)
    data = {"ids": ids, "confirmed": "1", "act": f"of {name}", **values}
    return browser.post(f"/lists/{name}/bulk/assign", data)


def test_a_bulk_act_is_undone_row_by_row(nadia: Client, people: Any, now: datetime) -> None:
    three = open_incidents(3, by=people.nadia, now=now)
    results = bulk(nadia, three, assignee=str(people.nadia.pk))["Location"]
    by = actor_of(people.ada)
    words = {"short_description": "Other words"}
    update_incident(incident_id=three[0].pk, values=words, by=by, now=now)
    update_incident(incident_id=three[1].pk, values={"assigned_to": None}, by=by, now=now)
    page = nadia.get(results).content.decode()
    deed = Deed.objects.get()
    assert f'action="/undo/{deed.uid}"' in page
    answer = nadia.post(f"/undo/{deed.uid}")
    told = nadia.get(answer["Location"]).content.decode()
    assert "Undo: Assign incidents: 2 of 3 done" in told
    assert f"{people.ada} changed the assigned to since." in told
    assert not Incident.objects.filter(assigned_to=people.nadia).exists()
    assert "/undo/" not in nadia.get(results).content.decode()


def test_an_act_that_told_somebody_something_offers_no_undo(
    nadia: Client, people: Any, now: datetime
) -> None:
    made = open_incidents(2, by=people.nadia, now=now)
    ids = ",".join(str(each.pk) for each in made)
    data = {"ids": ids, "confirmed": "1", "act": "up", "notes": "Please look."}
    nadia.post("/lists/incidents/bulk/escalate", data)
    assert not Deed.objects.exists()


def test_a_job_is_undone_by_a_job(nadia: Client, people: Any, groups: Any) -> None:
    made = Incident.objects.bulk_create(
        Incident(number=f"INC5{n:05}", opened_by=people.nadia) for n in range(60)
    )
    bulk(nadia, made, group=str(groups.l1.pk))
    work()
    job = Job.objects.get()
    deed = Deed.objects.get()
    assert deed.rows.count() == 60, "portions become one deed"
    assert f'action="/undo/{deed.uid}"' in nadia.get(f"/jobs/{job.uid}/").content.decode()
    Incident.objects.filter(pk=made[0].pk).update(assignment_group=groups.coordinators)
    answer = nadia.post(f"/undo/{deed.uid}", {"next": "/lists/incidents/?view=open"})
    work()
    back = Job.objects.latest("pk")
    assert answer["Location"] == f"/jobs/{back.uid}/"
    assert (back.created, back.failed) == (59, 1)
    assert not Incident.objects.filter(assignment_group=groups.l1).exists()
    assert f'action="/undo/{deed.uid}"' not in nadia.get(f"/jobs/{job.uid}/").content.decode()


def test_an_undoing_that_does_not_start_can_be_asked_for_again(
    nadia: Client, people: Any, groups: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Incident.objects.bulk_create(
        Incident(number=f"INC5{n:05}", opened_by=people.nadia) for n in range(30)
    )
    bulk(nadia, made, group=str(groups.l1.pk))
    work()
    deed = Deed.objects.get()

    def fail(**_: Any) -> None:
        raise ConnectionError("away")

    with monkeypatch.context() as patch:
        patch.setattr("workspace.jobs.start", fail)
        with pytest.raises(ConnectionError):
            nadia.post(f"/undo/{deed.uid}")
    nadia.post(f"/undo/{deed.uid}")
    work()
    assert not Incident.objects.filter(assignment_group=groups.l1).exists()


def test_a_portion_joins_its_deed_under_a_lock(nadia: Client, people: Any, groups: Any) -> None:
    made = Incident.objects.bulk_create(
        Incident(number=f"INC5{n:05}", opened_by=people.nadia) for n in range(30)
    )
    bulk(nadia, made, group=str(groups.l1.pk))
    with CaptureQueriesContext(connection) as asked:
        work()
    looks = [each["sql"] for each in asked if 'FROM "workspace_deed"' in each["sql"]]
    assert looks
    # SQLite lets one write at a time and knows no locks on rows.
    if connection.features.has_select_for_update:
        assert all("FOR UPDATE" in sql for sql in looks)


def work() -> None:
    while run_jobs():
        pass


def test_cases_and_tasks_are_given_back_too(
    people: Any, client_as: Any, now: datetime, groups: Any
) -> None:
    ada = client_as(people.ada)
    incident = open_incidents(1, by=people.nadia, now=now)[0]
    case = Case.objects.create(number="CS1", short_description="x")
    task = IncidentTask.objects.create(
        number="T1", incident=incident, state=TaskState.WORK_IN_PROGRESS
    )
    for name, record in (("cases", case), ("tasks", task)):
        bulk(ada, [record], name, group=str(groups.l1.pk))
        record.refresh_from_db()
        assert record.assignment_group == AssignmentGroup.objects.get(pk=groups.l1.pk)
        ada.post(f"/undo/{Deed.objects.latest('pk').uid}")
        record.refresh_from_db()
        assert record.assignment_group is None
        assert record.journal.filter(kind="change").count() == 2


def test_what_can_be_undone_is_kept_for_a_week(
    nadia: Client, incident: Incident, change: Any, now: datetime
) -> None:
    undo = change(incident, "priority", impact=1, urgency=1)["X-Undo"]
    forget_deeds(now + timedelta(days=6))
    assert Deed.objects.exists()
    forget_deeds(now + timedelta(days=8))
    assert nadia.post(undo).status_code == 404
