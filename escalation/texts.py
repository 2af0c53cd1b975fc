"""Write, reset and restore messages; every text a message had is kept (R75, R77)."""

from datetime import datetime

from django.db import transaction

from core.actor import Actor
from core.changes import MovedOn
from core.errors import MissingField, Refused
from escalation.models import Message, MessageVersion
from escalation.models.messages import hash_of
from escalation.placeholders import unknown_names


@transaction.atomic
def write_message(
    *, message_id: int, text: str, comment: str, seen_version: int, by: Actor, now: datetime
) -> Message:
    """Give a message another text; runs planned before keep the one they were planned with.

    Errors: `MissingField` for an empty text or unknown placeholders, `MovedOn` when somebody
    changed it since.
    """
    message = Message.objects.select_for_update().get(pk=message_id)
    if message.version != seen_version:
        raise MovedOn("Somebody else changed this message in the meantime; look at it again.")
    text = _checked(text)
    if text == message.text:
        return message
    return _put(message, text, comment, by, now)


@transaction.atomic
def add_message(
    *, key: str, language: str, domain_id: int | None, text: str, by: Actor, now: datetime
) -> Message:
    """Write a message that is not there yet; `Refused` where it is."""
    key = key.strip()
    if not key:
        raise MissingField("key", "Give the message a key, such as mpls.circuit_down.l1.")
    there = Message.objects.filter(key__iexact=key, language=language, domain=domain_id)
    if there.exists():
        raise Refused("There is such a message already; edit that one.")
    message = Message(key=key, language=language, domain_id=domain_id, text=_checked(text))
    message.version = 0
    return _put(message, message.text, "First text", by, now)


@transaction.atomic
def reset_message(*, message_id: int, by: Actor, now: datetime) -> Message:
    """Give a message the text it was shipped with; `Refused` where none was shipped."""
    message = Message.objects.select_for_update().get(pk=message_id)
    if not message.shipped_text:
        raise Refused(f"{message} was written here; there is no shipped text.")
    if message.text == message.shipped_text:
        return message
    return _put(message, message.shipped_text, "Reset to the shipped text", by, now)


@transaction.atomic
def restore_message(*, message_id: int, number: int, by: Actor, now: datetime) -> Message:
    """Give a message the text of an older version, as a new version."""
    message = Message.objects.select_for_update().get(pk=message_id)
    old = message.versions.get(number=number)
    return _put(message, old.text, f"Restores version {number}", by, now)


def keep_version(message: Message, *, comment: str, now: datetime, by: Actor | None = None) -> None:
    """Keep the text a message has now under its number."""
    MessageVersion.objects.create(
        message=message,
        number=message.version,
        text=message.text,
        comment=comment.strip()[:240],
        written_by_id=by.user_id if by else None,
        written_at=now,
    )


def _put(message: Message, text: str, comment: str, by: Actor, now: datetime) -> Message:
    message.text, message.version = text, message.version + 1
    message.seen_shipped_hash = hash_of(message.shipped_text)
    message.save()
    keep_version(message, comment=comment, now=now, by=by)
    return message


def _checked(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise MissingField("text", "An empty message says nothing.")
    if unknown := unknown_names(text):
        raise MissingField("text", f"Unknown placeholders: {', '.join(unknown)}.")
    return text
