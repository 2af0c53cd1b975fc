"""S2: fewer accounts than the threshold: one case each, resolved with the incident."""

from typing import Any

import pytest

from cases.actions import generate_cases
from cases.models import Case
from core.actor import actor_of
from core.models import SystemProperty
from incidents.actions import open_incident, resolve_incident
from incidents.models import Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(base: Any, topology: Any, people: Any, work: Any, now: Any) -> Incident:
    opened = open_incident(
        by=actor_of(people.nadia),
        now=now,
        short_description="vManage_10001 failed",
        values={
            "ci": topology.controller,
            "category": "sd_wan",
            "subcategory": "software_failure",
        },
    )
    work()
    opened.refresh_from_db()
    return opened


def _threshold(value: int) -> None:
    SystemProperty.objects.filter(
        name="sn_ind_tsm_core.major_case_affected_account_threshold", domain=None
    ).update(value=str(value))


@pytest.mark.parametrize(("threshold", "majors"), [(4, 1), (5, 1), (6, 0), (10_000, 0)])
def test_the_threshold_decides_between_major_and_individual(
    incident: Incident, people: Any, now: Any, threshold: int, majors: int
) -> None:
    _threshold(threshold)
    generate_cases(incident_id=incident.pk, by=actor_of(people.nadia), now=now)
    cases = Case.objects.filter(incident=incident)
    assert cases.filter(major_state="accepted").count() == majors
    assert cases.filter(proactive=True).count() == 5
    assert cases.filter(parent__isnull=False).count() == 5 * majors


def test_individual_cases_are_resolved_with_the_incident(
    incident: Incident, people: Any, now: Any, work: Any
) -> None:
    _threshold(10)
    generate_cases(incident_id=incident.pk, by=actor_of(people.nadia), now=now)
    resolve_incident(
        incident_id=incident.pk,
        code="solved_permanently",
        notes="Replaced the image",
        probable_cause="Bad image",
        by=actor_of(people.nadia),
        now=now,
    )
    work()
    for case in Case.objects.filter(incident=incident):
        assert case.state == "resolved"
        assert (case.resolution_notes, case.probable_cause) == ("Replaced the image", "Bad image")
        assert case.journal.filter(kind="work_note", text__contains="Replaced the image").exists()
    assert not incident.journal.filter(text__contains="There is a major case").exists()
