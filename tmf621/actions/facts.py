"""Keep the client's own words about a ticket (tmf.md, trap 2)."""

from typing import Any

from cases.models import Case
from core.models import User
from tmf621.actions.attachments import add_attachments
from tmf621.claims import claim, holder_of, is_over
from tmf621.drafts import Draft
from tmf621.errors import RepeatedTicket
from tmf621.mapping import title_from
from tmf621.models import ExtensionAttribute, TicketFacts
from tmf621.resources import Ticket
from tmf621.shapes import STANDARD
from tmf621.specifications import check_ticket

Change = dict[str, str]
_TEXTS = {"severity": "severity", "ticket_type": "ticketType", "external_id": "externalId"}
# A domain's clients may invent this many attributes that one can filter by.
MOST_EXTENSIONS = 200


def owner_of(record: Ticket) -> dict[str, Any]:
    """Return the arguments that tie a row to its ticket and the ticket's domain."""
    owner = {"case": record} if isinstance(record, Case) else {"incident": record}
    return {**owner, "domain_id": record.domain_id}


def keep_facts(record: Ticket, draft: Draft, client: User) -> TicketFacts:
    """Write down what a new ticket's client said; the client's open ticket holds its external id.

    Errors: `IntegrityError` of `one_open_ticket_per_client_and_external_id` where another
    request was faster.
    """
    facts = TicketFacts(**owner_of(record), client=client)
    apply_draft(facts, draft)
    check_ticket(facts.extra)
    facts.claims_external_id = bool(facts.external_id)
    facts.save()
    if draft.attachments and add_attachments(facts, draft.attachments):
        facts.save()
    _learn_extensions(facts, draft)
    return facts


def change_facts(record: Ticket, draft: Draft) -> list[Change]:
    """Write down what a client said in a patch; return the attributes that changed."""
    owner = owner_of(record)
    domain_id = owner.pop("domain_id")
    facts, _ = TicketFacts.unscoped.select_for_update().get_or_create(
        **owner, defaults={"domain_id": domain_id}
    )
    before = facts.external_id
    changes = apply_draft(facts, draft)
    if draft.attachments and add_attachments(facts, draft.attachments):
        changes.append(_change("attachment", "", ""))
    if changes:
        check_ticket(facts.extra)
        if facts.external_id != before:
            _check_claim(record, facts)
        facts.save()
        _learn_extensions(facts, draft)
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
        extra["name"] = draft.name if draft.name != title_from(draft.name) else None
    for attribute, value in extra.items():
        old = facts.extra.get(attribute)
        if value != old:
            changes.append(_change(attribute, old, value))
    kept = {**facts.extra, **extra}
    facts.extra = {name: value for name, value in kept.items() if value is not None}
    return changes


def _check_claim(record: Ticket, facts: TicketFacts) -> None:
    facts.claims_external_id = False
    if facts.external_id and facts.client is not None and not is_over(record):
        holder = holder_of(facts.external_id, facts.client)
        if holder is not None and holder.uid != record.uid:
            raise RepeatedTicket(holder)
        facts.save()
        claim(facts)
        facts.refresh_from_db(fields=["claims_external_id"])


def _learn_extensions(facts: TicketFacts, draft: Draft) -> None:
    names = {name[:80] for name in draft.extra if name not in STANDARD}
    if not names:
        return
    rows, domain_id = ExtensionAttribute.unscoped, facts.domain_pk
    known = set(rows.filter(domain_id=domain_id).values_list("name", flat=True))
    fresh = sorted(names - known)[: max(0, MOST_EXTENSIONS - len(known))]
    rows.bulk_create(
        [ExtensionAttribute(domain_id=domain_id, name=name) for name in fresh],
        ignore_conflicts=True,
    )


def _change(attribute: str, old: Any, new: Any) -> Change:
    return {"field": attribute, "label": attribute, "old": _shown(old), "new": _shown(new)}


def _shown(value: Any) -> str:
    return value[:200] if isinstance(value, str) else ""
