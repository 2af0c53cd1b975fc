"""Business rules stage one event for each cause, in the transaction of the change (R153-R155)."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.actions import add_comment as add_case_comment
from cases.actions import generate_cases, notify_customers, open_case, resolve_case, update_case
from cases.models import Case
from core.actor import Actor
from core.models import BusinessRule
from incidents.actions import (
    add_comment,
    add_work_note,
    exclude_account,
    resolve_incident,
    update_incident,
)
from incidents.choices import ResolutionCode, State
from incidents.models import Incident
from notifications.models import StagedEvent
from notifications.names import ATTRIBUTE, CREATE, RESOLVED, STATUS
from notifications.reactions import ON_ATTRIBUTE, ON_CASE, ON_CREATE, ON_STATE
from notifications.staging import stage_cases
from tests.cases.conftest import affect, make_account

pytestmark = pytest.mark.django_db

Make = Callable[..., Incident]


def types(number: str) -> list[str]:
    staged = StagedEvent.objects.filter(ticket_number=number).order_by("sequence")
    return list(staged.values_list("event_type", flat=True))


def newest() -> StagedEvent:
    event: StagedEvent = StagedEvent.objects.order_by("-pk")[0]
    return event


def test_the_four_rules_are_on_the_list_by_name(base: None) -> None:
    names = BusinessRule.objects.filter(active=True).values_list("name", flat=True)
    assert {
        "Create Trouble Ticket Event",
        "Trouble Ticket State Change Event",
        "Trouble Ticket Attribute Change Event",
        "Create Trouble Ticket Event for Case",
    } <= set(names)


def test_opening_an_incident_stages_its_creation_first(incident: Incident) -> None:
    assert types(incident.number)[0] == CREATE
    assert StagedEvent.objects.filter(event_type=CREATE).count() == 1


def test_a_new_state_stages_a_status_change(incident: Incident, by: Actor, now: datetime) -> None:
    before = types(incident.number)
    values = {"state": State.IN_PROGRESS}
    update_incident(incident_id=incident.pk, values=values, by=by, now=now)
    assert types(incident.number) == [*before, STATUS]


def test_new_values_stage_one_attribute_change(
    incident: Incident, by: Actor, now: datetime
) -> None:
    before = types(incident.number)
    values = {"short_description": "Down", "description": "All of it"}
    update_incident(incident_id=incident.pk, values=values, by=by, now=now)
    assert types(incident.number) == [*before, ATTRIBUTE]
    # The snapshot is the ticket at that instant (R155).
    assert newest().snapshot["ticket"]["name"] == "Down"
    assert newest().snapshot["field_path"] == "short_description,description"


def test_comments_leave_the_house_and_work_notes_never(
    incident: Incident, by: Actor, now: datetime
) -> None:
    before = types(incident.number)
    add_work_note(incident_id=incident.pk, text="Customer is a pain.", by=by, now=now)
    assert types(incident.number) == before
    add_comment(incident_id=incident.pk, text="We are on it.", by=by, now=now)
    assert types(incident.number) == [*before, ATTRIBUTE]
    assert "pain" not in str(newest().snapshot)


def test_a_further_affected_account_stages_an_attribute_change(
    incident: Incident, by: Actor, now: datetime
) -> None:
    before = types(incident.number)
    affect(incident, make_account(7), by, now)
    assert types(incident.number) == [*before, ATTRIBUTE]


def test_raised_cases_are_tickets_of_their_own(
    make_incident: Make, by: Actor, now: datetime
) -> None:
    incident = make_incident(accounts=3)
    made = generate_cases(incident_id=incident.pk, by=by, now=now)
    assert made.major is not None
    for case in [made.major, *made.cases]:
        assert types(case.number) == [CREATE]


def test_an_ad_hoc_case_is_told_once(base: None, by: Actor, now: datetime) -> None:
    case = open_case(by=by, now=now, short_description="Called", account=make_account(1))
    assert types(case.number) == [CREATE]
    update_case(case_id=case.pk, values={"priority": 1}, by=by, now=now)
    add_case_comment(case_id=case.pk, text="Hello", by=by, now=now)
    resolve_case(case_id=case.pk, code="fixed", notes="Done.", by=by, now=now)
    assert types(case.number) == [CREATE, ATTRIBUTE, ATTRIBUTE, STATUS, RESOLVED]


def test_the_solution_copied_down_is_told_per_case(
    make_incident: Make, by: Actor, now: datetime
) -> None:
    incident = make_incident(accounts=2)
    made = generate_cases(incident_id=incident.pk, by=by, now=now)
    code = ResolutionCode.PERMANENT
    resolve_incident(incident_id=incident.pk, code=code, notes="Restarted.", by=by, now=now)
    assert [types(case.number) for case in made.cases] == [[CREATE, ATTRIBUTE]] * 2


def test_a_notice_is_told_on_its_own_cases_only(
    make_incident: Make, comments_sync: None, by: Actor, now: datetime
) -> None:
    incident = make_incident(accounts=2)
    one, two = generate_cases(incident_id=incident.pk, by=by, now=now).cases
    notify_customers(case_ids=[one.pk], note="Please wait.", by=by, now=now)
    assert types(one.number) == [CREATE, ATTRIBUTE]
    assert types(two.number) == [CREATE]


def test_nothing_is_staged_for_what_was_rolled_back(
    incident: Incident, by: Actor, now: datetime
) -> None:
    before = StagedEvent.objects.count()
    with transaction.atomic():
        add_comment(incident_id=incident.pk, text="Never said.", by=by, now=now)
        assert StagedEvent.objects.count() == before + 1
        transaction.set_rollback(True)
    assert StagedEvent.objects.count() == before


def test_a_tickets_events_are_counted_without_gaps(
    incident: Incident, by: Actor, now: datetime
) -> None:
    for number in range(5):
        add_comment(incident_id=incident.pk, text=f"Update {number}", by=by, now=now)
    staged = StagedEvent.objects.filter(ticket_uid=incident.uid).order_by("pk")
    sequences = list(staged.values_list("sequence", flat=True))
    assert sequences == list(range(1, len(sequences) + 1))


@pytest.mark.parametrize("rule", [ON_CREATE, ON_STATE, ON_ATTRIBUTE, ON_CASE])
def test_a_rule_that_is_off_stops_its_own_event_alone(
    make_incident: Make, switch: Callable[[str, bool], None], by: Actor, now: datetime, rule: str
) -> None:
    switch(rule, False)
    incident = make_incident(accounts=1)
    values = {"state": State.IN_PROGRESS}
    update_incident(incident_id=incident.pk, values=values, by=by, now=now)
    generate_cases(incident_id=incident.pk, by=by, now=now)
    seen = {ON_CREATE: CREATE, ON_STATE: STATUS, ON_ATTRIBUTE: ATTRIBUTE}
    staged = set(types(incident.number))
    assert staged == {seen[name] for name in seen if name != rule}
    assert types(Case.objects.get(incident=incident).number) == (
        [] if rule == ON_CASE else [CREATE]
    )


def test_staging_many_cases_takes_as_many_statements_as_few(
    make_incident: Make, by: Actor, now: datetime
) -> None:
    incident = make_incident(accounts=12)
    ids = [case.pk for case in generate_cases(incident_id=incident.pk, by=by, now=now).cases]
    with CaptureQueriesContext(connection) as few:
        stage_cases(ids[:2], ATTRIBUTE, "Changed", now)
    with CaptureQueriesContext(connection) as many:
        stage_cases(ids, ATTRIBUTE, "Changed", now)
    assert len(many) == len(few)


def test_an_account_left_out_is_no_news(make_incident: Make, by: Actor, now: datetime) -> None:
    incident = make_incident(accounts=1)
    before = types(incident.number)
    account = incident.affected_accounts.get().account_id
    exclude_account(incident_id=incident.pk, account_id=account, reason="Test", by=by, now=now)
    assert types(incident.number) == before
