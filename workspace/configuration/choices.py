"""Load the incident form's choices, CI classes, relation types and the case field map."""

from cases.models import CaseFieldMap
from cmdb.models import CIClass, RelationType
from incidents.models import Category, IncidentState, PriorityRule, StateTransition, Subcategory
from tmf621.models import StatusTransition
from workspace.configuration.shipped import Entry, Loaded, create_missing, entries, ids_by, named


def load_categories() -> Loaded:
    """Create missing categories."""
    rows = [
        Category(value=entry["value"], label=entry["label"], order=order)
        for order, entry in _ordered("category")
    ]
    return _count("categories", len(rows), len(create_missing(rows, ("value",))))


def load_subcategories() -> Loaded:
    """Create missing subcategories (R22)."""
    ids = ids_by(Category, "value")
    rows = [
        Subcategory(
            category_id=named(ids, entry["category"], "Category"),
            value=entry["value"],
            label=entry["label"],
            order=order,
        )
        for order, entry in _ordered("subcategory")
    ]
    return _count("subcategories", len(rows), len(create_missing(rows, ("category_id", "value"))))


def load_priorities() -> Loaded:
    """Create missing cells of the priority matrix (R13)."""
    rows = [PriorityRule(**entry, order=order) for order, entry in _ordered("priority")]
    fresh = create_missing(rows, ("impact", "urgency"))
    return _count("priority rules", len(rows), len(fresh))


def load_states() -> Loaded:
    """Create missing incident states (C.1)."""
    rows = [
        IncidentState(**{name: value for name, value in entry.items() if name != "rank"}, order=o)
        for o, entry in _ordered("incident_state")
    ]
    return _count("incident states", len(rows), len(create_missing(rows, ("value",))))


def load_transitions() -> Loaded:
    """Create missing moves between states; a switched-off one stays off."""
    ids = ids_by(IncidentState, "value")
    rows = [
        StateTransition(
            source_id=named(ids, entry["source"], "State"),
            target_id=named(ids, entry["target"], "State"),
        )
        for entry in entries("base", "choices", "incident_transition")
    ]
    fresh = create_missing(rows, ("source_id", "target_id"))
    return _count("state transitions", len(rows), len(fresh))


def load_ticket_transitions() -> Loaded:
    """Create missing status changes of the trouble ticket API; a switched-off one stays off."""
    rows = [
        StatusTransition(source=entry["from"], target=target)
        for entry in entries("base", "ticket_statuses", "ticket_transition")
        for target in entry["to"]
    ]
    fresh = create_missing(rows, ("source", "target"))
    return _count("ticket status transitions", len(rows), len(fresh))


def load_ci_classes() -> Loaded:
    """Create missing CI classes and hang them below their parents (R141-R146)."""
    shipped = entries("base", "ci_classes", "ci_class")
    fresh = create_missing([_ci_class(entry) for entry in shipped], ("name",))
    ids, parents = ids_by(CIClass, "name"), {e["name"]: e["parent"] for e in shipped}
    for row in fresh:
        parent = parents[row.name]
        row.parent_id = named(ids, parent, "CI class") if parent else None
    CIClass.objects.bulk_update(fresh, ["parent"])
    return _count("CI classes", len(shipped), len(fresh))


def load_relation_types() -> Loaded:
    """Create missing relation types."""
    rows = [RelationType(**entry) for entry in entries("base", "ci_classes", "relation_type")]
    return _count("relation types", len(rows), len(create_missing(rows, ("name",))))


def load_case_fields() -> Loaded:
    """Create missing rows of what a case takes from its incident (R102)."""
    rows = [
        CaseFieldMap(incident_field=entry["incident"], case_field=entry["case"])
        for entry in entries("base", "case_fields", "field")
    ]
    return _count("case fields", len(rows), len(create_missing(rows, ("case_field",))))


def _ci_class(entry: Entry) -> CIClass:
    plain = ("name", "label", "aliases", "description", "icon", "is_service", "rank")
    values = {name: entry[name] for name in plain if name in entry}
    return CIClass(**values, attributes=entry.get("attribute", []))


def _ordered(kind: str) -> list[tuple[int, Entry]]:
    return [(10 * n, entry) for n, entry in enumerate(entries("base", "choices", kind), start=1)]


def _count(kind: str, shipped: int, created: int) -> Loaded:
    return Loaded(kind, created, shipped - created)
