"""Put an event with the ticket's snapshot into the staging queue (R154, R155)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from cases.models import Case
from cases.queries import lock_cases
from core.wake import wake
from incidents.queries import locked
from notifications.models import StagedEvent
from tmf621.queries import case_resources, ticket_resource


def stage_incident(
    incident_id: int, event_type: str, description: str, now: datetime, field_path: str = ""
) -> None:
    """Stage an event of an incident, in the transaction that changed it."""
    incident = locked(incident_id)
    ticket = ticket_resource(incident, base_url=settings.PUBLIC_URL)
    snapshot: dict[str, Any] = {
        "ticket": ticket,
        "description": description,
        "field_path": field_path,
    }
    _insert([(incident.uid, incident.number, incident.domain_pk, snapshot)], event_type, now)


def stage_cases(
    case_ids: Iterable[int], event_type: str, description: str, now: datetime, field_path: str = ""
) -> None:
    """Stage one event per case; the number of statements does not grow with the cases."""
    ids = list(case_ids)
    lock_cases(Case.objects.filter(pk__in=ids))
    tickets = case_resources(ids, base_url=settings.PUBLIC_URL)
    cases = Case.objects.filter(pk__in=ids).order_by("pk")
    rows = [
        (
            case.uid,
            case.number,
            case.domain_pk,
            {
                "ticket": tickets[case.pk],
                "description": description,
                "field_path": field_path,
            },
        )
        for case in cases
    ]
    _insert(rows, event_type, now)


def _insert(
    rows: list[tuple[UUID, str, int, dict[str, Any]]], event_type: str, now: datetime
) -> None:
    # The tickets' rows are locked, so nobody counts at the same time.
    last = dict(
        StagedEvent.objects.filter(ticket_uid__in=[uid for uid, *_ in rows])
        .values_list("ticket_uid")
        .annotate(last=Max("sequence"))
    )
    StagedEvent.objects.bulk_create(
        [
            StagedEvent(
                event_type=event_type,
                ticket_uid=uid,
                ticket_number=number,
                domain_id=domain_id,
                sequence=last.get(uid, 0) + 1,
                snapshot=snapshot,
                happened_at=now,
            )
            for uid, number, domain_id, snapshot in rows
        ],
        batch_size=500,
    )
    transaction.on_commit(lambda: wake("outbox"))
