"""Keep the client's own words about a ticket (tmf.md, trap 2)."""

from typing import Any

from cases.models import Case
from core.models import User
from tmf621.drafts import Draft
from tmf621.meaning import TITLE_LENGTH
from tmf621.models import TicketFacts
from tmf621.resources import Ticket

Change = dict[str, str]
_TEXTS = {"severity": "severity", "ticket_type": "ticketType", "external_id": "externalId"}


def owner_of(record: Ticket) -> dict[str, Any]:
    """Return the arguments that tie a row to its ticket and the ticket's domain."""
    owner = {"case": record} if isinstance(record, Case) else {"incident": record}
    return {**owner, "domain_id": record.domain_id}


def keep_facts(record: Ticket, draft: Draft, client: User) -> TicketFacts:
    """Write down what a new ticket's client said."""
    facts = TicketFacts(**owner_of(record), client=client)
    apply_draft(facts, draft)
    facts.save()
    return facts


def change_facts(record: Ticket, draft: Draft) -> list[Change]:
    """Write down what a client said in a patch; return the attributes that changed."""
    owner = owner_of(record)
    domain_id = owner.pop("domain_id")
    facts, _ = TicketFacts.unscoped.select_for_update().get_or_create(
        **owner, defaults={"domain_id": domain_id}
    )
    changes = apply_draft(facts, draft)
    if changes:
        facts.save()
    return changes


def apply_draft(facts: TicketFacts, draft: Draft) -> list[Change]:
    """Set what the draft mentions; return what changed."""
    changes = []
    for field, attribute in _TEXTS.items():
        sent, old = getattr(draft, field), getattr(facts, field)
        if sent is not None and sent != old:
            setattr(facts, field, sent)
            changes.append(_change(attribute, old, sent))
    extra = dict(draft.extra)
    if draft.name is not None:
        extra["name"] = draft.name if draft.name != draft.name.strip()[:TITLE_LENGTH] else None
    for attribute, value in extra.items():
        old = facts.extra.get(attribute)
        if value != old:
            changes.append(_change(attribute, old, value))
    kept = {**facts.extra, **extra}
    facts.extra = {name: value for name, value in kept.items() if value is not None}
    return changes


def _change(attribute: str, old: Any, new: Any) -> Change:
    return {"field": attribute, "label": attribute, "old": _shown(old), "new": _shown(new)}


def _shown(value: Any) -> str:
    return value[:200] if isinstance(value, str) else ""
