"""A ticket that lives through everything there is an event for."""

import json
from typing import Any

from notifications.models import StagedEvent
from notifications.payloads import event_payload
from tests.tmf621.conftest import Api

QUESTION = "Attach the console log"
SOLUTION = "Controller restarted by L2"


def types(ticket: dict[str, Any]) -> list[str]:
    """Return the types of the ticket's events in order."""
    staged = StagedEvent.objects.filter(ticket_uid=ticket["id"]).order_by("sequence")
    return list(staged.values_list("event_type", flat=True))


def live_through(otto: Api, admin: Api, body: dict[str, Any]) -> dict[str, Any]:
    """Create, change, ask, go on, resolve and delete a ticket; return it as it began."""
    return live_on(otto, admin, otto.post(body).json())


def live_on(otto: Api, admin: Api, ticket: dict[str, Any]) -> dict[str, Any]:
    """Let a ticket that was just created live through the rest."""
    for change in (
        {"status": "inProgress", "statusChangeReason": "L1 investigation started"},
        {"name": "vManage_10001 is down"},
        {"status": "pending", "statusChangeReason": QUESTION},
        {"status": "inProgress", "statusChangeReason": "Console log received"},
        {"status": "resolved", "statusChangeReason": SOLUTION},
    ):
        assert otto.patch(ticket["id"], change).status_code == 200
    assert admin.delete(ticket["id"]).status_code == 204
    return ticket


def payloads_of(ticket: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the ticket's events as JSON brings them, the oldest first."""
    rows = StagedEvent.objects.filter(ticket_uid=ticket["id"]).select_related("domain")
    return [json.loads(json.dumps(event_payload(row))) for row in rows.order_by("sequence")]


def last_description(ticket: dict[str, Any], event_type: str) -> str:
    """Return the description of the ticket's newest event of a type."""
    rows = StagedEvent.objects.filter(ticket_uid=ticket["id"], event_type=event_type)
    return str(rows.order_by("-sequence")[0].snapshot["description"])
