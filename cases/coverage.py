"""Who is hit, who was told, who still waits: the promise of psew as a number (ux N7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from cases.models import Case
from cases.properties import TOLD_WITHIN
from incidents.models import AffectedAccount


@dataclass(frozen=True, slots=True)
class Coverage:
    """The affected accounts of an incident; each was told, waits for a word, or is left out."""

    affected: int = 0
    informed: int = 0
    waiting: int = 0
    left_out: int = 0
    waiting_since: datetime | None = None

    def waited(self, now: datetime) -> timedelta | None:
        """Return how long the first of those who wait has waited."""
        return now - self.waiting_since if self.waiting_since else None

    def is_late(self, now: datetime, domain_id: int | None) -> bool:
        """Tell whether somebody waits longer than this site allows; one statement at most."""
        waited = self.waited(now)
        return waited is not None and waited > timedelta(minutes=TOLD_WITHIN.value(domain_id))


def was_told() -> Exists:
    """Return the condition that an affected account had a word about its incident."""
    cases = Case.objects.filter(incident=OuterRef("incident"), account=OuterRef("account"))
    return Exists(cases.filter(last_informed_at__isnull=False))


def untold(rows: QuerySet[AffectedAccount]) -> QuerySet[AffectedAccount]:
    """Keep the affected accounts that wait for a word; those left out do not."""
    return rows.filter(excluded=False).exclude(was_told())


def coverages_of(incident_ids: Iterable[int]) -> dict[int, Coverage]:
    """Return the coverage of each incident that affects anybody, in one statement."""
    waits = Q(told=False, excluded=False)
    rows: Any = AffectedAccount.objects.filter(incident__in=list(incident_ids))
    counted = (
        rows.order_by()
        .annotate(told=was_told())
        .values("incident")
        .annotate(
            affected=Count("pk"),
            informed=Count("pk", filter=Q(told=True)),
            waiting=Count("pk", filter=waits),
            left_out=Count("pk", filter=Q(told=False, excluded=True)),
            waiting_since=Min("created_at", filter=waits),
        )
    )
    return {row.pop("incident"): Coverage(**row) for row in counted}


def coverage_of(incident_id: int) -> Coverage:
    """Return the coverage of one incident."""
    return coverages_of([incident_id]).get(incident_id, Coverage())
