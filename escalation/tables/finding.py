"""Find tables and versions a person may see: their domain's and the instance's."""

from django.db.models import Q, QuerySet

from core.scope import current_scope
from escalation.models import DecisionTable, TableVersion


def visible_tables() -> QuerySet[DecisionTable]:
    """Return the tables in view; a tenant sees its own and those that hold for everybody."""
    ids = current_scope().domain_ids
    tables = DecisionTable.objects.select_related("domain").order_by("name", "pk")
    return tables if ids is None else tables.filter(Q(domain=None) | Q(domain_id__in=ids))


def may_steer(table: DecisionTable) -> bool:
    """Tell whether somebody with this view may change the table: not what holds for others."""
    ids = current_scope().domain_ids
    return ids is None or table.domain_id in ids


def find_version(table_id: int, number: int) -> TableVersion | None:
    """Return a version of a table in view."""
    versions = TableVersion.objects.filter(
        table__in=visible_tables().order_by(), table_id=table_id, number=number
    )
    people = ("created_by", "published_by", "scheduled_by")
    return versions.select_related("table__domain", *people).first()


def published_of(table: DecisionTable) -> TableVersion | None:
    """Return the version of this very table that decides."""
    return table.versions.filter(state=TableVersion.State.PUBLISHED).first()


def draft_of(table: DecisionTable) -> TableVersion | None:
    """Return the newest draft."""
    return table.versions.filter(state=TableVersion.State.DRAFT).order_by("-number").first()
