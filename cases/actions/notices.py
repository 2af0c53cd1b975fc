"""Write messages to customers, take them back while they wait, let them leave (R117-R119)."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from cases.actions.talking import whom_to_tell
from cases.choices import NoticePhase, NoticeState
from cases.models import Case, Notice, NoticeRecipient
from cases.notice_preview import address_of
from cases.properties import UNDO_SECONDS
from cases.wording import Text, Texts
from core.actor import Actor
from core.errors import Refused
from core.wake import wake
from incidents.actions import add_system_note
from incidents.models import Incident


def write_notice(
    *,
    incident_id: int,
    case_ids: list[int],
    texts: Texts,
    by: Actor,
    now: datetime,
    phase: str = NoticePhase.UPDATE,
    next_update_at: datetime | None = None,
    template_version: int = 0,
    request_key: str = "",
) -> Notice:
    """Write a message that leaves after the time to take it back (property `UNDO_SECONDS`).

    Out: the notice, or the one an earlier press wrote where it says the same. Errors: as of
    `notify_customers`, here and not only when it leaves.
    """
    cases = whom_to_tell(case_ids, _body(texts), incident_id)
    incident = Incident.objects.get(pk=incident_id)
    key = f"{by.user_id or by.name}:{request_key}"[:80] if request_key else ""
    notice = Notice(
        domain_id=incident.domain_id,
        incident=incident,
        phase=phase,
        texts={name: _kept(text) for name, text in texts.items()},
        template_version=template_version,
        next_update_at=next_update_at,
        written_by=by.user,
        actor=by.as_json(),
        request_key=key,
        created_at=now,
        leaves_at=now + timedelta(seconds=UNDO_SECONDS.value(incident.domain_id)),
    )
    try:
        with transaction.atomic():
            _save(notice, cases)
    except IntegrityError:
        if not key:
            raise
        return _known_or_new(notice, cases)
    return notice


@transaction.atomic
def take_back(*, notice_id: int, by: Actor, now: datetime) -> Notice:
    """Take back a message that still waits; `Refused` where it has left or was taken back."""
    notice = Notice.objects.select_for_update(of=("self",)).get(pk=notice_id)
    if not notice.waits:
        raise Refused(_too_late(notice))
    end_notice(notice, NoticeState.TAKEN_BACK, by=by, now=now)
    count = notice.recipients.exclude(address="").count()
    people = "1 customer" if count == 1 else f"{count} customers"
    add_system_note(
        incident_id=notice.incident_id,
        text=f"Taken back before it left: the message to {people}, “{notice.subject}”.",
        by=by,
        now=now,
    )
    return notice


def end_notice(
    notice: Notice, state: NoticeState, *, by: Actor, now: datetime, **more: Any
) -> None:
    """Write down how a locked notice ended."""
    notice.state, notice.ended_at, notice.ended_by = state, now, by.name
    for name, value in more.items():
        setattr(notice, name, value)
    notice.save(update_fields=["state", "ended_at", "ended_by", *more])


@transaction.atomic
def _known_or_new(notice: Notice, cases: list[Case]) -> Notice:
    """Return what the same press wrote before; what was corrected since is another message."""
    rows = Notice.objects.select_for_update(of=("self",)).filter(request_key=notice.request_key)
    known = rows.first()
    if known is not None:
        if _says_the_same(known, notice, cases):
            return known
        known.request_key = ""
        known.save(update_fields=["request_key"])
    _save(notice, cases)
    return notice


def _says_the_same(known: Notice, notice: Notice, cases: list[Case]) -> bool:
    return (
        known.state in (NoticeState.WAITING, NoticeState.LEFT)
        and known.texts == notice.texts
        and known.phase == notice.phase
        and _promises_the_same(known, notice)
        and set(known.recipients.values_list("case_id", flat=True)) == {case.pk for case in cases}
    )


def _promises_the_same(known: Notice, notice: Notice) -> bool:
    if known.next_update_at is None or notice.next_update_at is None:
        return known.next_update_at == notice.next_update_at
    moved = notice.next_update_at - known.next_update_at
    # The moment promised is rounded to this.
    return abs(moved - (notice.created_at - known.created_at)) < timedelta(minutes=5)


def _save(notice: Notice, cases: list[Case]) -> None:
    notice.save()
    NoticeRecipient.objects.bulk_create(
        (NoticeRecipient(notice=notice, case=case, address=address_of(case)) for case in cases),
        batch_size=1000,
    )
    transaction.on_commit(lambda: wake("notices"))


def _kept(text: Text) -> dict[str, str]:
    return {"subject": text.subject.strip(), "body": text.body.strip()}


def _body(texts: Texts) -> str:
    # A language without words would be silence for those who read it.
    bodies = [text.body.strip() for text in texts.values()]
    return bodies[0] if bodies and all(bodies) else ""


def _too_late(notice: Notice) -> str:
    if notice.state == NoticeState.TAKEN_BACK:
        return f"{notice.ended_by} has taken the message back already."
    return "The message has left; it cannot be taken back any more."
