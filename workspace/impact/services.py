"""The items at fault and the services they hit, as tables."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Value, When

from cmdb.queries import SEVERITY, name_paths
from incidents.models import AffectedCI, ImpactedService, Incident
from workspace.impact.asking import Ask
from workspace.impact.reach import ITEM, key_of

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Way:
    """The names on the way a fault takes, and where the graph shows it."""

    names: tuple[str, ...]
    url: str


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A service, how hard it is hit, and why."""

    row: ImpactedService
    why: Way


@dataclass(frozen=True, slots=True)
class ServiceTable:
    """The services hit hardest, and how many there are."""

    rows: list[ServiceRow]
    total: int


def services_of(incident: Incident) -> ServiceTable:
    """Return the services, critical ones and those hit hardest first; three statements."""
    rows = ImpactedService.objects.filter(incident=incident)
    related = rows.select_related("service__ci_class").order_by(
        "-service__critical", by_severity(), "service__name", "pk"
    )
    shown = list(related[:SHOWN])
    names = name_paths({pk for row in shown for pk in row.path})
    found = [ServiceRow(row, way_of(row, names, key_of(ITEM, row.service_id))) for row in shown]
    return ServiceTable(found, rows.count())


def cis_of(incident: Incident) -> list[AffectedCI]:
    """Return the items at fault."""
    rows = AffectedCI.objects.filter(incident=incident).select_related("ci__ci_class")
    return list(rows.order_by("manual", "ci__name", "pk"))


def way_of(row: Any, names: dict[int, str], key: str) -> Way:
    """Return the way to an impact row, and its address in the graph of the tab *Impact*."""
    return Way(tuple(names.get(pk, "?") for pk in row.path), f"{Ask(why=key).query()}#impact-graph")


def by_severity() -> Case:
    """Return the order from down to at risk; what nobody computed comes last."""
    whens = [When(effect=effect, then=Value(place)) for effect, place in SEVERITY.items()]
    return Case(*whens, default=Value(len(SEVERITY)))
