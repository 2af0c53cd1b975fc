"""S3: every sub category climbs the whole ladder, and no further."""

from typing import Any

import pytest

from core.models import User
from escalation.models import Run
from incidents.models import Incident, IncidentTask
from tests.journeys.desk import escalate, machine, report, resolve

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
def opened(otto: User, work: Any) -> Any:
    outside = machine(otto)

    def make(subcategory: str) -> Incident:
        incident = report(outside, subCategory=subcategory, relatedEntity=[])
        work()
        incident.refresh_from_db()
        return incident

    return make


@pytest.fixture
def climb(people: Any, client_as: Any, work: Any) -> Any:
    workers = {"triage": people.nadia, "l1": people.luis, "l2": people.mei, "l3": people.ivar}

    def one_step(incident: Incident) -> Any:
        answer = escalate(client_as(workers[incident.stage]), incident, "Tried all")
        work()
        incident.refresh_from_db()
        return answer

    return one_step


@pytest.mark.parametrize("subcategory", LABELS)
def test_each_step_has_its_stage_group_subflow_and_message(
    opened: Any, climb: Any, subcategory: str
) -> None:
    incident = opened(subcategory)
    for index, (stage, group, level) in enumerate(LADDER):
        if index:
            assert climb(incident).status_code == 303
        run = Run.objects.filter(incident=incident).order_by("-pk").first()
        assert run is not None
        assert (incident.stage, str(incident.assignment_group)) == (stage, group)
        assert run.subflow.name == f"Network Initiated {LABELS[subcategory]} Failure - {level}"
        assert run.plan["message"]["key"] == f"sd_wan.{subcategory}.{stage}"
        tasks = IncidentTask.objects.filter(incident=incident)
        assert tasks.filter(closed_at=None).count() == 1
        assert tasks.exclude(closed_at=None).count() == index
    refused = climb(incident)
    assert refused.status_code == 422
    assert "No further escalation" in refused.content.decode()
    assert incident.stage == "l3"
    assert incident.tasks.count() == 4


@pytest.mark.parametrize("climbs", range(4))
def test_an_incident_is_resolved_from_every_stage(
    opened: Any, climb: Any, people: Any, client_as: Any, work: Any, climbs: int
) -> None:
    incident = opened("device_failure")
    for _ in range(climbs):
        climb(incident)
    assert resolve(client_as(people.nadia), incident, "Done").status_code == 303
    work()
    incident.refresh_from_db()
    assert (incident.state, incident.stage) == ("resolved", "resolution")
    assert not incident.tasks.filter(closed_at=None).exists()
