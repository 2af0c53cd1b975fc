"""Delete a ticket as TMF621 means it: the API tells it no more, psew keeps the record."""

from datetime import datetime

from django.db import transaction

from cases.models import Case
from core.actor import actor_of
from core.bus import emit
from core.models import User
from tmf621.actions.writing import EntryKind, save_values, write_quietly
from tmf621.claims import is_over, release
from tmf621.documents import tell_cases, tell_incidents, withdraw
from tmf621.resources import Ticket, kind_of_record

REASON = "Deleted through the trouble ticket API."


@transaction.atomic
def delete_ticket(*, record: Ticket, client: User, now: datetime) -> None:
    """Cancel the record where it is open, say why in its stream, and hide the ticket for ever.

    Emits `incident.deleted` or `case.deleted` besides what cancelling emits.
    """
    by = actor_of(client)
    if not is_over(record):
        save_values(record, {"state": "canceled"}, by, now, REASON)
    write_quietly(record, EntryKind.SYSTEM, REASON, by, now)
    tell = tell_cases if isinstance(record, Case) else tell_incidents
    tell([record.pk])
    withdraw(record, now=now)
    release(record)
    emit(f"{kind_of_record(record)}.deleted", record=record, by=by, now=now)
