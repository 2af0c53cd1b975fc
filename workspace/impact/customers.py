"""The Customers tab: one page of affected accounts with all one needs before a call (ux C.3)."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from accounts.models import Contract
from cases.hits import CRITICAL_FIRST, hit_lines
from cases.models import Case
from cmdb.queries import name_paths
from core.models import User
from incidents.models import Incident
from workspace.impact.coverage import CoverageBar, coverage_bar
from workspace.impact.pills import Pill, affected, choice_of, is_call, pills_of
from workspace.impact.reach import ACCOUNT, key_of
from workspace.impact.services import Way, by_severity, way_of

PAGE = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """A service of the customer and how hard it is hit."""

    name: str
    effect: str
    critical: bool


@dataclass
class Customer:
    """One affected account; values only for those who may see contracts."""

    row: Any
    why: Way
    hits: list[Hit] = field(default_factory=list)
    values: list[tuple[Decimal, str]] = field(default_factory=list)
    case: Case | None = None
    reactive: list[Case] = field(default_factory=list)
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Which accounts are shown of how many; addresses of the pages beside it."""

    label: str
    previous: str
    next: str


@dataclass(frozen=True, slots=True)
class CustomersTab:
    """What the tab shows."""

    bar: CoverageBar
    pills: list[Pill]
    chosen: Pill
    customers: list[Customer]
    page: Page


def customers_tab(
    incident: Incident, user: User, *, show: str, page: int, now: datetime
) -> CustomersTab:
    """Gather a page of the tab; the same number of statements for five accounts and thousands."""
    rows, choice = affected(incident), choice_of(show)
    pills = pills_of(rows, choice)
    chosen = next(pill for pill in pills if pill.current)
    number = min(max(page, 1), max(-(-chosen.count // PAGE), 1))
    begin = (number - 1) * PAGE
    shown = rows.filter(choice.holds).select_related("account")
    found = list(shown.order_by(by_severity(), "account__name", "pk")[begin : begin + PAGE])
    return CustomersTab(
        bar=coverage_bar(incident, now),
        pills=pills,
        chosen=chosen,
        customers=_customers(incident, found, user),
        page=_page(chosen, number, begin, len(found)),
    )


def _customers(incident: Incident, rows: list[Any], user: User) -> list[Customer]:
    names = name_paths({pk for row in rows for pk in row.path})
    customers = {
        row.account_id: Customer(row, way_of(row, names, key_of(ACCOUNT, row.account_id)))
        for row in rows
    }
    _add_hits(incident, customers)
    _add_cases(incident, customers)
    if user.has_perm("accounts.view_contract"):
        _add_values(customers)
    return list(customers.values())


def _add_hits(incident: Incident, customers: dict[int, Customer]) -> None:
    lines = hit_lines(incident).filter(account__in=customers)
    seen: dict[int, set[str]] = defaultdict(set)
    columns = ("account_id", "service_name", "hit", "ci__critical")
    for account, name, effect, critical in lines.order_by(*CRITICAL_FIRST).values_list(*columns):
        if name not in seen[account]:
            seen[account].add(name)
            customers[account].hits.append(Hit(name, effect, critical))


def _add_cases(incident: Incident, customers: dict[int, Customer]) -> None:
    cases = Case.objects.filter(Q(incident=incident) | is_call(incident), account__in=customers)
    for case in cases.select_related("parent").order_by("pk"):
        customer = customers[case.account_id or 0]
        if case.proactive:
            customer.case = case
        else:
            customer.reactive.append(case)
        if case.incident_id == incident.pk and case.last_informed_at:
            customer.told_at = max(case.last_informed_at, customer.told_at or case.last_informed_at)


def _add_values(customers: dict[int, Customer]) -> None:
    active = Contract.objects.filter(account__in=customers, state=Contract.State.ACTIVE)
    sums = active.exclude(value=None).order_by("currency").values_list("account_id", "currency")
    for account, currency, value in sums.annotate(Sum("value")):
        customers[account].values.append((value, currency))


def _page(chosen: Pill, number: int, begin: int, shown: int) -> Page:
    total = chosen.count
    label = f"{begin + 1 if shown else 0}–{begin + shown} of {total} accounts"
    more = begin + shown < total
    return Page(
        label,
        f"?show={chosen.key}&page={number - 1}" if number > 1 else "",
        f"?show={chosen.key}&page={number + 1}" if more else "",
    )
