"""Each recipient of a message has a state of its own, and only failed ones are tried again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused

import pytest
import time_machine
from django.conf import settings
from django.core import mail

from accounts.models import Contact
from cases.actions import generate_cases, take_back, write_notice
from cases.leaving import release_due_notices
from cases.models import Case, Notice
from cases.wording import Text
from core.actor import Actor
from incidents.models import Incident
from notifications import mailing
from notifications.bouncing import is_bounce
from notifications.lines import LEASE
from notifications.models import MailMessage
from notifications.notice_mails import (
    counts_of_many,
    deliveries_of,
    delivery_counts,
    retry_failed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(
    make_incident: Callable[..., Incident], comments_sync: None, by: Actor, now: datetime
) -> Notice:
    incident = make_incident(accounts=4)
    generate_cases(incident_id=incident.pk, by=by, now=now)
    MailMessage.objects.all().delete()
    Contact.objects.filter(email="c4@customer.example").update(email="")
    cases = Case.objects.filter(account__isnull=False).order_by("account__name")
    return write_notice(
        incident_id=incident.pk,
        case_ids=[case.pk for case in cases],
        texts={"en": Text("News", "Please wait.")},
        by=by,
        now=now,
    )


def leave(notice: Notice, now: datetime) -> Notice:
    with time_machine.travel(now + timedelta(seconds=31), tick=False):
        release_due_notices()
    notice.refresh_from_db()
    return notice


def send(monkeypatch: pytest.MonkeyPatch, now: datetime, refused: dict[str, int]) -> None:
    """Send what is due; these addresses are refused with these codes."""
    real = mailing.EmailMessage.send

    def answer(message: mailing.EmailMessage, *args: object) -> int:
        address = message.to[0]
        if address in refused:
            raise SMTPRecipientsRefused({address: (refused[address], b"no such user")})
        return real(message)

    with monkeypatch.context() as patch, time_machine.travel(now, tick=False):
        patch.setattr(mailing.EmailMessage, "send", answer)
        mailing.send_due_mails()


def test_a_waiting_message_waits_for_everybody(notice: Notice) -> None:
    assert delivery_counts(notice) == {"waiting": 3, "no contact": 1}


def test_each_recipient_has_a_state(
    notice: Notice, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    leave(notice, now)
    assert delivery_counts(notice) == {"queued": 3, "no contact": 1}
    later = now + timedelta(seconds=32)
    send(monkeypatch, later, {"c1@customer.example": 550, "c2@customer.example": 450})
    states = [each.state for each in deliveries_of(notice, limit=10)]
    assert states == ["bounced", "trying again", "sent", "no contact"]
    expected = {"trying again": 1, "sent": 1, "bounced": 1}
    assert delivery_counts(notice) == {**expected, "no contact": 1}
    assert counts_of_many([notice]) == {notice.pk: expected}


def test_only_what_failed_is_tried_again(
    notice: Notice, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    leave(notice, now)
    later = now + timedelta(seconds=32)
    send(monkeypatch, later, {"c1@customer.example": 550})
    sent = len(mail.outbox)
    assert retry_failed(notice_id=notice.pk, now=later) == 1
    send(monkeypatch, later + timedelta(seconds=1), {})
    assert [message.to for message in mail.outbox[sent:]] == [["c1@customer.example"]]
    assert delivery_counts(notice) == {"sent": 3, "no contact": 1}
    assert retry_failed(notice_id=notice.pk, now=later) == 0


def test_what_is_tried_again_goes_to_the_address_of_now(
    notice: Notice, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    leave(notice, now)
    later = now + timedelta(seconds=32)
    send(monkeypatch, later, {"c1@customer.example": 550, "c2@customer.example": 550})
    Contact.objects.filter(email="c1@customer.example").update(email="right@customer.example")
    Contact.objects.filter(email="c2@customer.example").update(email="")
    retry_failed(notice_id=notice.pk, now=later)
    addresses = [each.address for each in deliveries_of(notice, limit=3)]
    expected = ["right@customer.example", "c2@customer.example", "c3@customer.example"]
    assert addresses == expected


def test_what_was_taken_back_is_not_sent(notice: Notice, by: Actor, now: datetime) -> None:
    taken = take_back(notice_id=notice.pk, by=by, now=now)
    assert delivery_counts(taken) == {"not sent": 3, "no contact": 1}


def test_portions_follow_one_another(notice: Notice) -> None:
    first = deliveries_of(notice, limit=3)
    rest = deliveries_of(notice, limit=3, after=first[-1].recipient.pk)
    assert [len(first), len(rest)] == [3, 1]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (SMTPRecipientsRefused({"a@b.example": (550, b"unknown")}), True),
        (SMTPRecipientsRefused({"a@b.example": (451, b"later")}), False),
        (SMTPRecipientsRefused({}), False),
        (SMTPRecipientsRefused({"a@b.example": (530, b"authenticate first")}), False),
        (SMTPRecipientsRefused({"a@b.example": (554, b"Relay access denied")}), False),
        (ConnectionRefusedError("away"), False),
    ],
)
def test_only_a_refusal_of_theirs_is_a_bounce(error: Exception, expected: bool) -> None:
    assert is_bounce(error) is expected


def test_a_silent_mail_server_is_left_before_the_lease_ends() -> None:
    assert 0 < settings.EMAIL_TIMEOUT < LEASE.total_seconds()
