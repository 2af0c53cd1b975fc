"""The coverage bar: each number leads to the accounts it counts (ux N7)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from cases.coverage import Coverage, coverage_of
from incidents.models import Incident
from workspace.parts import Tone


@dataclass(frozen=True, slots=True)
class CoverageBar:
    """The numbers, how long the first of those waiting has waited, the colour, the address."""

    coverage: Coverage
    waited: timedelta | None
    tone: Tone
    url: str

    @property
    def to_tell(self) -> int:
        """Return how many customers shall have a word."""
        return self.coverage.affected - self.coverage.left_out


def coverage_bar(incident: Incident, now: datetime) -> CoverageBar:
    """Return the bar: green when all were told, orange while some wait, red when they wait long.

    How long is too long is a system property (`psew.coverage.told_within_minutes`).
    """
    coverage = coverage_of(incident.pk)
    late = coverage.is_late(now, incident.domain_id)
    tone: Tone = ("p1" if late else "p2") if coverage.waiting else "ok"
    url = reverse("workspace:incident_customers", args=[incident.number])
    return CoverageBar(coverage, coverage.waited(now), tone, url)
