"""Find the version that decides and hand its rows to the pure functions, compiled once."""

from collections import OrderedDict
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from escalation.decision import Compiled, Row, Value
from escalation.models import DecisionTable, TableVersion
from escalation.tables.kinds import TableKind, kind_of

State = TableVersion.State
# Published versions never change, so each process keeps the last ones it used.
_KEPT = 32
_compiled: OrderedDict[tuple[int, datetime | None], Compiled] = OrderedDict()


def published_version(domain_id: int, key: str) -> TableVersion | None:
    """Return the domain's published version of a table, else the instance's."""
    tables = DecisionTable.objects.filter(Q(domain=domain_id) | Q(domain=None), key=key)
    versions = TableVersion.objects.filter(table__in=tables, state=State.PUBLISHED)
    own_first = F("table__domain").asc(nulls_last=True)
    return versions.select_related("table").order_by(own_first, "pk").first()


def rows_of(version: TableVersion) -> list[Row]:
    """Return a version's rows in order, as the pure functions take them."""
    return [row.as_row() for row in version.rows.order_by("position")]


def compiled(version: TableVersion) -> Compiled:
    """Return the version ready to decide; a draft is made ready anew each time."""
    if version.state == State.DRAFT:
        return Compiled(rows_of(version))
    key = (version.pk, version.published_at)
    if key not in _compiled:
        _compiled[key] = Compiled(rows_of(version))
        while len(_compiled) > _KEPT:
            _compiled.popitem(last=False)
    _compiled.move_to_end(key)
    return _compiled[key]


def kind_for(table: DecisionTable) -> TableKind:
    """Return what the table decides."""
    return kind_of(table.kind)


def inputs_of(version: TableVersion, table: Compiled, record: Any) -> dict[str, Value]:
    """Return what the version looks at on a record, as it is now (R58, R59)."""
    return kind_for(version.table).read(record, table.inputs)
