"""People may be faster than the worker: a run that no longer fits is called off."""

from datetime import datetime
from typing import Any

import pytest

from core.actor import Actor, actor_of
from escalation.actions import escalate, retry_run
from escalation.models import Run
from incidents.actions import open_incident, update_incident
from incidents.errors import Refused
from incidents.models import Incident

pytestmark = pytest.mark.django_db

SOLUTION = {
    "state": "resolved",
    "resolution_code": "solved_permanently",
    "resolution_notes": "Done",
}


@pytest.fixture
def nadia(people: Any) -> Actor:
    return actor_of(people.nadia)


@pytest.fixture
def incident(nadia: Actor, now: datetime, work: Any) -> Incident:
    opened = open_incident(
        by=nadia,
        now=now,
        short_description="Edge down",
        values={"category": "sd_wan", "subcategory": "device_failure"},
    )
    work()
    opened.refresh_from_db()
    return opened


def _escalate(incident: Incident, by: Actor, now: datetime, seen: str = "triage") -> Run:
    return escalate(incident_id=incident.pk, seen_stage=seen, notes="x", by=by, now=now)


def _set(incident: Incident, by: Actor, now: datetime, **values: Any) -> None:
    update_incident(incident_id=incident.pk, values=values, by=by, now=now)


def test_an_incident_canceled_before_the_worker_came_gets_no_task(
    incident: Incident, nadia: Actor, now: datetime, work: Any
) -> None:
    run = _escalate(incident, nadia, now)
    _set(incident, nadia, now, state="canceled")
    work()
    run.refresh_from_db()
    incident.refresh_from_db()
    assert (run.state, incident.stage) == ("canceled", "triage")
    assert "Canceled" in run.error
    assert not incident.tasks.filter(closed_at=None).exists()


def test_an_incident_resolved_before_the_worker_came_is_not_handed_over(
    incident: Incident, nadia: Actor, now: datetime, work: Any
) -> None:
    run = _escalate(incident, nadia, now)
    _set(incident, nadia, now, **SOLUTION)
    work()
    run.refresh_from_db()
    incident.refresh_from_db()
    assert (run.state, incident.stage) == ("canceled", "resolution")
    assert str(incident.assignment_group) == "Network Coordinators"


def test_an_incident_reopened_before_the_worker_came_goes_on_where_it_was(
    incident: Incident, nadia: Actor, now: datetime, work: Any
) -> None:
    _set(incident, nadia, now, **SOLUTION)
    _set(incident, nadia, now, state="in_progress")
    work()
    incident.refresh_from_db()
    assert incident.stage == "triage"
    assert incident.tasks.filter(closed_at=None).count() == 1


def test_a_failed_run_is_not_tried_again_once_the_incident_moved_on(
    incident: Incident, nadia: Actor, now: datetime, work: Any
) -> None:
    failed = _escalate(incident, nadia, now)
    Run.objects.filter(pk=failed.pk).update(state=Run.State.FAILED)
    _escalate(incident, nadia, now)
    with pytest.raises(Refused, match="moved on"):
        retry_run(run_id=failed.pk, by=nadia, now=now)
    work()
    with pytest.raises(Refused, match="moved on"):
        retry_run(run_id=failed.pk, by=nadia, now=now)
