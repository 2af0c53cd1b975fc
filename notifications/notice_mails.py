"""What became of a message to customers at each of them, and trying the failed ones again (N6)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Contact
from cases.choices import NoticeState
from cases.models import Notice, NoticeRecipient
from core.wake import wake
from notifications.mails import notice_cause
from notifications.models import MailMessage

NO_CONTACT, WAITING, NOT_SENT = "no contact", "waiting", "not sent"
QUEUED, TRYING, SENT, BOUNCED, FAILED = "queued", "trying again", "sent", "bounced", "failed"
State = MailMessage.State
AGAIN = (State.DEAD, State.BOUNCED)
_WORDS = {State.SENT: SENT, State.BOUNCED: BOUNCED, State.DEAD: FAILED}


@dataclass(frozen=True, slots=True)
class NoticeDelivery:
    """A recipient, the mail where one was written, and how far it is in a word."""

    recipient: NoticeRecipient
    mail: MailMessage | None
    state: str

    @property
    def address(self) -> str:
        """Return where it goes, else where it was meant to go."""
        return self.mail.to if self.mail is not None else self.recipient.address


def deliveries_of(notice: Notice, *, limit: int, after: int | None = None) -> list[NoticeDelivery]:
    """Return a portion of the recipients with what became of each; two statements."""
    rows = notice.recipients.select_related("case__account", "case__contact").order_by("pk")
    rows = rows.filter(pk__gt=after) if after is not None else rows
    chosen = list(rows[:limit])
    mails = {
        mail.case_id: mail
        for mail in _mails(notice.pk).filter(case__in=[each.case_id for each in chosen])
    }
    return [
        NoticeDelivery(each, mails.get(each.case_id), _state(notice, each, mails.get(each.case_id)))
        for each in chosen
    ]


def delivery_counts(notice: Notice) -> dict[str, int]:
    """Return how many recipients are in each state, those there are, in the order of the way."""
    rows = _mails(notice.pk).values_list("state", "attempts")
    counts = Counter(_mail_state(state, attempts) for state, attempts in rows)
    silent = notice.recipients.filter(address="").count()
    rest = notice.recipients.count() - silent - counts.total()
    counts[NO_CONTACT] = silent
    counts[_before_mails(notice)] += max(rest, 0)
    order = (WAITING, QUEUED, TRYING, SENT, BOUNCED, FAILED, NOT_SENT, NO_CONTACT)
    return {word: counts[word] for word in order if counts[word]}


def counts_of_many(notices: Iterable[Notice]) -> dict[int, dict[str, int]]:
    """Return the counts of several notices' mails by notice; one statement."""
    causes = {notice_cause(notice.pk): notice.pk for notice in notices}
    rows = MailMessage.objects.filter(cause__in=causes, case__isnull=False)
    found: dict[int, Counter[str]] = {pk: Counter() for pk in causes.values()}
    for cause, state, attempts in rows.values_list("cause", "state", "attempts"):
        found[causes[cause]][_mail_state(state, attempts)] += 1
    return {pk: dict(counts) for pk, counts in found.items()}


@transaction.atomic
def retry_failed(*, notice_id: int, now: datetime) -> int:
    """Send again what failed or bounced, and nothing that arrived; out: how many mails.

    To the address the contact has by now.
    """
    again = _mails(notice_id).filter(state__in=AGAIN)
    emails = Contact.unscoped.filter(pk=OuterRef("contact_id")).exclude(email="").values("email")
    count = again.update(
        to=Coalesce(Subquery(emails), F("to")),
        state=State.READY,
        attempts=0,
        due_at=now,
        lease_until=None,
        error="",
    )
    transaction.on_commit(lambda: wake("mail"))
    return count


def _mails(notice_id: int) -> QuerySet[MailMessage]:
    return MailMessage.objects.filter(cause=notice_cause(notice_id), case__isnull=False)


def _state(notice: Notice, recipient: NoticeRecipient, mail: MailMessage | None) -> str:
    if mail is not None:
        return _mail_state(mail.state, mail.attempts)
    return _before_mails(notice) if recipient.address else NO_CONTACT


def _mail_state(state: str, attempts: int) -> str:
    return _WORDS.get(State(state), TRYING if attempts else QUEUED)


def _before_mails(notice: Notice) -> str:
    """Return where a recipient without a mail is: the message waits, is on its way, or never is."""
    if notice.state == NoticeState.WAITING:
        return WAITING
    under_way = notice.state == NoticeState.LEFT and notice.job is not None
    return QUEUED if under_way and notice.job and notice.job.is_active else NOT_SENT
