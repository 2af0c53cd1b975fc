"""Read the event log from where a page has come to, without losing what committed late."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet

from core.models import DomainEvent
from workspace.live.hints import hints_of
from workspace.live.kinds import BY_NAME, BY_RECORD_TYPE, CASE, INCIDENT
from workspace.live.viewers import Viewer

# Nobody catches up with more than this; the page is asked to reload.
CAP = 500
# Ids are given before the commit: an event may appear behind those already read. This many ids
# and this long it is looked for; whoever reads drops what was seen.
LATE_IDS = 500
LATE = timedelta(minutes=2)


@dataclass
class Batch:
    """What happened since: the id to ask with next, and the hints, or that it was too much."""

    last: int
    refresh: bool = False
    changes: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the answer of `/live/changes` and of an event of the stream."""
        return {"last": self.last, "refresh": self.refresh, "changes": self.changes}


def newest_id() -> int:
    """Return the highest id of the log, 0 while it is empty."""
    return DomainEvent.objects.aggregate(last=Max("pk"))["last"] or 0


def recent(place: int | datetime, now: datetime) -> QuerySet[DomainEvent]:
    """Return the events after an id or a moment, and those that may have committed late."""
    if isinstance(place, int):
        late = Q(pk__gt=place - LATE_IDS, happened_at__gte=now - LATE)
        rows = DomainEvent.objects.filter(Q(pk__gt=place) | late, pk__gt=place - LATE_IDS)
    else:
        rows = DomainEvent.objects.filter(happened_at__gte=place - LATE)
    # What `.saved` announces, another event of the same act tells.
    return rows.filter(record_type__in=BY_RECORD_TYPE).exclude(name__endswith=".saved")


def changes_since(place: int | datetime, viewer: Viewer, now: datetime) -> Batch:
    """Return the hints for this person since an id, or since a page was made.

    At most `CAP` events, else `refresh`. Events of the two minutes before come again, see `LATE`.
    Two statements, and one per kind of record.
    """
    last = newest_id()
    if isinstance(place, int) and place > last:
        return Batch(last, refresh=True)
    events = list(_visible(recent(place, now), viewer).order_by("-pk")[: CAP + 1])
    last = max([last, *(event.pk for event in events)])
    if sum(_is_after(event, place) for event in events) > CAP:
        return Batch(last, refresh=True)
    return Batch(last, changes=told(events[:CAP][::-1], viewer))


def _visible(rows: QuerySet[DomainEvent], viewer: Viewer) -> QuerySet[DomainEvent]:
    types = [BY_NAME[name].record_type for name in viewer.kinds]
    # A case's hint may come with an event of its incident; `for_viewer` judges each hint.
    types += [INCIDENT.record_type] if CASE.name in viewer.kinds else []
    rows = rows.filter(record_type__in=types)
    return rows if viewer.domain_ids is None else rows.filter(domain_id__in=viewer.domain_ids)


def _is_after(event: DomainEvent, place: int | datetime) -> bool:
    return event.pk > place if isinstance(place, int) else event.happened_at >= place


def told(events: Sequence[DomainEvent], viewer: Viewer) -> list[dict[str, Any]]:
    """Return what these events tell this person."""
    return [told for hint in hints_of(events) if (told := hint.for_viewer(viewer))]
