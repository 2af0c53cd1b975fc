"""What is worth knowing about an item or account of the graph, a fixed number of statements."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from accounts.models import Account
from cases.coverage import was_told
from changes.models import ChangeRequest
from cmdb.models import ConfigurationItem
from cmdb.queries import Reached
from incidents.models import AffectedAccount, Incident
from workspace.home.watch import running_or_soon
from workspace.viz.nodes import Badge


class Remarks:
    """Badges of what is drawn: fault, ways left, criticality, other incidents, planned work."""

    def __init__(self, incident: Incident, item_ids: Collection[int], now: datetime) -> None:
        others = Incident.objects.open().exclude(pk=incident.pk).filter(ci__in=item_ids)
        self.incidents = _counted(others)
        work = running_or_soon(ChangeRequest.objects.filter(ci__in=item_ids), now)
        self.changes = _counted(work)

    def of(self, item: ConfigurationItem, reached: Reached) -> tuple[Badge, ...]:
        """Return the badges of an item, what matters most first."""
        incidents, changes = self.incidents.get(item.pk, 0), self.changes.get(item.pk, 0)
        badges = [
            Badge("at fault", "p1") if len(reached.path) == 1 else None,
            Badge(str(reached.left), "p3") if reached.left else None,
            Badge("critical", "p1") if item.critical else None,
            Badge(_number(incidents, "incident"), "p2") if incidents else None,
            Badge("planned change", "p4") if changes else None,
        ]
        return tuple(badge for badge in badges if badge)


def accounts_in_graph(
    incident: Incident, account_ids: Collection[int]
) -> dict[int, tuple[Account, tuple[Badge, ...]]]:
    """Return the accounts with what was said to them; two statements."""
    rows: Any = AffectedAccount.objects.filter(incident=incident, account__in=account_ids)
    states = {
        row.account_id: _word(excluded=row.excluded, told=row.told)
        for row in rows.annotate(told=was_told())
    }
    new = Badge("new", "p4")
    return {
        pk: (account, (states.get(pk, new),))
        for pk, account in Account.objects.in_bulk(account_ids).items()
    }


def _word(*, excluded: bool, told: bool) -> Badge:
    if told:
        return Badge("told", "ok")
    return Badge("left out") if excluded else Badge("no word yet", "p2")


def _counted(rows: QuerySet[Any]) -> dict[int, int]:
    return dict(rows.order_by().values_list("ci").annotate(Count("pk")))


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("s" if count > 1 else "")
