"""Generate proactive cases: how many, for whom, and never twice."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.actions import generate_cases, open_case
from cases.choices import CaseState, MajorState
from cases.models import Case, CaseEntry, CaseFieldMap
from cases.queries import INDIVIDUAL, MAJOR, preview_cases
from changes.models import ChangeRequest
from core.actor import Actor
from core.models import DomainEvent
from escalation.models import Run
from incidents.actions import exclude_account, link_cause, resolve_incident, set_by_workflow
from incidents.choices import ResolutionCode
from incidents.errors import Refused
from incidents.models import Incident, IncidentEntry
from tests.cases.conftest import affect, make_account

pytestmark = pytest.mark.django_db

Make = Callable[..., Incident]


@pytest.mark.parametrize(("accounts", "major"), [(2, 0), (3, 1), (4, 1)])
def test_a_major_case_is_raised_from_the_threshold_on(
    make_incident: Make,
    threshold: Callable[[int], None],
    by: Actor,
    now: datetime,
    accounts: int,
    major: int,
) -> None:
    threshold(3)
    incident = make_incident(accounts=accounts)
    made = generate_cases(incident_id=incident.pk, by=by, now=now)
    assert len(made.cases) == accounts
    assert Case.objects.filter(incident=incident).major().count() == major
    assert Case.objects.filter(incident=incident).count() == accounts + major


def test_children_carry_account_and_primary_contact(
    make_incident: Make, by: Actor, now: datetime
) -> None:
    incident = make_incident(accounts=5)
    made = generate_cases(incident_id=incident.pk, by=by, now=now)
    assert made.major is not None
    # The major case speaks for all of them (R100).
    assert (made.major.account, made.major.contact) == (None, None)
    assert made.major.major_state == MajorState.ACCEPTED
    for child in Case.objects.filter(parent=made.major):
        assert child.account is not None
        assert child.contact == child.account.contacts.get(is_primary=True)
        assert (child.proactive, child.channel, child.state) == (True, "monitoring", CaseState.NEW)
        assert child.incident == incident
        assert child.short_description == incident.short_description
        assert child.description == incident.description
        assert child.priority == incident.priority
    assert Case.objects.filter(parent=made.major).count() == 5


def test_the_field_map_decides_what_passes(make_incident: Make, by: Actor, now: datetime) -> None:
    incident = make_incident(accounts=1)
    set_by_workflow(
        incident=incident, values={"business_impact": "No ordering."}, by=by, now=now, act=""
    )
    CaseFieldMap.objects.filter(case_field="description").update(active=False)
    CaseFieldMap.objects.create(incident_field="business_impact", case_field="business_impact")
    case = generate_cases(incident_id=incident.pk, by=by, now=now).cases[0]
    assert (case.description, case.business_impact) == ("", "No ordering.")


def test_cases_name_the_change_that_caused_the_incident(
    make_incident: Make, by: Actor, now: datetime
) -> None:
    incident = make_incident(accounts=1)
    change = ChangeRequest.objects.create(number="CHG0030740", short_description="Upgrade")
    link_cause(incident_id=incident.pk, change_id=change.pk, by=by, now=now)
    case = generate_cases(incident_id=incident.pk, by=by, now=now).cases[0]
    assert case.caused_by_change == change


def test_pressing_twice_raises_nothing_new(make_incident: Make, by: Actor, now: datetime) -> None:
    incident = make_incident(accounts=5)
    generate_cases(incident_id=incident.pk, by=by, now=now)
    again = generate_cases(incident_id=incident.pk, by=by, now=now)
    assert again.cases == []
    assert len(again.skipped) == 5
    assert Case.objects.count() == 6
    assert DomainEvent.objects.filter(name="cases.raised").count() == 1


def test_an_account_added_later_joins_the_same_major_case(
    make_incident: Make, by: Actor, now: datetime
) -> None:
    incident = make_incident(accounts=2)
    first = generate_cases(incident_id=incident.pk, by=by, now=now)
    affect(incident, make_account(9), by, now)
    second = generate_cases(incident_id=incident.pk, by=by, now=now)
    assert [case.parent for case in second.cases] == [first.major]
    assert not second.major_created


def test_excluded_accounts_are_left_out(make_incident: Make, by: Actor, now: datetime) -> None:
    incident = make_incident(accounts=3)
    left_out = incident.affected_accounts.select_related("account").order_by("pk")[0].account
    exclude_account(
        incident_id=incident.pk, account_id=left_out.pk, reason="Has no contract", by=by, now=now
    )
    generate_cases(incident_id=incident.pk, by=by, now=now)
    assert not Case.objects.filter(account=left_out).exists()
    assert Case.objects.filter(proactive=True).count() == 2


def test_an_ad_hoc_case_of_the_account_counts(
    make_incident: Make, by: Actor, now: datetime
) -> None:
    incident = make_incident(accounts=2)
    account = incident.affected_accounts.order_by("pk")[0].account
    open_case(by=by, now=now, short_description="Called", account=account, incident_id=incident.pk)
    made = generate_cases(incident_id=incident.pk, by=by, now=now)
    assert made.skipped == [account.pk]
    assert Case.objects.filter(account=account).count() == 1


def test_without_a_stage_or_a_group_it_is_refused(
    make_incident: Make, by: Actor, now: datetime
) -> None:
    incident = make_incident(accounts=2, staged=False)
    with pytest.raises(Refused, match="no stage"):
        generate_cases(incident_id=incident.pk, by=by, now=now)
    assert not Case.objects.exists()
    assert not Run.objects.filter(kind=Run.Kind.CASES).exists()


def test_without_a_group_it_is_refused(make_incident: Make, by: Actor, now: datetime) -> None:
    incident = make_incident(accounts=2)
    Incident.objects.filter(pk=incident.pk).update(assignment_group=None)
    with pytest.raises(Refused, match="assignment group"):
        generate_cases(incident_id=incident.pk, by=by, now=now)


def test_a_resolved_incident_raises_no_cases(make_incident: Make, by: Actor, now: datetime) -> None:
    incident = make_incident(accounts=2)
    code = ResolutionCode.PERMANENT
    resolve_incident(incident_id=incident.pk, code=code, notes="Restarted.", by=by, now=now)
    with pytest.raises(Refused, match="Resolved"):
        generate_cases(incident_id=incident.pk, by=by, now=now)


@pytest.mark.parametrize(("accounts", "subflow"), [(1, "cases_individual"), (2, "cases_major")])
def test_each_path_runs_its_own_subflow(
    make_incident: Make, by: Actor, now: datetime, accounts: int, subflow: str
) -> None:
    incident = make_incident(accounts=accounts)
    generate_cases(incident_id=incident.pk, by=by, now=now)
    run = Run.objects.get(incident=incident, kind=Run.Kind.CASES)
    assert run.state == Run.State.DONE
    assert run.subflow.key == subflow


def test_the_stream_says_once_what_was_raised(
    make_incident: Make, by: Actor, now: datetime
) -> None:
    incident = make_incident(accounts=5)
    made = generate_cases(incident_id=incident.pk, by=by, now=now)
    said = IncidentEntry.objects.filter(incident=incident, text__startswith="Raised")
    assert [entry.text for entry in said] == ["Raised 1 major case and 5 child cases."]
    assert CaseEntry.objects.filter(text=f"Raised from {incident.number}.").count() == 6
    event = DomainEvent.objects.get(name="cases.raised")
    assert made.major is not None
    assert event.payload["major_id"] == made.major.pk
    assert event.payload["case_ids"] == [case.pk for case in made.cases]


def test_the_form_can_be_chosen_against_the_threshold(
    make_incident: Make, by: Actor, now: datetime
) -> None:
    incident = make_incident(accounts=3)
    made = generate_cases(incident_id=incident.pk, by=by, now=now, form=INDIVIDUAL)
    assert made.major is None
    assert len(made.cases) == 3


def test_the_preview_says_what_would_happen(make_incident: Make, by: Actor, now: datetime) -> None:
    incident = make_incident(accounts=3)
    one, two, _ = [row.account for row in incident.affected_accounts.order_by("account__name")]
    open_case(by=by, now=now, short_description="Called", account=one, incident_id=incident.pk)
    exclude_account(incident_id=incident.pk, account_id=two.pk, reason="Test line", by=by, now=now)
    preview = preview_cases(incident)
    assert (preview.form, preview.major_is_new, preview.refused) == (MAJOR, True, "")
    assert [planned.is_new for planned in preview.accounts] == [False, False, True]
    assert preview.accounts[1].excluded == "Test line"
    assert "threshold of 2 is reached" in preview.why


def test_the_preview_takes_as_many_statements_for_many_as_for_few(
    make_incident: Make, by: Actor, now: datetime
) -> None:
    incident = make_incident(accounts=2)
    with CaptureQueriesContext(connection) as few:
        preview_cases(incident)
    for number in range(10, 30):
        affect(incident, make_account(number), by, now)
    with CaptureQueriesContext(connection) as many:
        preview_cases(incident)
    assert len(many) == len(few)


def test_raising_takes_as_many_statements_for_many_as_for_few(
    make_incident: Make, by: Actor, now: datetime
) -> None:
    few, many = make_incident(accounts=2), make_incident(accounts=0)
    for number in range(100, 140):
        affect(many, make_account(number), by, now)
    with CaptureQueriesContext(connection) as for_few:
        generate_cases(incident_id=few.pk, by=by, now=now)
    with CaptureQueriesContext(connection) as for_many:
        generate_cases(incident_id=many.pk, by=by, now=now)
    # SQLite takes a thousand values a statement, so its inserts come in a few portions.
    portions = 0 if connection.vendor == "postgresql" else 4
    assert len(for_many) <= len(for_few) + portions
