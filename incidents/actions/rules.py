"""Checks every change of an incident's fields passes."""

from typing import Any

from incidents.choices import HoldReason, State
from incidents.errors import IllegalMove, MissingField, Refused
from incidents.models import Incident
from incidents.queries import category_labels, may_move, subcategory_exists

# Only these may be set from outside; the rest is the machine's or the database's.
EDITABLE = frozenset(
    {
        "short_description",
        "description",
        "account",
        "caller",
        "location",
        "channel",
        "hold_reason",
        "follow_up_at",
        "impact",
        "urgency",
        "category",
        "subcategory",
        "service",
        "service_offering",
        "ci",
        "assignment_group",
        "assigned_to",
        "needs_attention",
        "probable_cause",
        "business_impact",
        "resolution_code",
        "resolution_notes",
        "parent",
        "problem",
        "change_request",
        "caused_by_change",
    }
)


def check_values(values: dict[str, Any], incident: Incident | None = None) -> None:
    """Raise unless every value may be set; `incident` gives the values that stay."""
    unknown = set(values) - EDITABLE
    if unknown:
        raise Refused(f"{', '.join(sorted(unknown))} cannot be set.")
    if "short_description" in values and not str(values["short_description"]).strip():
        raise MissingField("short_description", "A short description is needed.")
    category = values.get("category", incident.category if incident else "")
    subcategory = values.get("subcategory", incident.subcategory if incident else "")
    if "category" in values and category and category not in category_labels():
        raise MissingField("category", f"There is no category {category!r}.")
    if subcategory and ("category" in values or "subcategory" in values):
        _check_subcategory(category, subcategory)
    user = values.get("assigned_to")
    if user is not None:
        _check_assignee(
            values.get("assignment_group", incident and incident.assignment_group), user
        )


def _check_subcategory(category: str, subcategory: str) -> None:
    if not subcategory_exists(category, subcategory):
        raise MissingField("subcategory", f"{subcategory!r} is no sub category of {category!r}.")


def _check_assignee(group: Any, user: Any) -> None:
    if group is not None and not group.has_member(user):
        raise MissingField("assigned_to", f"{user} is not a member of {group}.")


def check_move(incident: Incident, state: str) -> None:
    """Raise unless the incident, with the fields it has now, may move to the state (C.1)."""
    if state not in State.values:
        raise IllegalMove(f"There is no state {state!r}.")
    if not may_move(incident.state, state):
        here = incident.get_state_display()
        raise IllegalMove(f"{incident.number} is {here}; it cannot become {State(state).label}.")
    if state == State.ON_HOLD and incident.hold_reason not in HoldReason.values:
        raise MissingField("hold_reason", "Say what the incident waits for.")
    if state == State.RESOLVED:
        if not incident.resolution_code:
            raise MissingField("resolution_code", "Choose a resolution code.")
        if not incident.resolution_notes.strip():
            raise MissingField("resolution_notes", "Write resolution notes.")
