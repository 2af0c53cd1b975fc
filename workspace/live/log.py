"""Read the event log from where a page has come to, without losing what committed late."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet

from core.models import DomainEvent
from workspace.live.hints import hints_of
from workspace.live.kinds import BY_NAME, BY_RECORD_TYPE
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


def recent(after: int, now: datetime) -> QuerySet[DomainEvent]:
    """Return the events after an id and those that may have committed late behind it."""
    late = Q(pk__gt=after - LATE_IDS, happened_at__gte=now - LATE)
    rows = DomainEvent.objects.filter(Q(pk__gt=after) | late, pk__gt=after - LATE_IDS)
    # What `.saved` announces, another event of the same act tells.
    return rows.filter(record_type__in=BY_RECORD_TYPE).exclude(name__endswith=".saved")


def changes_since(after: int, viewer: Viewer, now: datetime) -> Batch:
    """Return the hints for this person since an id; at most `CAP` events, else `refresh`.

    Events of the last two minutes come again, see `LATE`. Two statements, and one per kind.
    """
    last = newest_id()
    if after > last:
        return Batch(last, refresh=True)
    types = [BY_NAME[name].record_type for name in viewer.kinds]
    # A case's hint may come with an event of its incident; `for_viewer` judges each hint.
    types += [BY_NAME["incident"].record_type] if "case" in viewer.kinds else []
    rows = recent(after, now).filter(record_type__in=types)
    if viewer.domain_ids is not None:
        rows = rows.filter(domain_id__in=viewer.domain_ids)
    events = list(rows.order_by("-pk")[: CAP + 1])
    last = max([last, *(event.pk for event in events)])
    if sum(event.pk > after for event in events) > CAP:
        return Batch(last, refresh=True)
    return Batch(last, changes=told(events[:CAP][::-1], viewer))


def told(events: Sequence[DomainEvent], viewer: Viewer) -> list[dict[str, Any]]:
    """Return what these events tell this person."""
    return [told for hint in hints_of(events) if (told := hint.for_viewer(viewer))]
