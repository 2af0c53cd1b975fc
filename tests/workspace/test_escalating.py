"""The dialog says who gets the incident, and the second of two agents changes nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from core.models import User
from escalation.models import Run
from incidents.models import Incident, IncidentEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(begun: Callable[..., Incident], topology: Any) -> Incident:
    return begun("Edge down", subcategory="device_failure", ci=topology.controller)


def test_the_dialog_names_the_next_people_and_the_task(
    nadia: Client, people: Any, incident: Incident, now: Any
) -> None:
    User.objects.filter(pk=people.luis.pk).update(last_login=now - timedelta(hours=2))
    Incident.objects.create(number="INC7", short_description="Other", assigned_to=people.luis)
    answer = nadia.get(f"/incidents/{incident.number}/escalate")
    page = answer.content.decode()
    assert f"{incident.tasks.get().number} is closed complete with your note." in page
    assert [each.name for each in answer.context["handover"].members] == ["luis"]
    assert "1 open" in page
    assert "2 h ago" in page
    assert "Instructions for the next level" in page


def test_only_admins_are_led_to_the_table(
    nadia: Client, people: Any, client_as: Any, incident: Incident
) -> None:
    url = f"/incidents/{incident.number}/escalate"
    assert "Edit the table" not in nadia.get(url).content.decode()
    assert "Edit the table" in client_as(people.ada).get(url).content.decode()


def test_who_comes_second_is_told_who_was_faster_and_changes_nothing(
    nadia: Client, people: Any, client_as: Any, incident: Incident, now: Any
) -> None:
    ada, url = client_as(people.ada), f"/incidents/{incident.number}/escalate"
    # Both see the same dialog.
    seen = [browser.get(url).context["form"]["seen_stage"].value() for browser in (nadia, ada)]
    with time_machine.travel(now, tick=False):
        first = nadia.post(url, {"seen_stage": seen[0], "notes": "Power is fine."})
    with time_machine.travel(now + timedelta(seconds=4), tick=False):
        late = ada.post(url, {"seen_stage": seen[1], "notes": "I am late."})
    assert (first.status_code, late.status_code) == (303, 422)
    page = late.content.decode()
    assert "nadia escalated 4 s ago – nothing was changed." in page
    # The words are kept for whoever wants to write them as a note.
    assert "I am late." in page
    assert not IncidentEntry.objects.filter(text="I am late.").exists()
    assert Run.objects.filter(incident=incident, state="planned").count() == 1


def test_after_the_run_the_second_is_told_the_same(
    nadia: Client, people: Any, client_as: Any, incident: Incident, work: Callable[[], None]
) -> None:
    ada, url = client_as(people.ada), f"/incidents/{incident.number}/escalate"
    nadia.post(url, {"seen_stage": "triage", "notes": "Power is fine."})
    work()
    late = ada.post(url, {"seen_stage": "triage", "notes": "I am late."}).content.decode()
    assert "it is in L1 investigation now. nadia escalated" in late
    assert not IncidentEntry.objects.filter(text="I am late.").exists()
