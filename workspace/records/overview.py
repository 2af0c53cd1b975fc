"""The Overview tab of an incident: how many customers know, and the cases."""

from dataclasses import dataclass
from datetime import datetime

from cases.models import Case
from incidents.models import Incident
from workspace.impact.coverage import CoverageBar, coverage_bar
from workspace.records.notice_page import NoticeRow, notice_rows
from workspace.records.notices import notices_of


@dataclass(frozen=True, slots=True)
class Overview:
    """What only this tab shows."""

    cases: list[Case]
    bar: CoverageBar
    notices: list[NoticeRow]


def overview_of(incident: Incident, now: datetime) -> Overview:
    """Gather the Overview tab."""
    cases = Case.objects.filter(incident=incident).select_related("account", "contact", "parent")
    shown = list(cases.order_by("-major_state", "number")[:200])
    return Overview(
        cases=shown,
        bar=coverage_bar(incident, now),
        notices=notice_rows(notices_of(incident)),
    )
