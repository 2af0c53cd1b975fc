"""Which tickets a list holds and how they are told."""

from django.db.models import Q

from tmf621.lists.paging import Listing, Row
from tmf621.models import TicketDocument
from tmf621.queries import case_resources, incident_resources
from tmf621.resources import Resource
from tmf621.words import Words

SORTS = {
    "creationDate": "opened_at",
    "lastUpdate": "updated_at",
    "name": "name",
    "priority": "priority",
    "severity": "severity",
    "status": "status",
}


def ticket_listing(condition: Q, base_url: str) -> Listing:
    """Return the listing of the tickets that meet a condition."""
    return Listing(
        TicketDocument.objects.filter(condition, withdrawn_at=None),
        SORTS,
        ("incident_id", "case_id"),
        lambda rows: _told(rows, base_url),
    )


def _told(rows: list[Row], base_url: str) -> list[Resource]:
    words = Words()
    incidents = [row["incident_id"] for row in rows if row["incident_id"]]
    cases = [row["case_id"] for row in rows if row["case_id"]]
    by_incident = incident_resources(incidents, base_url, words)
    by_case = case_resources(cases, base_url, words)
    found = [by_incident.get(row["incident_id"]) or by_case.get(row["case_id"]) for row in rows]
    return [resource for resource in found if resource is not None]
