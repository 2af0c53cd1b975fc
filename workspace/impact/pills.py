"""Which affected accounts the Customers tab shows, and how many each choice would show."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from cases.coverage import was_told
from cases.hits import hit_lines
from cases.models import Case
from incidents.models import AffectedAccount, Incident

ALL = "all"


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to narrow the accounts; the coverage bar leads to those that are not `pill`."""

    key: str
    label: str
    holds: Q
    pill: bool = True


CHOICES = (
    Choice(ALL, "All", Q()),
    Choice("critical", "Critical service", Q(critical=True)),
    Choice("no-case", "No proactive case", Q(has_case=False, excluded=False)),
    Choice("waiting", "No communication", Q(told=False, excluded=False)),
    Choice("called", "Already called us", Q(called=True)),
    Choice("told", "Told", Q(told=True), pill=False),
    Choice("left-out", "Left out", Q(told=False, excluded=True), pill=False),
)


@dataclass(frozen=True, slots=True)
class Pill:
    """A choice with its count and whether it is the current one."""

    key: str
    label: str
    count: int
    current: bool


def affected(incident: Incident) -> QuerySet[Any]:
    """Return the affected accounts with what the choices ask."""
    cases = Case.objects.filter(account=OuterRef("account"))
    lines = hit_lines(incident).filter(account=OuterRef("account"))
    return AffectedAccount.objects.filter(incident=incident).annotate(
        told=was_told(),
        critical=Exists(lines.filter(ci__critical=True)),
        has_case=Exists(cases.filter(incident=incident, proactive=True)),
        called=Exists(cases.filter(is_call(incident))),
    )


def is_call(incident: Incident) -> Q:
    """Return what a case is that a customer brought: linked, or to no incident since it began."""
    since = Q(incident=None, opened_at__gte=incident.opened_at)
    return Q(proactive=False) & (since | Q(incident=incident))


def choice_of(key: str) -> Choice:
    """Return the choice of this key, all accounts where there is none."""
    return next((choice for choice in CHOICES if choice.key == key), CHOICES[0])


def pills_of(rows: QuerySet[Any], chosen: Choice) -> list[Pill]:
    """Return the choices with their counts, in one statement; odd ones only where chosen."""
    counts = {f"n{n}": Count("pk", filter=choice.holds) for n, choice in enumerate(CHOICES)}
    found = rows.aggregate(**counts)
    return [
        Pill(choice.key, choice.label, found[f"n{n}"], choice is chosen)
        for n, choice in enumerate(CHOICES)
        if choice.pill or choice is chosen
    ]
