"""What the page of one message to customers shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cases.choices import NoticeState
from cases.models import Notice
from notifications.notice_mails import (
    BOUNCED,
    FAILED,
    QUEUED,
    TRYING,
    NoticeDelivery,
    counts_of_many,
    deliveries_of,
    delivery_counts,
)
from workspace.parts import CountCard, Tone
from workspace.records.jobs import job_url
from workspace.records.notices import notice_url

PAGE = 50
TONES: dict[str, Tone] = {"sent": "ok", BOUNCED: "p1", FAILED: "p1", "no contact": "p1"}


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A message with a portion of its recipients."""

    notice: Notice
    cards: list[CountCard]
    deliveries: list[NoticeDelivery]
    more: int | None
    failed: int
    # Something still changes by itself.
    live: bool
    can_undo: bool
    seconds_left: int
    job_url: str


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A message in the incident's list of them."""

    notice: Notice
    url: str
    undo_url: str
    counts: str


def notice_page(notice: Notice, *, after: int | None, now: datetime) -> NoticePage:
    """Return a message's page; as many statements for one recipient as for a thousand."""
    counts = delivery_counts(notice)
    found = deliveries_of(notice, limit=PAGE + 1, after=after)
    more = found[PAGE - 1].recipient.pk if len(found) > PAGE else None
    return NoticePage(
        notice=notice,
        cards=[
            CountCard(word.capitalize(), count, tone=TONES.get(word, ""))
            for word, count in counts.items()
        ],
        deliveries=found[:PAGE],
        more=more,
        failed=counts.get(BOUNCED, 0) + counts.get(FAILED, 0),
        live=notice.waits or bool(counts.get(QUEUED) or counts.get(TRYING)),
        can_undo=notice.waits,
        seconds_left=max(0, round((notice.leaves_at - now).total_seconds())),
        job_url=job_url(notice.job) if notice.job else "",
    )


def notice_rows(incident_notices: list[Notice]) -> list[NoticeRow]:
    """Return messages as the incident lists them; one statement for all their mails."""
    left = [each for each in incident_notices if each.state == NoticeState.LEFT]
    counts = counts_of_many(left) if left else {}
    return [
        NoticeRow(
            each,
            notice_url(each),
            notice_url(each, "notice_undo") if each.waits else "",
            _words(counts.get(each.pk, {})),
        )
        for each in incident_notices
    ]


def _words(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {word}" for word, count in sorted(counts.items()))
