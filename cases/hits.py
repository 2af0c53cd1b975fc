"""Which of a customer's services an incident hits."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from cmdb.models import InstallBaseItem
from incidents.models import ImpactedService, Incident

CRITICAL_FIRST = ("-ci__critical", "ci__name", "pk")


def hit_lines(incident: Incident) -> QuerySet[Any]:
    """Return customers' installed items on impacted services, with how hard those are hit."""
    hits = ImpactedService.objects.filter(incident=incident)
    effect = Subquery(hits.filter(service=OuterRef("ci")).values("effect")[:1])
    lines = InstallBaseItem.objects.filter(active=True, ci__in=hits.values("service"))
    return lines.annotate(hit=effect, service_name=F("ci__name"))


def own_services(
    incident: Incident, account_ids: Iterable[int | None]
) -> dict[int | None, dict[str, str]]:
    """Return what `service.name` stands for in the words to each account; one statement.

    The services of its own that are hit, the critical ones first; an account that has none of
    them, such as one added by hand, is not in it.
    """
    lines = hit_lines(incident).filter(account__in=[pk for pk in account_ids if pk is not None])
    found: defaultdict[int, dict[str, None]] = defaultdict(dict)
    for account, name in lines.order_by(*CRITICAL_FIRST).values_list("account_id", "service_name"):
        found[account][name] = None
    return {account: {"service.name": ", ".join(names)} for account, names in found.items()}
