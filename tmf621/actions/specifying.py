"""Keep trouble ticket specifications (TMF621 v5, troubleTicketSpecification)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core.models import User
from tmf621.errors import Conflict
from tmf621.filtering import read_query
from tmf621.models import TicketDocument, TicketSpecification
from tmf621.resources import moment

Body = dict[str, Any]
TYPE = "TroubleTicketSpecification"
NAMED_BY = "troubleTicketSpecification"


@transaction.atomic
def create_specification(*, body: Body, client: User, now: datetime) -> TicketSpecification:
    """Keep a new specification in the client's domain; the body is checked already."""
    row = TicketSpecification(domain_id=client.domain_id, created_at=now, name=body["name"][:160])
    _tell(row, body, now)
    row.save()
    return row


@transaction.atomic
def change_specification(*, row: TicketSpecification, body: Body, now: datetime) -> None:
    """Replace what a specification says; the caller holds its lock. No change is no event."""
    if body != attributes_of(row):
        row.name = body["name"][:160]
        _tell(row, body, now)
        row.save()


@transaction.atomic
def delete_specification(*, row: TicketSpecification) -> None:
    """Forget a specification; `Conflict` while tickets name it that its keeper can see."""
    (named,) = read_query([(f"{NAMED_BY}.id", str(row.uid))], reserved=()).parts
    if TicketDocument.objects.filter(told__tells=named, withdrawn_at=None).exists():
        raise Conflict("Trouble tickets name this specification; retire it instead.")
    row.delete()


def attributes_of(row: TicketSpecification) -> Body:
    """Return what clients may change of a specification."""
    owned = ("id", "creationDate", "lastUpdate")
    return {name: value for name, value in row.told.items() if name not in owned}


def _tell(row: TicketSpecification, body: Body, now: datetime) -> None:
    row.updated_at = now
    row.told = {
        "@type": TYPE,
        **body,
        "id": str(row.uid),
        "creationDate": moment(row.created_at),
        "lastUpdate": moment(now),
    }
