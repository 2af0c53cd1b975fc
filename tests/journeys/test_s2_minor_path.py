"""S2: fewer accounts than the threshold: one case each, resolved with the incident."""

from typing import Any

import pytest
from django.test import Client

from cases.models import Case
from core.models import SystemProperty, User
from incidents.models import Incident
from tests.journeys.desk import generate, machine, report, resolve

pytestmark = pytest.mark.django_db


@pytest.fixture
def nadia(people: Any, client_as: Any) -> Client:
    browser: Client = client_as(people.nadia)
    return browser


@pytest.fixture
def incident(otto: User, topology: Any, work: Any) -> Incident:
    reported = report(machine(otto), subCategory="Software failure")
    work()
    reported.refresh_from_db()
    return reported


def _threshold(value: int) -> None:
    SystemProperty.objects.filter(
        name="sn_ind_tsm_core.major_case_affected_account_threshold", domain=None
    ).update(value=str(value))


@pytest.mark.parametrize(("threshold", "majors"), [(4, 1), (5, 1), (6, 0), (10_000, 0)])
def test_the_threshold_decides_between_major_and_individual(
    incident: Incident, nadia: Client, threshold: int, majors: int
) -> None:
    _threshold(threshold)
    assert generate(nadia, incident).status_code == 303
    cases = Case.objects.filter(incident=incident)
    assert cases.filter(major_state="accepted").count() == majors
    assert cases.filter(proactive=True).count() == 5
    assert cases.filter(parent__isnull=False).count() == 5 * majors


def test_individual_cases_are_resolved_with_the_incident(
    incident: Incident, nadia: Client, work: Any
) -> None:
    _threshold(10)
    generate(nadia, incident)
    assert resolve(nadia, incident, "Replaced the image", "Bad image").status_code == 303
    work()
    for case in Case.objects.filter(incident=incident):
        assert case.state == "resolved"
        assert (case.resolution_notes, case.probable_cause) == ("Replaced the image", "Bad image")
        assert case.journal.filter(kind="work_note", text__contains="Replaced the image").exists()
    assert not incident.journal.filter(text__contains="There is a major case").exists()
