"""Customers are told, they answer, and none of them hears of another (S7)."""

from collections.abc import Callable
from datetime import datetime

import pytest

from accounts.models import Contact
from cases.actions import add_comment, generate_cases, notify_customers, update_case
from cases.choices import CaseState
from cases.models import Case, CaseEntry
from cases.reactions import FAN_OUT
from core.actor import Actor
from core.bus import reactions
from core.models import DomainEvent
from incidents.actions import add_comment as add_incident_comment
from incidents.errors import MissingField, Refused
from incidents.models import Incident, IncidentEntry

pytestmark = pytest.mark.django_db

Make = Callable[..., Incident]
Kind = CaseEntry.Kind


@pytest.fixture
def cases(make_incident: Make, by: Actor, now: datetime) -> list[Case]:
    incident = make_incident(accounts=3)
    return generate_cases(incident_id=incident.pk, by=by, now=now).cases


def customer(case: Case) -> Actor:
    return Actor(kind="customer", name=str(case.contact))


def reply(case: Case, text: str, now: datetime, origin: str = "") -> CaseEntry:
    return add_comment(
        case_id=case.pk, text=text, by=customer(case), now=now, contact=case.contact, origin=origin
    )


def texts(case: Case) -> list[str]:
    return list(CaseEntry.objects.filter(case=case).values_list("text", flat=True))


def test_notifying_is_refused_until_the_property_is_true(
    cases: list[Case], by: Actor, now: datetime
) -> None:
    with pytest.raises(Refused, match="switched off"):
        notify_customers(case_ids=[cases[0].pk], note="Please wait.", by=by, now=now)
    assert not CaseEntry.objects.filter(kind=Kind.COMMENT).exists()


def test_an_empty_note_is_refused(
    cases: list[Case], comments_sync: None, by: Actor, now: datetime
) -> None:
    with pytest.raises(MissingField):
        notify_customers(case_ids=[cases[0].pk], note="  ", by=by, now=now)


def test_only_the_selected_customers_are_told(
    cases: list[Case], comments_sync: None, by: Actor, now: datetime
) -> None:
    chosen, other = cases[:2], cases[2]
    count = notify_customers(case_ids=[c.pk for c in chosen], note="Power-cycle.", by=by, now=now)
    assert count == 2
    for case in chosen:
        assert CaseEntry.objects.get(case=case, kind=Kind.COMMENT).text == "Power-cycle."
        assert Case.objects.get(pk=case.pk).last_informed_at == now
    assert "Power-cycle." not in texts(other)
    # One entry on the incident lists the recipients (R119).
    told = IncidentEntry.objects.get(kind=IncidentEntry.Kind.NOTIFICATION)
    assert all(f"{case.account} ({case.contact})" in told.text for case in chosen)
    assert str(other.account) not in told.text
    event = DomainEvent.objects.get(name="cases.notified")
    assert event.payload["case_ids"] == [case.pk for case in chosen]
    assert event.payload["note"] == "Power-cycle."


def test_closed_cases_and_those_of_other_incidents_are_not_told(
    cases: list[Case], comments_sync: None, by: Actor, now: datetime
) -> None:
    closed = cases[0]
    values = {"state": CaseState.CLOSED, "resolution_notes": "Left."}
    update_case(case_id=closed.pk, values=values, by=by, now=now)
    with pytest.raises(Refused, match="not closed"):
        notify_customers(case_ids=[closed.pk], note="Hello", by=by, now=now)
    with pytest.raises(Refused):
        notify_customers(case_ids=[cases[1].pk], note="Hello", by=by, now=now, incident_id=0)
    # Without an incident there is no message that could leave.
    Case.objects.filter(pk=cases[1].pk).update(incident=None)
    with pytest.raises(Refused):
        notify_customers(case_ids=[cases[1].pk], note="Hello", by=by, now=now)
    assert not CaseEntry.objects.filter(text="Hello").exists()


def test_a_reply_reaches_the_incident_with_case_and_contact_named(
    cases: list[Case], comments_sync: None, now: datetime
) -> None:
    entry = reply(cases[0], "Service restored", now)
    copied = IncidentEntry.objects.get(kind=IncidentEntry.Kind.COMMENT)
    assert copied.text == "Service restored"
    assert copied.origin == f"case:{cases[0].pk}:entry:{entry.pk}"
    assert cases[0].number in copied.actor_name
    assert str(cases[0].contact) in copied.actor_name


def test_without_the_property_replies_stay_on_the_case(cases: list[Case], now: datetime) -> None:
    reply(cases[0], "Service restored", now)
    assert not IncidentEntry.objects.filter(kind=IncidentEntry.Kind.COMMENT).exists()


def test_an_agents_comment_is_no_reply(
    cases: list[Case], comments_sync: None, by: Actor, now: datetime
) -> None:
    add_comment(case_id=cases[0].pk, text="We are on it.", by=by, now=now)
    assert not IncidentEntry.objects.filter(kind=IncidentEntry.Kind.COMMENT).exists()


@pytest.mark.parametrize("fan_out", [False, True])
def test_fifty_interleaved_replies_stay_apart(
    cases: list[Case],
    comments_sync: None,
    switch: Callable[[str, bool], None],
    now: datetime,
    fan_out: bool,
) -> None:
    switch(FAN_OUT, fan_out)
    one, two = cases[0], cases[1]
    for number in range(50):
        case = (one, two)[number % 2]
        for _ in range(2):  # every mail is delivered twice
            reply(case, f"From {case.number}, {number}", now, origin=f"mail:{number}")
    copied = IncidentEntry.objects.filter(kind=IncidentEntry.Kind.COMMENT)
    assert copied.count() == 50
    for case, other in ((one, two), (two, one)):
        own = CaseEntry.objects.filter(case=case, text__startswith=f"From {case.number}")
        # Its own words were said once and never came back.
        assert own.count() == 25
        foreign = CaseEntry.objects.filter(case=case, text__startswith=f"From {other.number}")
        assert foreign.filter(kind=Kind.COMMENT).count() == 0
        assert foreign.filter(kind=Kind.WORK_NOTE).count() == (25 if fan_out else 0)


def test_the_fan_out_rule_ships_switched_off() -> None:
    rules = [reaction for reaction in reactions() if reaction.rule == FAN_OUT]
    assert [(rule.event, rule.active) for rule in rules] == [("incident.noted", False)]


def test_with_the_fan_out_rule_on_comments_become_work_notes(
    cases: list[Case], switch: Callable[[str, bool], None], by: Actor, now: datetime
) -> None:
    switch(FAN_OUT, True)
    incident = cases[0].incident
    assert incident is not None
    add_incident_comment(incident_id=incident.pk, text="Fix is planned.", by=by, now=now)
    copies = CaseEntry.objects.filter(text="Fix is planned.")
    # The major case and its three children.
    assert [entry.kind for entry in copies] == [Kind.WORK_NOTE] * 4


def test_an_answer_opens_a_case_that_waited_for_it(
    cases: list[Case], by: Actor, now: datetime
) -> None:
    values = {"state": CaseState.AWAITING_INFO}
    update_case(case_id=cases[0].pk, values=values, by=by, now=now)
    reply(cases[0], "Both lines.", now)
    assert Case.objects.get(pk=cases[0].pk).state == CaseState.OPEN


def test_a_reply_names_its_contact(cases: list[Case], now: datetime) -> None:
    entry = reply(cases[0], "Hello", now)
    assert entry.contact == Contact.objects.get(account=cases[0].account)
