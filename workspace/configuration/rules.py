"""Load flows and decision tables (R43, R48, R63-R66)."""

from datetime import datetime

from core.models import AssignmentGroup
from escalation.models import (
    DecisionRow,
    DecisionTable,
    Flow,
    Subflow,
    TableVersion,
)
from workspace.configuration.shipped import (
    Entry,
    Loaded,
    create_missing,
    entries,
    ids_by,
    named,
)


def load_flows() -> Loaded:
    """Create missing flows (R43, R48)."""
    subflows = ids_by(Subflow, "name")
    rows = [
        Flow(
            name=entry["name"],
            category=entry["category"],
            subcategory=entry["subcategory"],
            initial_subflow_id=named(subflows, entry["initial_subflow"], "Subflow"),
            description=entry.get("description", ""),
        )
        for entry in entries("base", "flows", "flow")
    ]
    fresh = create_missing(rows, ("category", "subcategory"))
    return Loaded("flows", len(fresh), len(rows) - len(fresh))


def load_tables(now: datetime, *, as_documented: bool) -> Loaded:
    """Create missing decision tables; the default is published, the other stays a draft (R64)."""
    shipped = [
        t for t in entries("base", "decision_tables", "table") if t["default"] or as_documented
    ]
    there = set(DecisionTable.objects.filter(domain=None).values_list("key", flat=True))
    fresh = [entry for entry in shipped if entry["key"] not in there]
    groups, subflows = ids_by(AssignmentGroup, "name"), ids_by(Subflow, "name")
    for entry in fresh:
        version = _first_version(entry, now)
        DecisionRow.objects.bulk_create(_rows(entry, version, groups, subflows))
    return Loaded("decision tables", len(fresh), len(shipped) - len(fresh))


def _first_version(entry: Entry, now: datetime) -> TableVersion:
    table = DecisionTable.objects.create(
        key=entry["key"], name=entry["name"], description=entry["description"]
    )
    if not entry["default"]:
        return TableVersion.objects.create(table=table, number=1, comment="As documented")
    return TableVersion.objects.create(
        table=table,
        number=1,
        state=TableVersion.State.PUBLISHED,
        comment="As shipped",
        published_at=now,
    )


def _rows(
    entry: Entry, version: TableVersion, groups: dict[str, int], subflows: dict[str, int]
) -> list[DecisionRow]:
    return [
        DecisionRow(
            version=version,
            position=position,
            category=row["category"],
            subcategory=row["subcategory"],
            stage=row["stage"],
            priority=row.get("priority", ""),
            group_id=named(groups, row["group"], "Assignment group"),
            subflow_id=named(subflows, row["subflow"], "Subflow"),
        )
        for position, row in enumerate(entry["row"], start=1)
    ]
