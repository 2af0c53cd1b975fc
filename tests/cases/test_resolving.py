"""What becomes of the cases when their incident or their major case is resolved."""

from collections.abc import Callable
from datetime import datetime

import pytest

from cases.actions import generate_cases, resolve_case, update_case
from cases.actions.resolving import MAJOR_NOTE
from cases.choices import CaseState
from cases.models import Case, CaseEntry
from cases.reactions import COPY_DOWN
from core.actor import Actor
from core.models import DomainEvent
from incidents.actions import resolve_incident, update_incident
from incidents.choices import ResolutionCode, State
from incidents.errors import MissingField
from incidents.models import Incident, IncidentEntry

pytestmark = pytest.mark.django_db

Make = Callable[..., Incident]
CODE = ResolutionCode.PERMANENT


def resolve(incident: Incident, by: Actor, now: datetime, cause: str = "Failed upgrade") -> None:
    resolve_incident(
        incident_id=incident.pk,
        code=CODE,
        notes="Rolled back.",
        probable_cause=cause,
        by=by,
        now=now,
    )


def solution(case: Case) -> tuple[str, str, str]:
    return case.resolution_code, case.resolution_notes, case.probable_cause


def major_notes(incident: Incident) -> int:
    return IncidentEntry.objects.filter(incident=incident, text=MAJOR_NOTE).count()


@pytest.mark.parametrize("cause", ["Failed upgrade", ""])
def test_individual_cases_are_resolved_with_the_incident(
    make_incident: Make,
    threshold: Callable[[int], None],
    by: Actor,
    now: datetime,
    cause: str,
) -> None:
    threshold(10)
    incident = make_incident(accounts=3)
    generate_cases(incident_id=incident.pk, by=by, now=now)
    resolve(incident, by, now, cause)
    cases = list(Case.objects.filter(incident=incident))
    assert [case.state for case in cases] == [CaseState.RESOLVED] * 3
    assert {solution(case) for case in cases} == {(CODE, "Rolled back.", cause)}
    assert {case.resolved_at for case in cases} == {now}
    notes = CaseEntry.objects.filter(kind=CaseEntry.Kind.WORK_NOTE, text="Resolved: Rolled back.")
    assert notes.count() == 3
    assert major_notes(incident) == 0
    resolved = DomainEvent.objects.get(name="cases.resolved")
    assert sorted(resolved.payload["case_ids"]) == sorted(case.pk for case in cases)


def test_with_a_major_case_the_solution_is_copied_and_nothing_resolved(
    make_incident: Make, by: Actor, now: datetime
) -> None:
    incident = make_incident(accounts=5)
    generate_cases(incident_id=incident.pk, by=by, now=now)
    resolve(incident, by, now)
    cases = list(Case.objects.filter(incident=incident))
    assert {case.state for case in cases} == {CaseState.NEW}
    assert [solution(case) for case in cases] == [(CODE, "Rolled back.", "Failed upgrade")] * 6
    note = IncidentEntry.objects.get(incident=incident, text__contains="major case associated")
    assert note.text == "There is a major case associated with this incident."
    assert note.kind == IncidentEntry.Kind.WORK_NOTE
    assert not DomainEvent.objects.filter(name="cases.resolved").exists()


def test_setting_the_state_does_the_same_as_the_button(
    make_incident: Make, by: Actor, now: datetime
) -> None:
    incident = make_incident(accounts=1)
    generate_cases(incident_id=incident.pk, by=by, now=now)
    values = {"state": State.RESOLVED, "resolution_code": CODE, "resolution_notes": "Rolled back."}
    update_incident(incident_id=incident.pk, values=values, by=by, now=now)
    assert Case.objects.get(incident=incident).state == CaseState.RESOLVED


def test_closed_cases_stay_as_they_are(make_incident: Make, by: Actor, now: datetime) -> None:
    incident = make_incident(accounts=1)
    case = generate_cases(incident_id=incident.pk, by=by, now=now).cases[0]
    values = {"state": CaseState.CLOSED, "resolution_notes": "Customer has left."}
    update_case(case_id=case.pk, values=values, by=by, now=now)
    resolve(incident, by, now)
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.resolution_notes) == (CaseState.CLOSED, "Customer has left.")


def test_with_the_rule_off_cases_do_not_follow(
    make_incident: Make, switch: Callable[[str, bool], None], by: Actor, now: datetime
) -> None:
    switch(COPY_DOWN, False)
    incident = make_incident(accounts=1)
    generate_cases(incident_id=incident.pk, by=by, now=now)
    resolve(incident, by, now)
    assert Case.objects.get(incident=incident).state == CaseState.NEW


def test_a_major_case_takes_its_open_children_along(
    make_incident: Make, by: Actor, now: datetime
) -> None:
    incident = make_incident(accounts=3)
    made = generate_cases(incident_id=incident.pk, by=by, now=now)
    canceled = made.cases[0]
    values = {"state": CaseState.CANCELED}
    update_case(case_id=canceled.pk, values=values, by=by, now=now)
    assert made.major is not None
    Case.objects.filter(pk=made.major.pk).update(cause="Power supply")
    resolve_case(case_id=made.major.pk, code=CODE, notes="Replaced.", by=by, now=now)
    children = Case.objects.filter(parent=made.major).exclude(pk=canceled.pk)
    assert {case.state for case in children} == {CaseState.RESOLVED}
    assert {(case.resolution_notes, case.cause) for case in children} == {
        ("Replaced.", "Power supply")
    }
    assert Case.objects.get(pk=canceled.pk).state == CaseState.CANCELED


@pytest.mark.parametrize(("code", "notes"), [("", "Replaced."), (CODE.value, "  ")])
def test_a_solution_needs_code_and_notes(
    make_incident: Make, by: Actor, now: datetime, code: str, notes: str
) -> None:
    incident = make_incident(accounts=1)
    case = generate_cases(incident_id=incident.pk, by=by, now=now).cases[0]
    with pytest.raises(MissingField):
        resolve_case(case_id=case.pk, code=code, notes=notes, by=by, now=now)
    assert Case.objects.get(pk=case.pk).state == CaseState.NEW
