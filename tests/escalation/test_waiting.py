"""A subflow may escalate by itself after some minutes: once, visibly, and not while on hold."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.actor import actor_of
from escalation.actions import escalate
from escalation.models import Run, Subflow
from escalation.waiting import escalate_due
from incidents.actions import open_incident, update_incident
from incidents.models import Incident

pytestmark = pytest.mark.django_db
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def incident(people: Any, now: datetime, work: Any) -> Incident:
    Subflow.objects.filter(key="device_failure_triage").update(escalate_after=30)
    opened = open_incident(
        by=actor_of(people.nadia),
        now=now,
        short_description="Edge down",
        values={"category": "sd_wan", "subcategory": "device_failure"},
    )
    work()
    # The time begins when the worker is done.
    Run.objects.update(escalates_at=now + HALF_AN_HOUR)
    opened.refresh_from_db()
    return opened


def test_nothing_happens_before_the_time(incident: Incident, now: datetime, work: Any) -> None:
    assert escalate_due(now + timedelta(minutes=29)) == 0
    work()
    incident.refresh_from_db()
    assert incident.stage == "triage"


def test_after_the_time_psew_escalates_once_and_says_so(
    incident: Incident, now: datetime, work: Any
) -> None:
    Run.objects.update(escalates_at=now)
    assert escalate_due(now) == 1
    assert escalate_due(now) == 0
    work()
    incident.refresh_from_db()
    assert (incident.stage, str(incident.assignment_group)) == ("l1", "L1 Network Engineering")
    note = incident.journal.filter(text__contains="within 30 minutes").get()
    assert note.actor_name == "Escalate after waiting"
    assert not Run.objects.filter(escalates_at__isnull=False).exists()


def test_who_escalates_in_time_ends_the_waiting(
    incident: Incident, people: Any, now: datetime, work: Any
) -> None:
    escalate(
        incident_id=incident.pk, seen_stage="triage", notes="x", by=actor_of(people.nadia), now=now
    )
    work()
    assert escalate_due(now + timedelta(days=1)) == 0
    incident.refresh_from_db()
    assert incident.stage == "l1"


def test_on_hold_nobody_is_hurried_and_the_time_begins_anew(
    incident: Incident, people: Any, now: datetime, work: Any
) -> None:
    nadia = actor_of(people.nadia)
    hold = {"state": "on_hold", "hold_reason": "awaiting_vendor"}
    update_incident(incident_id=incident.pk, values=hold, by=nadia, now=now)
    assert escalate_due(now + timedelta(hours=5)) == 0
    back = now + timedelta(hours=6)
    update_incident(incident_id=incident.pk, values={"state": "in_progress"}, by=nadia, now=back)
    assert escalate_due(back + timedelta(minutes=29)) == 0
    assert escalate_due(back + HALF_AN_HOUR) == 1


def test_where_nothing_follows_the_stream_says_why_once(
    incident: Incident, now: datetime, work: Any
) -> None:
    Subflow.objects.filter(key="device_failure_l1").update(active=False)
    assert escalate_due(now + HALF_AN_HOUR) == 0
    assert escalate_due(now + HALF_AN_HOUR) == 0
    assert incident.journal.filter(text__contains="switched off").count() == 1


def test_a_resolved_incident_is_left_alone(
    incident: Incident, people: Any, now: datetime, work: Any
) -> None:
    values = {
        "state": "resolved",
        "resolution_code": "solved_permanently",
        "resolution_notes": "Done",
    }
    update_incident(incident_id=incident.pk, values=values, by=actor_of(people.nadia), now=now)
    work()
    assert escalate_due(now + timedelta(days=1)) == 0
    incident.refresh_from_db()
    assert incident.stage == "resolution"
