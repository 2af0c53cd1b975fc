"""Draft, publish now or later, and restore versions of a decision table (R65)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from core.changes import MovedOn
from core.models import User
from escalation.models import DecisionRow, DecisionTable, TableVersion
from escalation.tables.kinds import kind_of
from incidents.errors import Refused

State = TableVersion.State


@transaction.atomic
def draft_from(*, version_id: int, by: User | None = None, comment: str = "") -> TableVersion:
    """Copy a version's rows into a new draft of the same table; so an old one is restored too."""
    source = TableVersion.objects.select_related("table").get(pk=version_id)
    return copy_into(
        source.table, source, by=by, comment=comment or f"Copy of version {source.number}"
    )


def copy_into(
    table: DecisionTable, source: TableVersion, *, by: User | None, comment: str
) -> TableVersion:
    """Copy a version's rows into a new draft of a table, in the caller's transaction."""
    DecisionTable.objects.select_for_update().get(pk=table.pk)
    last = table.versions.aggregate(last=Max("number"))["last"] or 0
    draft = TableVersion.objects.create(
        table=table, number=last + 1, comment=comment, created_by=by
    )
    copies = list(source.rows.order_by("position"))
    for row in copies:
        row.pk, row.version = None, draft
    DecisionRow.objects.bulk_create(copies)
    return draft


@transaction.atomic
def publish(
    *,
    version_id: int,
    by: User | None,
    now: datetime,
    comment: str = "",
    seen_revision: int | None = None,
) -> TableVersion:
    """Let a draft decide from now on; the former version is kept as retired.

    Errors: `Refused` where it is no draft, has no rows, or a row has no result; `MovedOn` where
    it was saved since the revision somebody looked at.
    """
    version = _locked_draft(version_id, seen_revision)
    _check_rows(version)
    TableVersion.objects.filter(table_id=version.table_id, state=State.PUBLISHED).update(
        state=State.RETIRED
    )
    version.state, version.published_by, version.published_at = State.PUBLISHED, by, now
    version.publish_at = version.scheduled_by = None
    version.comment = comment or version.comment
    version.save()
    return version


@transaction.atomic
def schedule(
    *,
    version_id: int,
    at: datetime,
    by: User,
    now: datetime,
    comment: str = "",
    seen_revision: int | None = None,
) -> TableVersion:
    """Let the scheduler publish a draft at a time; `Refused` for the past or a bad draft."""
    version = _locked_draft(version_id, seen_revision)
    if at <= now:
        raise Refused("Choose a time that is still to come, or publish at once.")
    _check_rows(version)
    version.publish_at, version.scheduled_by = at, by
    version.comment = comment or version.comment
    version.save()
    return version


@transaction.atomic
def unschedule(*, version_id: int) -> TableVersion:
    """Take a planned publication back; the draft stays."""
    version = _locked_draft(version_id)
    version.publish_at = version.scheduled_by = None
    version.save()
    return version


@transaction.atomic
def discard(*, version_id: int) -> None:
    """Throw a draft away; `Refused` for what has decided."""
    version = _locked_draft(version_id)
    for row in version.rows.all():
        row.delete()
    version.delete()


def _locked_draft(version_id: int, seen_revision: int | None = None) -> TableVersion:
    table_id = TableVersion.objects.values_list("table_id", flat=True).get(pk=version_id)
    DecisionTable.objects.select_for_update().get(pk=table_id)
    version = TableVersion.objects.select_related("table").get(pk=version_id)
    if version.state == State.PUBLISHED:
        raise Refused(f"{version} is published already.")
    if version.state == State.RETIRED:
        raise Refused(f"{version} is retired. Restore it as a new version.")
    if seen_revision not in (None, version.revision):
        raise MovedOn(f"{version} was saved meanwhile. Look at it again before it decides.")
    return version


def _check_rows(version: TableVersion) -> None:
    rows = list(version.rows.order_by("position"))
    if not rows:
        raise Refused(f"{version} has no rows.")
    for row in rows:
        missing = missing_results(version.table, row)
        if missing:
            raise Refused(f"Row {row.position} of {version} has no {' and no '.join(missing)}.")


def missing_results(table: DecisionTable, row: DecisionRow) -> list[str]:
    """Return the labels of the results a row lacks."""
    given = row.as_row().outputs
    return [
        output.label.lower()
        for output in kind_of(table.kind).outputs
        if given.get(output.key) in (None, "")
    ]
