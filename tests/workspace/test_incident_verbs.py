"""Assign, reopen, cancel, propose, watch, tick off: each a plain page without JavaScript."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from core.actor import actor_of
from escalation.actions import escalate
from incidents import actions
from incidents.models import Incident, IncidentEntry, RunbookTick

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(begun: Callable[..., Incident]) -> Incident:
    return begun("Edge down", subcategory="device_failure")


def test_the_assign_dialog_shows_loads_and_assigns(
    nadia: Any, incident: Incident, people: Any, now: datetime
) -> None:
    actions.update_incident(
        incident_id=incident.pk,
        values={"assigned_to": people.nadia},
        by=actor_of(people.nadia),
        now=now,
    )
    url = f"/incidents/{incident.number}/assign"
    page = nadia.get(url).content.decode()
    assert "nadia · 1 open" in page
    assert "luis · 0 open" in page
    group = people.luis.assignment_groups.get()
    wrong = {"assignment_group": group.pk, "assigned_to": people.mei.pk}
    refused = nadia.post(url, wrong)
    assert refused.status_code == 422
    assert "not a member" in refused.content.decode()
    right = {"assignment_group": group.pk, "assigned_to": people.luis.pk}
    assert nadia.post(url, right).status_code == 303
    incident.refresh_from_db()
    assert (incident.assignment_group, incident.assigned_to) == (group, people.luis)


def test_canceling_asks_why_and_the_stream_says_so(nadia: Any, incident: Incident) -> None:
    url = f"/incidents/{incident.number}/cancel"
    assert nadia.post(url, {"reason": ""}).status_code == 422
    stale = {"reason": "Test call", "version": incident.version - 1}
    assert nadia.post(url, stale).status_code == 422
    assert nadia.post(url, {"reason": "Test call"}).status_code == 303
    incident.refresh_from_db()
    assert incident.state == "canceled"
    assert incident.journal.filter(text="Test call").exists()


def test_a_resolved_incident_is_reopened_and_only_that(
    people: Any, client_as: Any, incident: Incident, now: datetime
) -> None:
    luis = client_as(people.luis)
    url = f"/incidents/{incident.number}/reopen"
    early = luis.post(url, {"reason": "Again"}, follow=True)
    assert "Only a resolved incident" in early.content.decode()
    actions.resolve_incident(
        incident_id=incident.pk,
        code="solved_permanently",
        notes="Done",
        by=actor_of(people.luis),
        now=now,
    )
    assert url in luis.get(f"/incidents/{incident.number}/").content.decode()
    assert luis.post(url, {"reason": "Down again"}).status_code == 303
    incident.refresh_from_db()
    assert (incident.state, incident.reopen_count) == ("in_progress", 1)


def test_proposing_needs_its_permission_and_happens_once(
    people: Any, client_as: Any, incident: Incident
) -> None:
    url = f"/incidents/{incident.number}/propose"
    engineer = client_as(people.luis)
    assert "0 affected accounts" in engineer.get(url).content.decode()
    assert engineer.post(url, {"reason": "All of Berlin"}).status_code == 303
    again = engineer.post(url, {"reason": "All of Berlin"})
    assert again.status_code == 422
    assert "already" in again.content.decode()
    page = engineer.get(f"/incidents/{incident.number}/").content.decode()
    assert "It is proposed as major already." in page


def test_the_watch_list_is_joined_and_left(nadia: Any, incident: Incident, people: Any) -> None:
    url = f"/incidents/{incident.number}/watch"
    nadia.post(url, {"on": "yes"})
    assert people.nadia in incident.watch_list.all()
    nadia.post(url, {"on": "no"})
    assert not incident.watch_list.exists()


def test_ticking_off_remembers_who_and_refuses_other_lines(
    nadia: Any, incident: Incident, people: Any, now: datetime
) -> None:
    entry = actions.add_system_note(
        incident_id=incident.pk,
        text="- [ ] ping\n- [ ] look",
        by=actor_of(people.luis),
        now=now,
        kind=IncidentEntry.Kind.INSTRUCTIONS,
    )
    url = f"/incidents/{incident.number}/runbook/{entry.pk}"
    nadia.post(f"{url}/1", {"done": "yes"})
    assert RunbookTick.objects.get().by_name == str(people.nadia)
    answer = nadia.post(f"{url}/7", {"done": "yes"}, follow=True)
    assert "no such line" in answer.content.decode()


def test_the_slower_of_two_reads_who_was_faster(
    nadia: Any, incident: Incident, people: Any, now: datetime
) -> None:
    escalate(
        incident_id=incident.pk,
        seen_stage="triage",
        notes="To L1",
        by=actor_of(people.nadia),
        now=now,
    )
    late = {"seen_stage": "triage", "notes": "To L1, too"}
    answer = nadia.post(f"/incidents/{incident.number}/escalate", late)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "nadia escalated" in page
    assert "nothing was changed" in page
    assert not incident.journal.filter(text="To L1, too").exists()
