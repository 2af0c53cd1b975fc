"""Draft, publish and restore versions of a decision table (R65)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from core.models import User
from escalation.models import DecisionRow, DecisionTable, TableVersion
from incidents.errors import Refused

State = TableVersion.State


@transaction.atomic
def draft_from(*, version_id: int) -> TableVersion:
    """Copy a version's rows into a new draft of the same table."""
    source = TableVersion.objects.select_related("table").get(pk=version_id)
    table = DecisionTable.objects.select_for_update().get(pk=source.table_id)
    last = table.versions.aggregate(last=Max("number"))["last"] or 0
    draft = TableVersion.objects.create(
        table=table, number=last + 1, comment=f"Copy of version {source.number}"
    )
    copies = list(source.rows.order_by("position"))
    for row in copies:
        row.pk, row.version = None, draft
    DecisionRow.objects.bulk_create(copies)
    return draft


@transaction.atomic
def publish(*, version_id: int, by: User, now: datetime) -> TableVersion:
    """Let a draft decide from now on; the former version is kept as retired."""
    table_id = TableVersion.objects.values_list("table_id", flat=True).get(pk=version_id)
    DecisionTable.objects.select_for_update().get(pk=table_id)
    version = TableVersion.objects.get(pk=version_id)
    if version.state == State.PUBLISHED:
        raise Refused(f"{version} is published already.")
    if not version.rows.exists():
        raise Refused(f"{version} has no rows.")
    TableVersion.objects.filter(table_id=table_id, state=State.PUBLISHED).update(
        state=State.RETIRED
    )
    version.state, version.published_by, version.published_at = State.PUBLISHED, by, now
    version.save()
    return version
