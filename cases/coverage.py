"""Who is hit, who was told, who still waits: the promise of psew as a number (ux N7)."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
    Exists,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from cases.models import Case
from cases.properties import TOLD_WITHIN
from incidents.models import AffectedAccount, Incident


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


def was_told(incident: str = "incident", account: str = "account") -> Exists:
    """Return the condition that an affected account had a word about its incident."""
    cases = Case.objects.filter(incident=OuterRef(incident), account=OuterRef(account))
    return Exists(cases.filter(last_informed_at__isnull=False))


def untold(rows: QuerySet[AffectedAccount]) -> QuerySet[AffectedAccount]:
    """Keep the affected accounts that wait for a word; those left out do not."""
    return rows.filter(excluded=False).exclude(was_told())


def covered(incidents: QuerySet[Incident]) -> QuerySet[Any, Any]:
    """Return per incident its key, its number of cases, and what `coverage_in` reads."""
    hit = "affected_accounts"
    untold_ones, told = (
        {"told": False, f"{hit}__excluded": False},
        was_told("pk", f"{hit}__account"),
    )
    return (
        incidents.order_by()
        .annotate(told=told)
        .values("pk")
        .annotate(
            affected=Count(hit),
            informed=Count(hit, filter=Q(told=True)),
            waiting=Count(hit, filter=Q(**untold_ones)),
            left_out=Count(hit, filter=Q(told=False, **{f"{hit}__excluded": True})),
            waiting_since=Min(f"{hit}__created_at", filter=Q(**untold_ones)),
            case_count=_case_count(),
        )
    )


def _case_count() -> Coalesce:
    cases = Case.objects.filter(incident=OuterRef("pk")).order_by().values("incident")
    counted = cases.annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def coverage_in(row: dict[str, Any]) -> Coverage:
    """Return the coverage in a row of `covered`."""
    return Coverage(**{each.name: row[each.name] for each in fields(Coverage)})


def coverage_of(incident_id: int) -> Coverage:
    """Return the coverage of one incident, in one statement."""
    row = covered(Incident.objects.filter(pk=incident_id)).first()
    return coverage_in(row) if row else Coverage()
