"""Read tickets: one, many, or a page of them, in a fixed number of statements."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q

from cases.models import Case, CaseEntry
from cases.queries import lock_incidents_of, locked_case
from incidents.models import ImpactedService, Incident, IncidentEntry
from incidents.queries import locked
from tmf621.errors import UnknownTicket
from tmf621.models import AttachmentContent, StatusChange, TicketDocument, TicketFacts
from tmf621.resolving import as_uuid
from tmf621.resources import Resource, Ticket, write_resource
from tmf621.words import Words

_INCIDENT_PARTS = ("ci__ci_class", "service__ci_class", "account", "assignment_group", "parent")
_CASE_PARTS = ("account", "assignment_group", "parent", "incident")


def ticket_resource(record: Ticket, base_url: str, *, contents: bool = False) -> Resource:
    """Return a record's full v4 resource, freshly read; `base_url` has no trailing slash.

    In: `contents` adds what the client embedded into attachments.
    """
    read = case_resources if isinstance(record, Case) else incident_resources
    resource = read([record.pk], base_url)[record.pk]
    if contents and resource.get("attachment"):
        _add_contents(record, resource["attachment"])
    return resource


def incident_resources(
    incident_ids: Iterable[int], base_url: str, words: Words | None = None
) -> dict[int, Resource]:
    """Return id → resource of many incidents."""
    ids = list(incident_ids)
    incidents = Incident.unscoped.filter(pk__in=ids).select_related(*_INCIDENT_PARTS)
    comments = IncidentEntry.objects.filter(
        incident__in=ids, kind=IncidentEntry.Kind.COMMENT
    ).order_by("pk")
    impacted = ImpactedService.objects.filter(incident__in=ids).select_related("service__ci_class")
    services = defaultdict(list)
    for row in impacted.order_by("pk"):
        services[row.incident_id].append(row.service)
    return _written(incidents, "incident", _by(comments, "incident_id"), services, words, base_url)


def case_resources(
    case_ids: Iterable[int], base_url: str, words: Words | None = None
) -> dict[int, Resource]:
    """Return id → resource of many cases."""
    ids = list(case_ids)
    cases = Case.unscoped.filter(pk__in=ids).select_related(*_CASE_PARTS)
    comments = CaseEntry.objects.filter(case__in=ids, kind=CaseEntry.Kind.COMMENT).order_by("pk")
    return _written(cases, "case", _by(comments, "case_id"), {}, words, base_url)


def find_ticket(ticket_id: str) -> Ticket:
    """Return the incident or case with this id; `UnknownTicket` also for another domain's."""
    uid = as_uuid(ticket_id)
    found: Ticket | None = None
    if uid is not None:
        told = TicketDocument.objects.filter(uid=uid).select_related("incident", "case").first()
        if told is None:
            # Whatever was made without events has no document yet.
            found = Incident.objects.filter(uid=uid).first() or Case.objects.filter(uid=uid).first()
        elif told.withdrawn_at is None:
            found = told.incident or told.case
    if found is None:
        raise UnknownTicket("There is no such trouble ticket.")
    return found


def locked_ticket(ticket_id: str) -> Ticket:
    """Return the ticket's record, its row locked until the transaction ends."""
    record = find_ticket(ticket_id)
    if not isinstance(record, Case):
        return locked(record.pk)
    # A change of the customer reaches the incident, and incidents are locked before cases.
    lock_incidents_of([record.pk])
    return locked_case(record.pk)


def withdrawn(ticket_uids: Iterable[UUID]) -> set[UUID]:
    """Return which of these tickets the API tells no more, because they were deleted."""
    rows = TicketDocument.unscoped.filter(uid__in=list(ticket_uids), withdrawn_at__isnull=False)
    return set(rows.values_list("uid", flat=True))


def sent_attributes(record: Ticket) -> Resource:
    """Return what clients said about a ticket that psew keeps as they said it."""
    rows = TicketFacts.unscoped.filter(_whose(record)).values_list("extra", flat=True)
    return dict(rows.first() or {})


def _whose(record: Ticket) -> Q:
    return Q(case=record.pk) if isinstance(record, Case) else Q(incident=record.pk)


def _add_contents(record: Ticket, attachments: list[Resource]) -> None:
    rows = AttachmentContent.objects.filter(facts__in=TicketFacts.unscoped.filter(_whose(record)))
    contents = dict(rows.values_list("attachment", "content"))
    for attachment in attachments:
        if attachment["id"] in contents:
            attachment["content"] = contents[attachment["id"]]


def _written(
    records: Iterable[Any],
    owner: str,
    comments: dict[int, list[Any]],
    services: dict[int, list[Any]],
    words: Words | None,
    base_url: str,
) -> dict[int, Resource]:
    found = {record.pk: record for record in records}
    whose = {f"{owner}__in": list(found)}
    key = f"{owner}_id"
    facts = {getattr(f, key): f for f in TicketFacts.unscoped.filter(**whose)}
    changes = _by(StatusChange.unscoped.filter(**whose).order_by("pk"), key)
    words = words or Words()
    return {
        pk: write_resource(
            record,
            facts.get(pk),
            changes.get(pk, []),
            comments.get(pk, []),
            services.get(pk, []),
            words,
            base_url,
        )
        for pk, record in found.items()
    }


def _by(rows: Iterable[Any], key: str) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[getattr(row, key)].append(row)
    return grouped
