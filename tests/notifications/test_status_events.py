"""TM Forum's six events of a ticket: each for its cause, once (tmf.md §3.10)."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.actions import generate_cases, resolve_case
from cases.models import Case
from core.actor import SYSTEM, Actor
from core.models import BusinessRule
from incidents.actions import add_comment, update_incident
from incidents.choices import HoldReason, ResolutionCode, State
from incidents.models import Incident, IncidentState
from notifications.models import StagedEvent
from notifications.names import ATTRIBUTE, CREATE, DELETE, INFORMATION, RESOLVED, STATUS
from notifications.reactions import ON_DELETE, ON_INFORMATION, ON_RESOLVED, ON_STATE
from notifications.status_events import NO_QUESTION
from tests.cases.conftest import affect, make_account
from tests.notifications.ticketing import (
    QUESTION,
    SOLUTION,
    last_description,
    live_through,
    types,
)
from tests.tmf621.conftest import (
    MINIMAL,
    Api,
    incident_of,
    make_client,
    otto,
    site,
    ticket_admin,
)

__all__ = ["make_client", "otto", "site", "ticket_admin"]

ALL = {CREATE, STATUS, ATTRIBUTE, INFORMATION, RESOLVED, DELETE}
RULES = {ON_STATE: STATUS, ON_INFORMATION: INFORMATION, ON_RESOLVED: RESOLVED, ON_DELETE: DELETE}


@pytest.fixture
def switch_off(site: None) -> Callable[[str], None]:
    """Return a function that switches a business rule off."""

    def off(rule: str) -> None:
        values = {"active": False, "when": "after", "table": "t", "event": "e"}
        BusinessRule.objects.update_or_create(name=rule, defaults=values)

    return off


@pytest.mark.parametrize("kind", ["incident", "case"])
def test_all_six_are_told_in_order(otto: Api, ticket_admin: Api, kind: str) -> None:
    ticket = live_through(otto, ticket_admin, {**MINIMAL, "ticketType": kind})
    told = [name for name in types(ticket) if name != ATTRIBUTE]
    moves = [STATUS, STATUS, INFORMATION, STATUS, STATUS, RESOLVED]
    # Deleting cancels nothing here: resolved tickets stay resolved.
    assert told == [CREATE, *moves, DELETE]
    assert set(types(ticket)) == ALL
    assert last_description(ticket, INFORMATION) == QUESTION
    assert last_description(ticket, RESOLVED) == SOLUTION
    assert last_description(ticket, STATUS) == "inProgress -> resolved"


def test_a_hold_reason_alone_changes_the_status(otto: Api) -> None:
    ticket = otto.open()
    otto.patch(ticket["id"], {"status": "held"})
    before = types(ticket)
    otto.patch(ticket["id"], {"status": "pending"})
    assert types(ticket) == [*before, ATTRIBUTE, STATUS, INFORMATION]
    assert last_description(ticket, STATUS) == "held -> pending"
    otto.patch(ticket["id"], {"status": "held"})
    assert types(ticket)[-2:] == [ATTRIBUTE, STATUS]


def test_a_hold_reason_that_leaves_the_status_is_no_change_of_it(otto: Api, now: datetime) -> None:
    ticket = otto.open()
    incident = incident_of(ticket).pk
    # All at one moment, as a workflow's steps may be.
    for values in (
        {"state": State.ON_HOLD, "hold_reason": HoldReason.VENDOR},
        {"hold_reason": HoldReason.CHANGE},
        {"hold_reason": HoldReason.CALLER},
        {"resolution_code": ResolutionCode.PERMANENT},
    ):
        update_incident(incident_id=incident, values=dict(values), by=SYSTEM, now=now)
    assert types(ticket) == [
        CREATE,
        *(ATTRIBUTE, STATUS),
        ATTRIBUTE,
        *(ATTRIBUTE, STATUS, INFORMATION),
        ATTRIBUTE,
    ]


def test_fields_and_state_at_once_are_one_event_each(otto: Api) -> None:
    ticket = otto.open()
    otto.patch(ticket["id"], {"status": "pending", "name": "Down", "severity": "1"})
    assert types(ticket) == [CREATE, ATTRIBUTE, STATUS, INFORMATION]
    otto.patch(ticket["id"], {"status": "resolved", "name": "Up"})
    assert types(ticket)[4:] == [ATTRIBUTE, STATUS, RESOLVED]


def test_states_of_the_same_status_are_still_told(otto: Api, now: datetime) -> None:
    ticket = otto.open()
    IncidentState.objects.filter(value="in_progress").update(tmf_status="acknowledged")
    values = {"state": State.IN_PROGRESS}
    update_incident(incident_id=incident_of(ticket).pk, values=values, by=SYSTEM, now=now)
    assert types(ticket) == [CREATE, STATUS]
    assert last_description(ticket, STATUS) == "State changed from new to in_progress"


@pytest.mark.parametrize(
    ("comments", "reason", "asked"),
    [
        (["Hello", "Which port?"], "", "Which port?"),
        (["Hello"], "Which cable?", "Which cable?"),
        ([], "", NO_QUESTION),
    ],
)
def test_what_is_asked(
    otto: Api, now: datetime, comments: list[str], reason: str, asked: str
) -> None:
    ticket = otto.open()
    incident = incident_of(ticket).pk
    for text in comments:
        add_comment(incident_id=incident, text=text, by=SYSTEM, now=now)
    values = {"state": State.ON_HOLD, "hold_reason": HoldReason.CALLER}
    update_incident(incident_id=incident, values=values, by=SYSTEM, now=now, reason=reason)
    assert last_description(ticket, INFORMATION) == asked


@pytest.mark.parametrize("rule", list(RULES))
@pytest.mark.parametrize("kind", ["incident", "case"])
def test_a_rule_that_is_off_stops_its_own_event_alone(
    otto: Api,
    ticket_admin: Api,
    switch_off: Callable[[str], None],
    kind: str,
    rule: str,
) -> None:
    switch_off(rule)
    ticket = live_through(otto, ticket_admin, {**MINIMAL, "ticketType": kind})
    assert set(types(ticket)) == ALL - {RULES[rule]}


def test_an_open_ticket_is_cancelled_then_deleted_and_silent(
    otto: Api, ticket_admin: Api, now: datetime
) -> None:
    ticket = otto.open()
    ticket_admin.delete(ticket["id"])
    assert types(ticket) == [CREATE, STATUS, DELETE]
    assert last_description(ticket, STATUS) == "acknowledged -> cancelled"
    add_comment(incident_id=incident_of(ticket).pk, text="Late.", by=SYSTEM, now=now)
    assert types(ticket) == [CREATE, STATUS, DELETE]


def test_a_deleted_ticket_stays_silent_with_its_rule_off(
    otto: Api, ticket_admin: Api, switch_off: Callable[[str], None], now: datetime
) -> None:
    switch_off(ON_DELETE)
    ticket = otto.open()
    ticket_admin.delete(ticket["id"])
    add_comment(incident_id=incident_of(ticket).pk, text="Late.", by=SYSTEM, now=now)
    assert types(ticket) == [CREATE, STATUS]


def test_cases_resolved_together_are_told_one_by_one_in_few_statements(
    make_incident: Callable[..., Incident], by: Actor, now: datetime
) -> None:
    counts = []
    for accounts in (3, 9):
        # Accounts are numbered from 1 on, so each round has its own.
        incident = make_incident(accounts=0)
        for number in range(accounts * 10, accounts * 11):
            affect(incident, make_account(number), by, now)
        made = generate_cases(incident_id=incident.pk, by=by, now=now)
        assert made.major is not None
        with CaptureQueriesContext(connection) as queries:
            resolve_case(case_id=made.major.pk, code="fixed", notes="Done.", by=by, now=now)
        counts.append(len(queries))
        for case in Case.objects.filter(incident=incident):
            staged = StagedEvent.objects.filter(ticket_uid=case.uid).order_by("sequence")
            assert list(staged.values_list("event_type", flat=True))[-2:] == [STATUS, RESOLVED]
    assert counts[0] == counts[1]
