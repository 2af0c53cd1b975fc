"""Tell which attributes of the ticket an event is about, as clients know them."""

from typing import Any

from cases.models import Case
from incidents.models import Incident

# Fields of the record that tickets tell under another name.
_ATTRIBUTES = {
    "short_description": "name",
    "impact": "priority",
    "urgency": "priority",
    "subcategory": "subCategory",
    "ci": "relatedEntity",
    "service": "relatedEntity",
    "account": "relatedParty",
    "assignment_group": "relatedParty",
    "parent": "troubleTicketRelationship",
    "incident": "troubleTicketRelationship",
    "state": "status",
    "hold_reason": "status",
    "resolution_code": "status",
}
_FIELDS = {field.name for model in (Incident, Case) for field in model._meta.get_fields()}
# What actions name that is no field of its own.
_FIELDS |= {"resolution"}


def attributes(field_path: str, ticket: dict[str, Any]) -> list[str]:
    """Return the ticket's attributes behind the record's fields; what no ticket tells is left out.

    In: fields with commas between. A client's own attributes are known by their own names.
    """
    named = [_ATTRIBUTES.get(field, field) for field in field_path.split(",") if field]
    return list(dict.fromkeys(n for n in named if n in ticket or n not in _FIELDS))


def field_path(field_path: str, ticket: dict[str, Any]) -> str:
    """Return `fieldPath` as TMF621 v4 has it: paths from `event` on, with commas between."""
    return ",".join(f"troubleTicket.{name}" for name in attributes(field_path, ticket))


def information_required(field_path: str) -> dict[str, str]:
    """Return what v5 asks for in an event's `fieldPath`: one JSON Patch that would answer it."""
    first = field_path.split(",")[0].removeprefix("troubleTicket.")
    return {"op": "add", "path": f"/{first}"}
