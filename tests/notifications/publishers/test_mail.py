"""Events told by mail."""

from smtplib import SMTPAuthenticationError, SMTPDataError, SMTPServerDisconnected

import pytest
from django.core.mail.backends.locmem import EmailBackend

from notifications.publishers.interface import NOT_TRIED, Target
from notifications.publishers.mail import MailPublisher
from tests.notifications.publishers.helping import EVENT_TYPE, message

mail = MailPublisher()
NOC = Target("noc", settings={"to": "noc@example.com, desk@example.com"})


def test_a_mail_names_ticket_and_event_and_answers_nobody(mailoutbox: list) -> None:
    assert mail.publish(NOC, message("INC1", 3)).ok
    (sent,) = mailoutbox
    assert sent.to == ["noc@example.com", "desk@example.com"]
    assert sent.subject == f"[INC1] {EVENT_TYPE} #3"
    assert sent.extra_headers["Message-ID"].startswith("<INC1-3@")
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "eventId: INC1-3" in sent.body
    assert "Überlauf" in sent.body


def test_a_second_try_has_the_same_message_id(mailoutbox: list) -> None:
    mail.publish(NOC, message("INC1", 3))
    mail.publish(NOC, message("INC1", 3))
    first, second = (sent.extra_headers["Message-ID"] for sent in mailoutbox)
    assert first == second


def test_a_line_break_in_an_address_is_a_failed_try(mailoutbox: list) -> None:
    evil = Target("noc", settings={"to": "noc@example.com\nBcc: all@example.com"})
    assert not mail.publish(evil, message("INC1", 1)).ok
    assert mailoutbox == []


def test_nobody_to_tell_is_a_failed_try() -> None:
    assert "no address" in mail.publish(Target("noc"), message("INC1", 1)).detail


@pytest.mark.parametrize(
    ("error", "hopeless"),
    [
        (SMTPDataError(552, b"too big"), True),
        (SMTPDataError(451, b"later"), False),
        (SMTPAuthenticationError(535, b"who are you"), False),
        (SMTPServerDisconnected("gone"), False),
        (ConnectionRefusedError(), False),
    ],
)
def test_what_the_mail_server_says_is_in_the_receipt(
    monkeypatch: pytest.MonkeyPatch, error: Exception, hopeless: bool
) -> None:
    def fail(*_: object) -> int:
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    first, second = mail.publish_many(NOC, [message("INC1", 1), message("INC1", 2)])
    assert not first.ok
    assert first.hopeless is hopeless
    assert type(error).__name__ in first.detail
    assert second is NOT_TRIED
