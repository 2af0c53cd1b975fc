"""Let the messages leave whose time to be taken back is over."""

import logging
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from cases.actions.notices import end_notice
from cases.choices import NoticeState
from cases.jobs import notify_or_start
from cases.models import Notice
from cases.notice_preview import notice_facts
from cases.wording import for_everybody, text_for, texts_from
from core.actor import actor_from
from core.crash_points import crash_point
from core.errors import Refused
from core.models import Job
from core.scope import everything
from core.wake import drain
from incidents.actions import add_system_note

logger = logging.getLogger(__name__)

MOST = 100
# A message that fails waits as long as it has waited, within these.
SOONEST, LATEST = timedelta(seconds=30), timedelta(hours=1)


@drain("notices")
def release_due_notices() -> int:
    """Let what is due leave, one message per transaction; return how many left."""
    done = 0
    with everything():
        while done < MOST and release_next(now=timezone.now()):
            done += 1
    return done


@transaction.atomic
def release_next(*, now: datetime) -> bool:
    """Let the next due message leave, whole or not at all; False where none is due.

    One that fails is tried again later, so that it holds up no other.
    """
    due = Notice.objects.filter(state=NoticeState.WAITING, leaves_at__lte=now)
    due = due.order_by("leaves_at", "pk")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, of=("self",))
    notice = due.first()
    if notice is None:
        return False
    try:
        with transaction.atomic():
            _release(notice, now)
    except Exception:
        logger.exception("message %s could not leave; it is tried again later", notice.uid)
        wait = min(max(now - notice.created_at, SOONEST), LATEST)
        Notice.objects.filter(pk=notice.pk).update(leaves_at=now + wait)
    crash_point("notice.before-commit")
    return True


def _release(notice: Notice, now: datetime) -> None:
    by = actor_from(notice.actor)
    try:
        with transaction.atomic():
            told = notify_or_start(
                incident_id=notice.incident_id,
                case_ids=list(notice.recipients.values_list("case_id", flat=True)),
                note=shared_body(notice),
                by=by,
                now=now,
                notice=notice,
            )
    except Refused as error:
        end_notice(notice, NoticeState.REFUSED, by=by, now=now, error=str(error))
        text = f"The message to customers, “{notice.subject}”, was not sent: {error}"
        add_system_note(incident_id=notice.incident_id, text=text, by=by, now=now)
        return
    job = told if isinstance(told, Job) else None
    end_notice(notice, NoticeState.LEFT, by=by, now=now, job=job)


def shared_body(notice: Notice) -> str:
    """Return what the incident keeps of a message: what differs by customer is a placeholder."""
    facts = notice_facts(notice.incident, notice.next_update_at)
    return for_everybody(text_for(texts_from(notice.texts), ""), facts).body
