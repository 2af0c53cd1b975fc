"""Load messages, subflows with their steps, flows and decision tables (R43-R66, R74-R78)."""

from datetime import datetime

from core.models import AssignmentGroup
from escalation.models import (
    DecisionRow,
    DecisionTable,
    Flow,
    Message,
    Subflow,
    SubflowStep,
    TableVersion,
)
from escalation.tables.publishing import publish
from workspace.configuration.shipped import (
    Entry,
    Loaded,
    create_missing,
    entries,
    folder,
    ids_by,
    named,
)

# What the shipped rows of the escalation policy ask for.
INPUTS = ("category", "subcategory", "stage")


def load_messages(now: datetime) -> Loaded:
    """Create missing messages and refresh those no admin has edited (R75)."""
    shipped = _shipped_messages()
    there = {(m.language, m.key): m for m in Message.objects.filter(domain=None)}
    fresh = [
        Message(language=language, key=key, text=text, shipped_text=text)
        for (language, key), text in shipped.items()
        if (language, key) not in there
    ]
    Message.objects.bulk_create(fresh)
    stale = [
        message
        for name, message in there.items()
        if message.text == message.shipped_text and shipped.get(name, message.text) != message.text
    ]
    for message in stale:
        message.text = message.shipped_text = shipped[message.language, message.key]
        message.version, message.updated_at = message.version + 1, now
    Message.objects.bulk_update(stale, ["text", "shipped_text", "version", "updated_at"])
    return Loaded("messages", len(fresh), len(shipped) - len(fresh) - len(stale), len(stale))


def _shipped_messages() -> dict[tuple[str, str], str]:
    """Return the shipped texts by language and key: instructions, and what customers are told."""
    base = folder("base")
    found = {("en", path.stem): path for path in base.glob("messages/*.md")}
    found |= {(path.parent.name, path.stem): path for path in base.glob("notices/*/*.md")}
    return {name: path.read_text("utf-8") for name, path in sorted(found.items())}


def load_subflows() -> Loaded:
    """Create missing subflows with their steps; a subflow that is there keeps its steps (R47)."""
    shipped = entries("base", "subflows", "subflow")
    groups = ids_by(AssignmentGroup, "name")
    fresh = create_missing([_subflow(entry, groups) for entry in shipped], ("key",))
    ids = {subflow.key: subflow.pk for subflow in fresh}
    SubflowStep.objects.bulk_create(
        SubflowStep(
            subflow_id=ids[entry["key"]], position=n, step=step["step"], options=step["options"]
        )
        for entry in shipped
        if entry["key"] in ids
        for n, step in enumerate(entry.get("step", []), start=1)
    )
    return Loaded("subflows", len(fresh), len(shipped) - len(fresh))


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


def _subflow(entry: Entry, groups: dict[str, int]) -> Subflow:
    return Subflow(
        name=entry["name"],
        key=entry["key"],
        subcategory=entry["subcategory"],
        stage=entry["stage"],
        group_id=named(groups, entry["group"], "Assignment group") if entry["group"] else None,
        message_key=entry["message"],
        description=entry.get("description", ""),
    )


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
            conditions={key: _condition(row[key]) for key in INPUTS if key in row},
            group_id=named(groups, row["group"], "Assignment group"),
            subflow_id=named(subflows, row["subflow"], "Subflow"),
        )
        for position, row in enumerate(entry["row"], start=1)
    ]


def _condition(value: str) -> list[str]:
    return ["is", value] if value else ["is_empty"]
