"""Load flows and decision tables (R43, R48, R63-R66)."""

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from core.models import AssignmentGroup
from escalation.models import (
    DecisionRow,
    DecisionTable,
    Flow,
    Subflow,
    TableVersion,
)
from escalation.tables.publishing import publish
from workspace.configuration.shipped import (
    Entry,
    Loaded,
    create_missing,
    entries,
    ids_by,
    named,
)

# What the shipped rows of the escalation policy ask for.
INPUTS = ("category", "subcategory", "stage")


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
        version = _draft(entry)
        DecisionRow.objects.bulk_create(_rows(entry, version, groups, subflows))
        if entry["default"]:
            publish(version_id=version.pk, by=None, now=now)
    return Loaded("decision tables", len(fresh), len(shipped) - len(fresh))


def _draft(entry: Entry) -> TableVersion:
    table = DecisionTable.objects.create(
        key=entry["key"],
        name=entry["name"],
        kind=entry["kind"],
        description=entry["description"],
    )
    comment = "As shipped" if entry["default"] else "As documented"
    return TableVersion.objects.create(table=table, number=1, comment=comment)


def _rows(
    entry: Entry, version: TableVersion, groups: dict[str, int], subflows: dict[str, int]
) -> list[DecisionRow]:
    return [
        DecisionRow(
            version=version,
            position=position,
            # The same on every site, so that versions of two sites can be compared.
            uid=uuid5(NAMESPACE_URL, f"psew:{entry['key']}:{position}"),
            conditions={key: _condition(row[key]) for key in INPUTS if key in row},
            group_id=named(groups, row["group"], "Assignment group"),
            subflow_id=named(subflows, row["subflow"], "Subflow"),
        )
        for position, row in enumerate(entry["row"], start=1)
    ]


def _condition(value: str) -> list[str]:
    return ["is", value] if value else ["is_empty"]
