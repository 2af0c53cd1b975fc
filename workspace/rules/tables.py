"""What the pages of decision tables show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404
from django.urls import reverse

from core.models import User
from escalation.decision.comparing import Difference, compare
from escalation.decision.findings import Report
from escalation.decision.words import in_words
from escalation.models import DecisionTable, TableVersion
from escalation.tables.checking import check_version
from escalation.tables.editing import Reader
from escalation.tables.finding import (
    draft_of,
    find_version,
    may_steer,
    published_of,
    visible_tables,
)
from escalation.tables.kinds import TableKind, kind_of, kinds
from escalation.tables.reading import rows_of
from escalation.tables.replaying import hits_of

SEE = "escalation.view_tableversion"
WRITE, BEGIN = "escalation.change_decisionrow", "escalation.add_tableversion"
ADD_ROWS, DROP_ROWS = "escalation.add_decisionrow", "escalation.delete_decisionrow"
PUBLISH, REPLAY = "escalation.publish_decisiontable", "escalation.replay_decisiontable"
START = "escalation.add_decisiontable"


@dataclass(frozen=True, slots=True)
class TableLine:
    """A table in the list."""

    table: DecisionTable
    kind: TableKind
    published: TableVersion | None
    draft: TableVersion | None
    decides: bool

    @property
    def empty(self) -> bool:
        return self.published is None and self.draft is None


@dataclass(frozen=True, slots=True)
class May:
    """What the signed-in person may do with a table."""

    write: bool
    add: bool
    drop: bool
    begin: bool
    publish: bool
    replay: bool


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One line of a comparison: what became of the row, cell by cell before and after."""

    kind: str
    position: int
    cells: tuple[tuple[str, str, str, bool], ...]


def table_lines() -> list[TableLine]:
    """Return the tables in view with what decides and what is being written."""
    tables = list(visible_tables())
    newest: dict[tuple[int, str], TableVersion] = {}
    versions = TableVersion.objects.filter(table__in=tables).exclude(state="retired")
    for version in versions.select_related("table").order_by("number"):
        newest[version.table_id, version.state] = version
    return [
        TableLine(
            table,
            kind_of(table.kind),
            newest.get((table.pk, "published")),
            newest.get((table.pk, "draft")),
            table.key == table.kind,
        )
        for table in tables
    ]


def kinds_to_start(lines: Sequence[TableLine]) -> list[TableKind]:
    """Return the kinds nobody has begun a deciding table of."""
    there = {line.table.key for line in lines if line.table.domain_id is None}
    return [kind for kind in kinds() if kind.key not in there]


def version_or_404(table_id: int, number: int) -> TableVersion:
    """Return a version in view, else answer 404."""
    found = find_version(table_id, number)
    if found is None:
        raise Http404("There is no such version.")
    return found


def table_or_404(table_id: int) -> DecisionTable:
    """Return a table in view, else answer 404."""
    found = visible_tables().filter(pk=table_id).first()
    if found is None:
        raise Http404("There is no such table.")
    return found


def version_url(version: TableVersion | None, name: str = "rules_table") -> str:
    """Return the address of one of a version's pages."""
    if version is None:
        return reverse("workspace:rules_tables")
    return reverse(f"workspace:{name}", args=[version.table_id, version.number])


def may(user: User, table: DecisionTable) -> May:
    """Return what a person may do; nobody steers what holds for other domains as well."""
    own = may_steer(table)
    return May(
        write=own and user.has_perm(WRITE),
        add=own and user.has_perm(ADD_ROWS),
        drop=own and user.has_perm(DROP_ROWS),
        begin=own and user.has_perm(BEGIN),
        publish=own and user.has_perm(PUBLISH),
        replay=user.has_perm(REPLAY),
    )


def version_page(version: TableVersion, user: User, here: str) -> dict[str, Any]:
    """Return what every page of a version shows around its own part."""
    table = version.table
    return {
        "here": "tables",
        "tab": here,
        "version": version,
        "table": table,
        "kind": kind_of(table.kind),
        "may": may(user, table),
        "published": published_of(table),
        "draft": draft_of(table),
        "decides": table.key == table.kind,
    }


def checked(version: TableVersion) -> Report:
    """Return what is wrong with a version."""
    return check_version(version)


def version_lines(table: DecisionTable, now: datetime) -> list[tuple[TableVersion, int]]:
    """Return a table's versions, the newest first, with how often each decided in 90 days."""
    versions = table.versions.select_related("created_by", "published_by", "scheduled_by")
    counts = version_hits(table, now)
    return [(each, counts.get(each.pk, 0)) for each in versions.order_by("-number")]


def version_hits(table: DecisionTable, now: datetime) -> dict[int, int]:
    """Return how often each version decided in 90 days."""
    return hits_of(table, now, by="version_id")


def compared(before: TableVersion, after: TableVersion) -> tuple[list[str], list[ComparedRow]]:
    """Return the columns in use and every row with its cells before and after."""
    reader = Reader(kind_of(after.table.kind))
    differences = compare(rows_of(before), rows_of(after))
    used = _used(reader, differences)
    return [label for _, label in used], [_compared(reader, used, each) for each in differences]


def _used(reader: Reader, differences: Sequence[Difference]) -> list[tuple[str, str]]:
    rows = [row for d in differences for row in (d.before, d.after) if row is not None]
    asked = {key for row in rows for key in row.conditions}
    columns = [
        (f"in.{column.key}", column.label)
        for column in reader.columns.values()
        if column.usual or column.key in asked
    ]
    return [
        *columns,
        *((f"out.{output.key}", output.label) for output in reader.kind.outputs),
        ("note", "Note"),
    ]


def _compared(
    reader: Reader, used: Sequence[tuple[str, str]], difference: Difference
) -> ComparedRow:
    before = _texts(reader, difference.before)
    after = _texts(reader, difference.after)
    shown = difference.after or difference.before
    assert shown is not None
    cells = tuple(
        (label, before.get(key, ""), after.get(key, ""), key in difference.changed_keys)
        for key, label in used
    )
    return ComparedRow(difference.kind, shown.position, cells)


def _texts(reader: Reader, row: Any) -> Mapping[str, str]:
    if row is None:
        return {}
    texts = {
        f"in.{key}": in_words(row.conditions.get(key), column.label_of) or "any"
        for key, column in reader.columns.items()
    }
    texts |= {f"out.{key}": reader.names[key].get(row.outputs.get(key), "") for key in reader.names}
    return texts | {"note": row.note}
