"""Begin decision tables, and copy rows from one into another of the same kind."""

from django.db import transaction

from core.models import Domain, User
from escalation.models import DecisionRow, DecisionTable, TableVersion
from escalation.tables.kinds import kind_of
from escalation.tables.publishing import copy_into
from incidents.errors import Refused


@transaction.atomic
def start_table(*, kind: str, by: User | None, domain: Domain | None = None) -> TableVersion:
    """Begin the table that decides for a kind, with a draft of the rows it begins with.

    Errors: `Refused` where the site or the domain has it already.
    """
    known = kind_of(kind)
    table, _ = DecisionTable.objects.get_or_create(
        key=kind,
        domain=domain,
        defaults={"kind": kind, "name": known.label, "description": known.help},
    )
    return start_rows(table_id=table.pk, by=by)


@transaction.atomic
def start_rows(*, table_id: int, by: User | None) -> TableVersion:
    """Begin the first version of a table that has none; `Refused` where it has one."""
    table = DecisionTable.objects.select_for_update().get(pk=table_id)
    if table.versions.exists():
        raise Refused(f"{table} is there already.")
    draft = TableVersion.objects.create(table=table, number=1, comment="Begun", created_by=by)
    DecisionRow.objects.bulk_create(
        DecisionRow(version=draft, position=position, **values)
        for position, values in enumerate(kind_of(table.kind).starter(), start=1)
    )
    return draft


@transaction.atomic
def copy_to_deciding(*, version_id: int, by: User | None) -> TableVersion:
    """Copy the rows into a draft of the table that decides for this kind.

    Errors: `Refused` where there is no such table, or the version belongs to it.
    """
    source = TableVersion.objects.select_related("table").get(pk=version_id)
    key = source.table.kind
    deciding = DecisionTable.objects.filter(key=key, domain=source.table.domain_id).first()
    if deciding is None or deciding.pk == source.table_id:
        raise Refused("There is no other table of this kind that decides.")
    return copy_into(deciding, source, by=by, comment=f"Copy of {source}")
