"""What a manager watches: how old the open work is, who carries it, how much was proactive."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from cases.models import Case
from incidents.models import Incident
from workspace.home.watch import list_url
from workspace.parts import Tone

# From, below, what it is called, its colour.
AGES: tuple[tuple[timedelta | None, timedelta | None, str, Tone], ...] = (
    (None, timedelta(hours=4), "Under 4 hours", ""),
    (timedelta(hours=4), timedelta(days=1), "4 to 24 hours", ""),
    (timedelta(days=1), timedelta(days=7), "1 to 7 days", "p3"),
    (timedelta(days=7), None, "Over 7 days", "p2"),
)


@dataclass(frozen=True, slots=True)
class Counted:
    """A number with the list it counts."""

    label: str
    count: int
    url: str
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Backlog:
    """Open incidents by age, and open cases: all of them and those raised proactively."""

    ages: list[Counted]
    cases: Counted
    proactive: Counted

    @property
    def share(self) -> int:
        """Return how many of a hundred open cases are proactive."""
        return self.proactive.count * 100 // self.cases.count if self.cases.count else 0


def backlog_of(now: datetime) -> Backlog:
    """Return how old the open work is; two statements."""
    # To the minute, as the addresses of the lists say it.
    now = now.replace(second=0, microsecond=0)
    wanted = {f"n{n}": Count("pk", filter=_between(now, *age[:2])) for n, age in enumerate(AGES)}
    found = Incident.objects.open().aggregate(**wanted)
    ages = [
        Counted(label, found[f"n{n}"], _ages_url(now, above, below), tone if found[f"n{n}"] else "")
        for n, (above, below, label, tone) in enumerate(AGES)
    ]
    proactive = Count("pk", filter=Q(proactive=True))
    cases = Case.objects.open().aggregate(all=Count("pk"), proactive=proactive)
    return Backlog(
        ages,
        Counted("Open cases", cases["all"], list_url("cases", "open")),
        Counted("Proactive", cases["proactive"], list_url("cases", "proactive")),
    )


def _between(now: datetime, above: timedelta | None, below: timedelta | None) -> Q:
    found = Q(opened_at__isnull=False)
    if above is not None:
        found &= Q(opened_at__lt=now - above)
    if below is not None:
        found &= Q(opened_at__gte=now - below)
    return found


def _ages_url(now: datetime, above: timedelta | None, below: timedelta | None) -> str:
    spans = {"opened__before": above, "opened__after": below}
    filters = {key: f"{now - span:%Y-%m-%dT%H:%M}Z" for key, span in spans.items() if span}
    return list_url("incidents", "open", **filters)


def load_of_groups() -> list[Counted]:
    """Return how many open incidents each group has, the most loaded first."""
    rows = Incident.objects.open().exclude(assignment_group=None)
    counted = rows.values_list("assignment_group__name").annotate(count=Count("pk"))
    return [
        Counted(group, count, list_url("incidents", "open", group=group))
        for group, count in counted.order_by("-count", "assignment_group__name")
    ]
