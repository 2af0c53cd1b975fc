"""One open ticket per client and external id: the claim on the id, taken and given back."""

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.db.models import Q

from cases.choices import OPEN_CASE_STATES
from cases.models import Case
from core.models import User
from incidents.choices import OPEN_STATES
from tmf621.models import TicketFacts
from tmf621.resources import Ticket

_OVER = {
    "incident": Q(incident__isnull=False) & ~Q(incident__state__in=OPEN_STATES),
    "case": Q(case__isnull=False) & ~Q(case__state__in=OPEN_CASE_STATES),
}


def holder_of(external_id: str, client: User) -> Ticket | None:
    """Return this client's open ticket with the external id, if there is one."""
    if not external_id:
        return None
    facts = (
        TicketFacts.unscoped.filter(
            client=client,
            domain=client.domain_id,
            external_id=external_id,
            claims_external_id=True,
        )
        .select_related("incident", "case")
        .first()
    )
    return (facts.incident or facts.case) if facts else None


def is_over(record: Ticket) -> bool:
    """Tell whether a ticket needs its external id no more."""
    return record.state not in (OPEN_CASE_STATES if isinstance(record, Case) else OPEN_STATES)


def settle_claims(owner: str, record_ids: Collection[int]) -> None:
    """Give back the claims of tickets that are over, take those of tickets open again.

    A ticket that is opened again while a younger one holds its id goes on without the claim.
    """
    facts = TicketFacts.unscoped.filter(**{f"{owner}__in": record_ids}).exclude(external_id="")
    facts.filter(_OVER[owner], claims_external_id=True).update(claims_external_id=False)
    free = facts.filter(~_OVER[owner], claims_external_id=False).exclude(client=None)
    # What a client deleted is told no more, so nobody could learn who holds the id.
    for row in free.filter(**{f"{owner}__ticket_document__withdrawn_at": None}):
        claim(row)


def release(record: Ticket) -> None:
    """Give back the claim of a ticket, whatever its state."""
    owner = {"case": record} if isinstance(record, Case) else {"incident": record}
    TicketFacts.unscoped.filter(**owner).update(claims_external_id=False)


def claim(facts: TicketFacts) -> None:
    """Claim the external id where it is free."""
    held = TicketFacts.unscoped.filter(
        client=facts.client_id,
        domain=facts.domain_pk,
        external_id=facts.external_id,
        claims_external_id=True,
    )
    if held.exists():
        return
    try:
        with transaction.atomic():
            TicketFacts.unscoped.filter(pk=facts.pk).update(claims_external_id=True)
    except IntegrityError:
        # Somebody else was faster; the id is theirs.
        return
