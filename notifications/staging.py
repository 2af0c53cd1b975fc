"""Put an event with the ticket's snapshot into the staging queue (R154, R155)."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from cases.models import Case
from cases.queries import lock_cases
from core.wake import wake
from incidents.queries import locked
from notifications.models import StagedEvent
from notifications.names import DELETE
from tmf621.queries import case_resources, ticket_resource, withdrawn
from tmf621.resources import Resource, Ticket

# Said beforehand, or read from the ticket as it is told.
Description = str | Callable[[Resource], str]


class Cause(NamedTuple):
    """Why an event is staged; `field_path` names the record's fields, with commas between."""

    event_type: str
    description: Description
    happened_at: datetime
    field_path: str = ""


def stage_incident(
    incident_id: int,
    event_type: str,
    description: Description,
    now: datetime,
    field_path: str = "",
) -> None:
    """Stage an event of an incident, in the transaction that changed it."""
    incident = locked(incident_id)
    ticket = ticket_resource(incident, base_url=settings.PUBLIC_URL)
    _stage([(incident, ticket)], Cause(event_type, description, now, field_path))


def stage_cases(
    case_ids: Iterable[int],
    event_type: str,
    description: Description,
    now: datetime,
    field_path: str = "",
) -> None:
    """Stage one event per case; the number of statements does not grow with the cases."""
    ids = list(case_ids)
    lock_cases(Case.objects.filter(pk__in=ids))
    tickets = case_resources(ids, base_url=settings.PUBLIC_URL)
    cases = Case.objects.filter(pk__in=ids).order_by("pk")
    told = [(case, tickets[case.pk]) for case in cases]
    _stage(told, Cause(event_type, description, now, field_path))


def _stage(told: Sequence[tuple[Ticket, Resource]], cause: Cause) -> None:
    """Write the rows; a deleted ticket's last event is its deletion."""
    uids = [record.uid for record, _ in told]
    gone = set[UUID]() if cause.event_type == DELETE else withdrawn(uids)
    # The tickets' rows are locked, so nobody counts at the same time.
    last = dict(
        StagedEvent.objects.filter(ticket_uid__in=uids)
        .values_list("ticket_uid")
        .annotate(last=Max("sequence"))
    )
    StagedEvent.objects.bulk_create(
        [
            StagedEvent(
                event_type=cause.event_type,
                ticket_uid=record.uid,
                ticket_number=record.number,
                domain_id=record.domain_pk,
                sequence=last.get(record.uid, 0) + 1,
                snapshot=_snapshot(ticket, cause),
                happened_at=cause.happened_at,
            )
            for record, ticket in told
            if record.uid not in gone
        ],
        batch_size=500,
    )
    transaction.on_commit(lambda: wake("outbox"))


def _snapshot(ticket: Resource, cause: Cause) -> dict[str, Any]:
    say = cause.description
    return {
        "ticket": ticket,
        "description": say(ticket) if callable(say) else say,
        "field_path": cause.field_path,
    }
