"""S3: every sub category climbs the whole ladder, and no further."""

from typing import Any

import pytest

from core.actor import actor_of
from escalation.actions import escalate
from escalation.models import Run
from incidents.actions import open_incident, resolve_incident
from incidents.errors import Refused
from incidents.models import Incident, IncidentTask

pytestmark = pytest.mark.django_db

LABELS = {
    "link_failure": "Link",
    "device_failure": "Device",
    "protocol_failure": "Protocol",
    "soft_wan_link_failure": "Soft-WAN Link",
    "software_failure": "Software",
}
LADDER = [
    ("triage", "Network Coordinators", "Triage"),
    ("l1", "L1 Network Engineering", "L1"),
    ("l2", "L2 Network Engineering", "L2"),
    ("l3", "L3 Network Engineering", "L3"),
]


@pytest.fixture
def opened(base: Any, people: Any, now: Any, work: Any) -> Any:
    def make(subcategory: str) -> Incident:
        incident = open_incident(
            by=actor_of(people.nadia),
            now=now,
            short_description=f"A {subcategory}",
            values={"category": "sd_wan", "subcategory": subcategory},
        )
        work()
        incident.refresh_from_db()
        return incident

    return make


def _climb(incident: Incident, people: Any, now: Any, work: Any) -> None:
    worker = {"triage": people.nadia, "l1": people.luis, "l2": people.mei, "l3": people.ivar}
    by = actor_of(worker[incident.stage])
    escalate(incident_id=incident.pk, seen_stage=incident.stage, notes="Tried all", by=by, now=now)
    work()
    incident.refresh_from_db()


@pytest.mark.parametrize("subcategory", LABELS)
def test_each_step_has_its_stage_group_subflow_and_message(
    opened: Any, people: Any, now: Any, work: Any, subcategory: str
) -> None:
    incident = opened(subcategory)
    for index, (stage, group, level) in enumerate(LADDER):
        if index:
            _climb(incident, people, now, work)
        run = Run.objects.filter(incident=incident).order_by("-pk").first()
        assert run is not None
        assert (incident.stage, str(incident.assignment_group)) == (stage, group)
        assert run.subflow.name == f"Network Initiated {LABELS[subcategory]} Failure - {level}"
        assert run.plan["message"]["key"] == f"sd_wan.{subcategory}.{stage}"
        tasks = IncidentTask.objects.filter(incident=incident)
        assert tasks.filter(closed_at=None).count() == 1
        assert tasks.exclude(closed_at=None).count() == index
    with pytest.raises(Refused, match="No further escalation"):
        _climb(incident, people, now, work)
    incident.refresh_from_db()
    assert incident.stage == "l3"
    assert incident.tasks.count() == 4


@pytest.mark.parametrize("climbs", range(4))
def test_an_incident_is_resolved_from_every_stage(
    opened: Any, people: Any, now: Any, work: Any, climbs: int
) -> None:
    incident = opened("device_failure")
    for _ in range(climbs):
        _climb(incident, people, now, work)
    resolve_incident(
        incident_id=incident.pk,
        code="solved_permanently",
        notes="Done",
        by=actor_of(people.nadia),
        now=now,
    )
    work()
    incident.refresh_from_db()
    assert (incident.state, incident.stage) == ("resolved", "resolution")
    assert not incident.tasks.filter(closed_at=None).exists()
