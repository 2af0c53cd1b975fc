"""The Impact tab: the graph as the CMDB is now, what the incident says, and where they differ."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from cmdb.queries import impact_of
from core.models import User
from incidents.findings import ImpactDiff, items_at_fault, preview_refresh
from incidents.models import AffectedCI, Incident
from workspace.impact.asking import Ask
from workspace.impact.graph import Graph, graph_of
from workspace.impact.services import ServiceTable, cis_of, services_of


@dataclass(frozen=True, slots=True)
class ImpactTab:
    """What the tab shows; `hint` says why nothing was found and `relate_url` how to mend it."""

    ask: Ask
    graph: Graph
    cis: list[AffectedCI]
    services: ServiceTable
    diff: ImpactDiff
    hint: str
    relate_url: str


def impact_tab(incident: Incident, ask: Ask, user: User, now: datetime) -> ImpactTab:
    """Gather the tab; the walk through the CMDB is done once."""
    impact = impact_of(ci_ids=items_at_fault(incident))
    return ImpactTab(
        ask=ask,
        graph=graph_of(incident, impact, ask, now),
        cis=cis_of(incident),
        services=services_of(incident),
        diff=preview_refresh(incident, impact),
        hint=impact.reason_if_empty,
        relate_url=_relate_url(incident, user) if impact.reason_if_empty else "",
    )


def _relate_url(incident: Incident, user: User) -> str:
    if not (user.is_staff and user.has_perm("cmdb.add_cirelation")):
        return ""
    child = f"?child={incident.ci_id}" if incident.ci_id else ""
    return reverse("admin:cmdb_cirelation_add") + child
