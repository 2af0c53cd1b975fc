"""Tell an event by mail, in plain text (setting `to`: addresses, separated by commas)."""

import json
from collections.abc import Mapping, Sequence
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

from notifications.publishers.interface import Message, Receipt, Target, one_by_one

# Our own rights at the mail server: they can be mended while the event waits (RFC 4954 §6).
OF_THE_SITE = frozenset({530, 534, 535, 538})
SHOWN = ("eventType", "correlationId", "eventTime", "priority", "description", "href", "eventId")


class MailPublisher:
    """Sends through the site's own mail server; all addresses stand in one mail."""

    def publish(self, target: Target, message: Message) -> Receipt:
        """Send one mail."""
        return self.publish_many(target, [message])[0]

    def publish_many(self, target: Target, messages: Sequence[Message]) -> list[Receipt]:
        """Send mails in order, none after one that did not go out."""
        return one_by_one(lambda message: _send(target, message), messages)


def as_email(target: Target, message: Message) -> EmailMessage:
    """Return the mail; the same event has the same Message-ID on every try (R11)."""
    host = settings.DEFAULT_FROM_EMAIL.rsplit("@", 1)[-1].rstrip(">")
    payload = message.payload
    number = payload.get("correlationId") or message.key
    return EmailMessage(
        subject=" ".join(f"[{number}] {message.event_type} #{message.sequence}".split()),
        body=_text(payload),
        to=[part.strip() for part in str(target.settings.get("to", "")).split(",") if part.strip()],
        headers={
            "Message-ID": f"<{message.event_id}@{host}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )


def _text(payload: Mapping[str, Any]) -> str:
    heads = [f"{name}: {payload[name]}" for name in SHOWN if payload.get(name)]
    event = json.dumps(payload.get("event", {}), indent=2, ensure_ascii=False)
    return "\n".join([*heads, "", event, ""])


def _send(target: Target, message: Message) -> Receipt:
    mail = as_email(target, message)
    if not mail.to:
        return Receipt(ok=False, detail="the setting to names no address")
    try:
        mail.send()
    except SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        return _failed(error, refused=all(map(_blames, codes)))
    except SMTPResponseException as error:
        return _failed(error, refused=_blames(error.smtp_code))
    except (SMTPException, OSError, ValueError) as error:
        return _failed(error, refused=False)
    return Receipt(ok=True, detail=f"sent to {len(mail.to)} addresses")


def _blames(code: int) -> bool:
    return 500 <= code < 600 and code not in OF_THE_SITE


def _failed(error: Exception, *, refused: bool) -> Receipt:
    return Receipt(ok=False, detail=f"{type(error).__name__}: {error}"[:300], refused=refused)
