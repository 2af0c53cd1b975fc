"""Open single cases and move them through their states (C.3)."""

from collections.abc import Callable
from datetime import datetime

import pytest

from cases.actions import accept_solution, open_case, reject_solution, resolve_case, update_case
from cases.choices import CaseState
from cases.models import Case, CaseEntry
from core.actor import Actor
from core.changes import MovedOn
from incidents.errors import IllegalMove, MissingField, Refused
from incidents.models import AffectedAccount, Incident
from tests.cases.conftest import make_account

pytestmark = pytest.mark.django_db

CUSTOMER = Actor(kind="customer", name="Contact C1")


@pytest.fixture
def case(by: Actor, now: datetime) -> Case:
    return open_case(by=by, now=now, short_description="No internet", account=make_account(1))


@pytest.fixture
def resolved(case: Case, by: Actor, now: datetime) -> Case:
    return resolve_case(case_id=case.pk, code="fixed", notes="Replaced.", by=by, now=now)


def test_a_new_case_knows_the_primary_contact(case: Case) -> None:
    assert case.account is not None
    assert case.contact == case.account.contacts.get(is_primary=True)
    assert case.number.startswith("CS")


def test_an_ad_hoc_case_makes_its_account_affected(
    make_incident: Callable[..., Incident], by: Actor, now: datetime
) -> None:
    incident, account = make_incident(accounts=0), make_account(9)
    open_case(by=by, now=now, short_description="Called", account=account, incident_id=incident.pk)
    row = AffectedAccount.objects.get(incident=incident)
    assert (row.account, row.source) == (account, AffectedAccount.Source.CASE)


def test_linking_a_case_to_an_incident_makes_its_account_affected(
    make_incident: Callable[..., Incident], case: Case, by: Actor, now: datetime
) -> None:
    incident = make_incident(accounts=0)
    update_case(case_id=case.pk, values={"incident": incident}, by=by, now=now)
    assert AffectedAccount.objects.get(incident=incident).account == case.account


@pytest.mark.parametrize(
    ("path", "fine"),
    [
        ([CaseState.OPEN, CaseState.AWAITING_INFO, CaseState.OPEN], True),
        ([CaseState.CANCELED], True),
        ([CaseState.CANCELED, CaseState.OPEN], False),
        ([CaseState.OPEN, CaseState.NEW], False),
    ],
)
def test_agents_move_along_the_table(
    case: Case, by: Actor, now: datetime, path: list[str], fine: bool
) -> None:
    def walk() -> None:
        for state in path:
            update_case(case_id=case.pk, values={"state": state}, by=by, now=now)

    if not fine:
        with pytest.raises(IllegalMove):
            walk()
        return
    walk()
    assert Case.objects.get(pk=case.pk).state == path[-1]


def test_closing_needs_notes(case: Case, by: Actor, now: datetime) -> None:
    values = {"state": CaseState.CLOSED}
    with pytest.raises(MissingField):
        update_case(case_id=case.pk, values=values, by=by, now=now)
    update_case(case_id=case.pk, values=values, by=by, now=now, reason="Opened by mistake.")
    assert Case.objects.get(pk=case.pk).closed_at == now


def test_closed_cases_cannot_be_changed(case: Case, by: Actor, now: datetime) -> None:
    values = {"state": CaseState.CLOSED}
    update_case(case_id=case.pk, values=values, by=by, now=now, reason="Done.")
    with pytest.raises(IllegalMove):
        update_case(case_id=case.pk, values={"priority": 1}, by=by, now=now)


def test_agents_neither_accept_nor_reject_a_solution(
    resolved: Case, by: Actor, now: datetime
) -> None:
    for state in (CaseState.CLOSED, CaseState.OPEN):
        with pytest.raises(IllegalMove, match="Only the customer"):
            update_case(case_id=resolved.pk, values={"state": state}, by=by, now=now)


def test_the_customer_accepts_a_solution(resolved: Case, now: datetime) -> None:
    accept_solution(case_id=resolved.pk, by=CUSTOMER, now=now)
    assert Case.objects.get(pk=resolved.pk).state == CaseState.CLOSED


def test_the_customer_rejects_a_solution_with_a_reason(resolved: Case, now: datetime) -> None:
    with pytest.raises(MissingField):
        reject_solution(case_id=resolved.pk, reason=" ", by=CUSTOMER, now=now)
    reject_solution(case_id=resolved.pk, reason="Still slow.", by=CUSTOMER, now=now)
    case = Case.objects.get(pk=resolved.pk)
    assert (case.state, case.resolved_at) == (CaseState.OPEN, None)


def test_there_is_nothing_to_accept_on_an_open_case(case: Case, now: datetime) -> None:
    with pytest.raises(IllegalMove):
        accept_solution(case_id=case.pk, by=CUSTOMER, now=now)


def test_a_stale_form_changes_nothing(case: Case, by: Actor, now: datetime) -> None:
    update_case(case_id=case.pk, values={"priority": 1}, by=by, now=now, seen_version=case.version)
    with pytest.raises(MovedOn):
        update_case(
            case_id=case.pk, values={"priority": 2}, by=by, now=now, seen_version=case.version
        )


def test_machine_fields_cannot_be_set(case: Case, by: Actor, now: datetime) -> None:
    with pytest.raises(Refused, match="number"):
        update_case(case_id=case.pk, values={"number": "CS1"}, by=by, now=now)


def test_changes_are_written_into_the_stream(case: Case, by: Actor, now: datetime) -> None:
    update_case(case_id=case.pk, values={"priority": 1}, by=by, now=now)
    entry = CaseEntry.objects.get(case=case, kind=CaseEntry.Kind.CHANGE)
    assert entry.changes[0]["new"] == "1-Critical"
