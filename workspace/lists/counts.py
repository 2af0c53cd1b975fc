"""What an incident's row says about its customers, one statement for a whole page."""

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cases.models import Case
from incidents.models import AffectedAccount, Incident
from workspace.lists.definition import Row


def incident_counts(ids: list[int]) -> dict[int, Row]:
    """Return cases, affected accounts and how many of those nobody informed, per incident."""
    cases = Case.objects.filter(incident=OuterRef("pk"))
    told = cases.filter(account__isnull=False, last_informed_at__isnull=False)
    accounts = AffectedAccount.objects.filter(incident=OuterRef("pk"))
    rows = Incident.objects.filter(pk__in=ids).values("pk")
    rows = rows.annotate(
        case_count=_number(cases, "pk"),
        account_count=_number(accounts, "account"),
        told=_number(told, "account"),
    )
    return {
        row["pk"]: {
            "cases": row["case_count"],
            "accounts": row["account_count"],
            "uninformed": max(0, row["account_count"] - row["told"]),
        }
        for row in rows
    }


def _number(rows: QuerySet[Any], of: str) -> Coalesce:
    counted = rows.order_by().values("incident").annotate(n=Count(of, distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
