"""The Overview tab of an incident: impact, cases, instructions."""

from dataclasses import dataclass
from typing import Any

from cases.models import Case
from cmdb.queries import name_paths
from incidents.models import (
    AffectedAccount,
    AffectedCI,
    ImpactedService,
    Incident,
)
from workspace.records.notice_page import NoticeRow, notice_rows
from workspace.records.notices import notices_of


@dataclass
class Overview:
    """The Overview tab: impact, cases, why."""

    cis: list[AffectedCI]
    services: list[ImpactedService]
    accounts: list[dict[str, Any]]
    cases: list[Case]
    informed: int
    waiting: int
    notices: list[NoticeRow]


def overview_of(incident: Incident) -> Overview:
    """Gather the Overview tab; every path is named in one statement."""
    cis = list(AffectedCI.objects.filter(incident=incident).select_related("ci__ci_class"))
    services = list(
        ImpactedService.objects.filter(incident=incident)
        .select_related("service__ci_class")
        .order_by("-service__critical", "service__name")
    )
    accounts = list(
        AffectedAccount.objects.filter(incident=incident)
        .select_related("account")
        .order_by("account__name")[:200]
    )
    cases = list(
        Case.objects.filter(incident=incident)
        .select_related("account", "contact", "parent")
        .order_by("-major_state", "number")[:200]
    )
    names = path_names([*services, *accounts])
    for service in services:
        service.why = [names.get(i, "?") for i in service.path]  # type: ignore[attr-defined]
    by_account = {case.account_id: case for case in cases if case.account_id}
    rows = [
        {
            "row": row,
            "why": [names.get(i, "?") for i in row.path],
            "case": by_account.get(row.account_id),
        }
        for row in accounts
    ]
    informed = sum(bool(c.last_informed_at) for c in by_account.values())
    return Overview(
        cis=cis,
        services=services,
        accounts=rows,
        cases=cases,
        informed=informed,
        waiting=len(rows) - informed,
        notices=notice_rows(notices_of(incident)),
    )


def path_names(rows: list[Any]) -> dict[int, str]:
    """Return the name of every item on the paths, in one statement."""
    return name_paths({pk for row in rows for pk in row.path})
