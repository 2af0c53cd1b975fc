"""Keep what every ticket tells, so that lists find, sort and count without the records."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from cases.models import Case
from cases.queries import lock_cases
from incidents.models import Incident
from tmf621.faces import v5_characteristics
from tmf621.filtering import normalised
from tmf621.models import TicketDocument
from tmf621.queries import case_resources, incident_resources
from tmf621.resources import Resource, Ticket
from tmf621.words import Words

TOLD = (
    "status",
    "severity",
    "ticket_type",
    "external_id",
    "priority",
    "name",
    "opened_at",
    "updated_at",
    "resolved_at",
    "told",
)
CHUNK = 500
Rows = Iterable[int]


@transaction.atomic
def tell_incidents(incident_ids: Rows) -> None:
    """Rewrite the documents of these incidents; the statements do not grow with their number.

    It holds the records' locks, so that what was told last is what is true last.
    """
    ids = list(incident_ids)
    rows = Incident.unscoped.filter(pk__in=ids).order_by("pk")
    if connection.features.has_select_for_update_of:
        rows = rows.select_for_update(of=("self",))
    records = {incident.pk: incident for incident in rows}
    _write("incident", records, incident_resources(ids, base_url=""))


@transaction.atomic
def tell_cases(case_ids: Rows) -> None:
    """Rewrite the documents of these cases."""
    ids = lock_cases(Case.unscoped.filter(pk__in=list(case_ids)))
    records = {c.pk: c for c in Case.unscoped.filter(pk__in=ids)}
    _write("case", records, case_resources(ids, base_url=""))


def tell_missing() -> int:
    """Write documents of tickets that have none, made by bulk loads; return how many."""
    written = 0
    for model, tell in ((Incident, tell_incidents), (Case, tell_cases)):
        rows: Any = model.unscoped.filter(ticket_document=None).order_by("pk")
        while ids := list(rows.values_list("pk", flat=True)[:CHUNK]):
            tell(ids)
            written += len(ids)
    return written


def tell_all() -> int:
    """Rewrite every document, as after renaming groups, customers or items; return how many."""
    written = 0
    for model, tell in ((Incident, tell_incidents), (Case, tell_cases)):
        last = 0
        rows: Any = model.unscoped.order_by("pk")
        while ids := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:CHUNK]):
            tell(ids)
            last, written = ids[-1], written + len(ids)
    return written


def withdraw(record: Ticket, *, now: datetime) -> None:
    """Let the API tell this ticket no more."""
    TicketDocument.unscoped.filter(uid=record.uid).update(withdrawn_at=now)


def _write(owner: str, records: dict[int, Any], resources: dict[int, Resource]) -> None:
    words = Words()
    fresh = [_document(owner, records[pk], told, words) for pk, told in resources.items()]
    TicketDocument.unscoped.bulk_create(
        fresh,
        update_conflicts=True,
        unique_fields=["uid"],
        update_fields=TOLD,
        batch_size=CHUNK,
    )


def _document(owner: str, record: Ticket, told: Resource, words: Words) -> TicketDocument:
    return TicketDocument(
        **{f"{owner}_id": record.pk},
        uid=record.uid,
        domain_id=record.domain_id,
        status=told["status"],
        severity=told["severity"],
        ticket_type=told["ticketType"].casefold()[:80],
        external_id=told.get("externalId", ""),
        priority=record.priority,
        name=told["name"][:160],
        opened_at=record.opened_at,
        updated_at=record.updated_at,
        resolved_at=record.resolved_at,
        told={
            **normalised(told),
            **_identifiers(told),
            # v5 shows the category among these, so its clients look for it there.
            **normalised(v5_characteristics.show(told)),
            **_all_spellings(record, told, words),
        },
    )


def _identifiers(told: Resource) -> Resource:
    """Return v5's list of external identifiers, so that its filters find v4's tickets too."""
    if "externalId" not in told:
        return {}
    return {"externalIdentifier": [*told.get("externalIdentifier", []), {"id": told["externalId"]}]}


def _all_spellings(record: Ticket, told: Resource, words: Words) -> Resource:
    """Return the category words with the site's own beside the client's; a filter finds by any."""
    if not isinstance(record, Incident):
        return {}
    own = {
        "category": (record.category, words.categories.get(record.category, "")),
        "subCategory": (
            record.subcategory,
            words.subcategories.get((record.category, record.subcategory), ""),
        ),
    }
    return {
        name: sorted({told[name], *spellings} - {""})
        for name, spellings in own.items()
        if name in told
    }
