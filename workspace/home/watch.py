"""What a shift keeps an eye on: the pace of new incidents, groups with nobody, planned work."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import Count, QuerySet
from django.urls import reverse

from changes.models import ChangeRequest
from core.models import User
from incidents.models import Incident
from incidents.properties import STORM_INCIDENTS

# Home asks for the limit every time; a minute makes no difference to a property.
REMEMBERED_SECONDS = 60
SLICE = timedelta(minutes=15)
SLICES = 24
STORM = timedelta(minutes=5)
# More arrivals than this in six hours are counted in the list, not one by one here.
MOST_ARRIVALS = 20_000
AHEAD = timedelta(hours=12)
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Pace:
    """New incidents per quarter of an hour, the oldest first, and whether it is a storm."""

    counts: tuple[int, ...]
    latest: int
    storm: bool
    url: str

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def words(self) -> str:
        """Return what the bars show, for those who do not see them."""
        return f"{self.total} new incidents in six hours, {self.counts[-1]} in the last 15 minutes"


@dataclass(frozen=True, slots=True)
class Unowned:
    """How many open incidents of a group nobody has taken."""

    group: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Work:
    """A planned change, and whether another one touches the same item at the same time."""

    change: ChangeRequest
    running: bool
    overlaps: bool


def pace_of(user: User, now: datetime) -> Pace:
    """Return the last six hours of new incidents."""
    since = now - SLICES * SLICE
    rows = Incident.objects.filter(opened_at__gt=since, opened_at__lte=now)
    moments = list(rows.order_by("-opened_at").values_list("opened_at", flat=True)[:MOST_ARRIVALS])
    latest = sum(moment > now - STORM for moment in moments)
    limit: int = cache.get_or_set(  # type: ignore[assignment]
        f"storm.limit:{user.domain_id}",
        lambda: STORM_INCIDENTS.value(user.domain_id),
        REMEMBERED_SECONDS,
    )
    url = list_url("incidents", "all", opened__after=f"{since:%Y-%m-%dT%H:%M}Z")
    return Pace(slices(moments, now), latest, 0 < limit <= latest, url)


def slices(moments: Iterable[datetime], now: datetime) -> tuple[int, ...]:
    """Count moments per slice of time that ends now, the oldest slice first."""
    found = Counter(int((now - moment) / SLICE) for moment in moments)
    return tuple(found.get(n, 0) for n in reversed(range(SLICES)))


def unowned() -> list[Unowned]:
    """Return the groups whose open incidents nobody has taken, the most loaded first."""
    rows = (
        Incident.objects.open()
        .unassigned()
        .exclude(assignment_group=None)
        .values_list("assignment_group__name")
        .annotate(count=Count("pk"))
        .order_by("-count", "assignment_group__name")
    )
    return [
        Unowned(group, count, list_url("incidents", "unassigned", group=group))
        for group, count in rows
    ]


def planned_work(now: datetime) -> tuple[list[Work], int]:
    """Return the work that runs now or begins in the next twelve hours, and how much it is."""
    rows = running_or_soon(ChangeRequest.objects.all(), now).select_related("ci")
    found: list[Any] = list(rows.order_by("planned_start", "pk"))
    twice = _overlapping(found)
    works = [Work(each, each.planned_start <= now, each.pk in twice) for each in found]
    return works[:SHOWN], len(works)


def running_or_soon(rows: QuerySet[Any], now: datetime) -> QuerySet[Any]:
    """Keep the changes whose work runs now or begins in the next twelve hours."""
    over = (ChangeRequest.State.CLOSED, ChangeRequest.State.CANCELED)
    return rows.filter(planned_start__lt=now + AHEAD, planned_end__gt=now).exclude(state__in=over)


def _overlapping(changes: Sequence[Any]) -> set[int]:
    """Return the changes that touch an item while another one does."""
    found: set[int] = set()
    for n, one in enumerate(changes):
        for other in changes[n + 1 :]:
            same = one.ci_id is not None and one.ci_id == other.ci_id
            if same and other.planned_start < one.planned_end:
                found |= {one.pk, other.pk}
    return found


def pressing() -> list[Incident]:
    """Return open P1 and P2 incidents, the longest open first within a priority."""
    rows = Incident.objects.open().pressing()
    related = rows.select_related("assignment_group", "assigned_to")
    return list(related.order_by("priority", "opened_at", "pk")[:SHOWN])


def list_url(name: str, view: str, **filters: str) -> str:
    """Return the address of a list with a view and filters."""
    return f"{reverse('workspace:list', args=[name])}?{urlencode({'view': view, **filters})}"
