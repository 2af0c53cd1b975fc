"""Who gets which mail, how often, and with which headers (R104, R105, R118, reliability R11)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.actions import generate_cases, notify_customers, resolve_case
from cases.models import Case
from core.actor import Actor
from core.models import DomainEvent, User
from incidents.models import Incident
from notifications import mailing
from notifications.mails import MAJOR_ROLE, mail_raised_cases
from notifications.models import InboxItem, MailMessage
from notifications.queries import inbox, unread
from tests.cases.conftest import affect, make_account

pytestmark = pytest.mark.django_db
Make = Callable[..., Incident]


@pytest.fixture
def manager(base: None) -> User:
    user = User.objects.create_user("mim1", email="mim1@noc.example")
    user.groups.add(Group.objects.get(name=MAJOR_ROLE))
    return user


@pytest.fixture
def cases(make_incident: Make, manager: User, by: Actor, now: datetime) -> list[Case]:
    incident = make_incident(accounts=5)
    return generate_cases(incident_id=incident.pk, by=by, now=now).cases


def customers() -> list[str]:
    rows = MailMessage.objects.filter(to__endswith="@customer.example").order_by("to")
    return list(rows.values_list("to", flat=True))


def test_each_primary_contact_gets_one_mail(cases: list[Case]) -> None:
    assert customers() == [f"c{number}@customer.example" for number in range(1, 6)]
    mine = MailMessage.objects.get(to="c3@customer.example")
    case = next(case for case in cases if str(case.account) == "Customer A3")
    assert case.number in mine.subject
    assert case.number in mine.body
    assert "Customer A3" in mine.body
    assert "Contact C3" in mine.body
    assert "Customer A1" not in mine.body


def test_the_major_case_is_told_to_its_managers_alone(cases: list[Case], manager: User) -> None:
    major = cases[0].parent
    assert list(MailMessage.objects.filter(case=major).values_list("to", flat=True)) == [
        manager.email
    ]
    item = InboxItem.objects.get(case=major)
    assert item.user == manager
    assert "5 child cases" in item.text
    assert inbox(manager) == [item]
    assert unread(manager) == 1


def test_individual_cases_tell_no_manager(
    make_incident: Make, manager: User, by: Actor, now: datetime
) -> None:
    incident = make_incident(accounts=1)
    generate_cases(incident_id=incident.pk, by=by, now=now)
    assert customers() == ["c1@customer.example"]
    assert not MailMessage.objects.filter(to=manager.email).exists()


def test_a_notice_goes_to_the_selected_customers(
    cases: list[Case], comments_sync: None, by: Actor, now: datetime
) -> None:
    MailMessage.objects.all().delete()
    notify_customers(case_ids=[cases[4].pk], note="Power-cycle the CPE.", by=by, now=now)
    assert customers() == ["c5@customer.example"]
    assert "Power-cycle the CPE." in MailMessage.objects.get().body


def test_customers_learn_that_their_case_is_resolved(
    cases: list[Case], by: Actor, now: datetime
) -> None:
    MailMessage.objects.all().delete()
    major = cases[0].parent
    assert major is not None
    resolve_case(case_id=major.pk, code="fixed", notes="Replaced.", by=by, now=now)
    assert len(customers()) == 5
    assert MailMessage.objects.count() == 5


def test_the_same_cause_never_writes_twice(cases: list[Case]) -> None:
    mail_raised_cases(DomainEvent.objects.get(name="cases.raised"))
    assert len(customers()) == 5


def test_writing_to_many_takes_as_many_statements_as_to_few(
    make_incident: Make, by: Actor, now: datetime
) -> None:
    incident = make_incident(accounts=2)
    generate_cases(incident_id=incident.pk, by=by, now=now)
    for number in range(50, 65):
        affect(incident, make_account(number), by, now)
    generate_cases(incident_id=incident.pk, by=by, now=now)
    first, second = DomainEvent.objects.filter(name="cases.raised").order_by("pk")
    with CaptureQueriesContext(connection) as few:
        mail_raised_cases(first)
    with CaptureQueriesContext(connection) as many:
        mail_raised_cases(second)
    assert len(many) == len(few)


def test_mails_are_sent_once_with_headers_that_stop_answering_machines(
    cases: list[Case], work: Callable[[], None]
) -> None:
    work()
    work()
    assert len(mail.outbox) == MailMessage.objects.count()
    assert not MailMessage.objects.exclude(state=MailMessage.State.SENT).exists()
    headers = mail.outbox[0].extra_headers
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["X-Auto-Response-Suppress"] == "All"
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == len(mail.outbox)


def test_a_mail_server_that_is_away_delays_mails_and_loses_none(
    cases: list[Case], work: Callable[[], None], monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    def refuse(_: object) -> None:
        raise ConnectionRefusedError("mail server is away")

    with monkeypatch.context() as patch:
        patch.setattr(mailing.EmailMessage, "send", refuse)
        work()
    waiting = MailMessage.objects.filter(state=MailMessage.State.READY)
    assert waiting.count() == MailMessage.objects.count()
    assert "away" in waiting[0].error
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        work()
    assert not waiting.exists()


def test_a_mail_under_way_is_left_alone_until_its_lease_is_over(
    cases: list[Case], now: datetime
) -> None:
    MailMessage.objects.exclude(to="c1@customer.example").delete()
    soon = now + timedelta(seconds=1)
    first = mailing.claim(now=soon)
    assert first is not None
    assert mailing.claim(now=soon) is None
    second = mailing.claim(now=soon + mailing.LEASE * 2)
    assert second is not None
    assert (second.pk, second.uid) == (first.pk, first.uid)
