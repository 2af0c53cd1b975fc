"""Send the mails that are due, one lease each."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from core.crash_points import crash_point
from core.scope import everything
from core.wake import drain
from notifications.bouncing import is_bounce
from notifications.lines import LEASE
from notifications.models import MailMessage
from notifications.patience import backoff

TRIES = 40
BATCH = 500
State = MailMessage.State


@drain("mail")
def send_due_mails() -> int:
    """Send until nothing is due; return how many tries were made."""
    done = 0
    with everything():
        while done < BATCH:
            mail = claim(now=timezone.now())
            if mail is None:
                break
            _send(mail)
            done += 1
    return done


@transaction.atomic
def claim(*, now: datetime) -> MailMessage | None:
    """Take the next due mail; the lease is committed before the server is asked."""
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    due = MailMessage.objects.filter(free, state=State.READY, due_at__lte=now)
    due = due.order_by("due_at", "pk")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, of=("self",))
    found: MailMessage | None = due.first()
    if found is not None:
        found.attempts += 1
        found.lease_until = now + LEASE
        found.save(update_fields=["attempts", "lease_until"])
    return found


def _send(mail: MailMessage) -> None:
    ours = MailMessage.objects.filter(pk=mail.pk, lease_until=mail.lease_until, state=State.READY)
    try:
        as_email(mail).send()
    except Exception as error:
        wait = timedelta(seconds=backoff(mail.attempts))
        text = f"{type(error).__name__}: {error}"[:400]
        state = State.DEAD if mail.attempts >= TRIES else State.READY
        state = State.BOUNCED if is_bounce(error) else state
        ours.update(due_at=timezone.now() + wait, lease_until=None, error=text, state=state)
    else:
        crash_point("mail.after-talk")
        ours.update(state=State.SENT, sent_at=timezone.now(), lease_until=None, error="")


def as_email(mail: MailMessage) -> EmailMessage:
    """Return the mail with the headers that keep two machines from answering each other (R11)."""
    host = settings.DEFAULT_FROM_EMAIL.rsplit("@", 1)[-1].rstrip(">")
    return EmailMessage(
        subject=" ".join(mail.subject.split()),
        body=mail.body,
        to=[mail.to],
        headers={
            "Message-ID": f"<{mail.uid.hex}@{host}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
