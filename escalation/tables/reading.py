"""Find the version that decides and hand its rows to the pure functions, compiled once."""

from collections import OrderedDict
from datetime import datetime
from typing import Any

from escalation.decision import Compiled, Row, Value
from escalation.models import DecisionTable, TableVersion
from escalation.tables.kinds import TableKind, kind_of

State = TableVersion.State
# Published versions never change, so each process keeps the last ones it used.
_KEPT = 32
_compiled: OrderedDict[tuple[int, datetime | None], Compiled] = OrderedDict()


def published_version(domain_id: int, key: str) -> TableVersion | None:
    """Return the domain's published version of a table, else the instance's."""
    versions = TableVersion.objects.filter(
        table__key=key, table__domain_id=domain_id, state=State.PUBLISHED
    ).select_related("table")
    own = versions.first()
    if own is not None:
        return own
    shared = TableVersion.objects.filter(
        table__key=key, table__domain=None, state=State.PUBLISHED
    ).select_related("table")
    return shared.first()


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
