"""Change a ticket as a merge patch asks."""

from datetime import datetime
from typing import Any

from django.db import transaction

from cases.models import Case
from cases.queries import locked_case
from core.actor import actor_of
from core.bus import emit
from core.models import User
from incidents.actions import add_affected_ci
from incidents.errors import IllegalMove
from incidents.queries import locked
from tmf621.actions.facts import Change, change_facts
from tmf621.actions.writing import add_note, save_values, standing_values
from tmf621.drafts import Draft, DraftNote
from tmf621.errors import BadAttribute, Conflict, IllegalStatus
from tmf621.mapping import Standing, kind_of, read_status, standing_for
from tmf621.meaning import Meaning, meaning_of
from tmf621.resources import Ticket, kind_of_record, record_status
from tmf621.transitions import may_change, possible_statuses
from tmf621.words import Words

FINISHED = ("closed", "canceled")


@transaction.atomic
def patch_ticket(
    *, record: Ticket, draft: Draft, notes: list[DraftNote], client: User, now: datetime
) -> None:
    """Save what the draft mentions and add the notes; the same status again is no change.

    Errors: `BadAttribute` for an unknown status or a type of the other kind, `IllegalStatus`
    for a move the site does not allow, `Conflict` for a finished ticket.
    """
    record = locked_case(record.pk) if isinstance(record, Case) else locked(record.pk)
    _check_type(record, draft)
    standing = _asked_standing(record, draft)
    kind = kind_of_record(record)
    meaning = meaning_of(draft, kind, None if isinstance(record, Case) else record)
    values = {k: v for k, v in meaning.values.items() if getattr(record, k) != v}
    if standing is not None:
        values.update(standing_values(record, standing, draft, client))
    facts = change_facts(record, draft)
    if record.state in FINISHED and (values or facts or notes):
        raise _too_late(record, draft)
    _save(record, values, facts, draft, client, now)
    _add_further(record, meaning, notes, client, now)


def _save(
    record: Ticket,
    values: dict[str, Any],
    facts: list[Change],
    draft: Draft,
    client: User,
    now: datetime,
) -> None:
    by = actor_of(client)
    if values:
        try:
            save_values(record, values, by, now, draft.reason or "")
        except IllegalMove as error:
            raise _too_late(record, draft) from error
    elif facts:
        # Nothing of psew's own changed, but what the ticket tells did.
        type(record).objects.filter(pk=record.pk).update(updated_at=now, version=record.version + 1)
        event = f"{kind_of_record(record)}.updated"
        emit(event, record=record, by=by, now=now, payload={"changes": facts})


def _add_further(
    record: Ticket, meaning: Meaning, notes: list[DraftNote], client: User, now: datetime
) -> None:
    by = actor_of(client)
    if not isinstance(record, Case):
        for item in meaning.things.more_cis:
            add_affected_ci(incident_id=record.pk, ci_id=item.pk, by=by, now=now)
    for note in notes:
        add_note(record, note, client, now)


def _check_type(record: Ticket, draft: Draft) -> None:
    kind = kind_of_record(record)
    if draft.ticket_type is not None and kind_of(draft.ticket_type) is not kind:
        raise BadAttribute(f"ticketType: {record.number} is an {kind}; it cannot become another.")


def _asked_standing(record: Ticket, draft: Draft) -> Standing | None:
    """Return where the patch moves the ticket; None where it stays."""
    if draft.status is None:
        return None
    kind = kind_of_record(record)
    status = read_status(draft.status, kind)
    if status is None:
        raise BadAttribute(f"status: {draft.status!r} is no status of a trouble ticket.")
    here = record_status(record, Words())
    if status == here:
        return None
    standing = standing_for(status, kind)
    if standing is None or not may_change(here, status):
        raise _too_late(record, draft)
    return standing


def _too_late(record: Ticket, draft: Draft) -> Exception:
    """Return the 409 that names what would be allowed."""
    here = record_status(record, Words())
    if draft.status is None:
        return Conflict(f"The ticket is {here}; it cannot be changed any more.")
    allowed = ", ".join(possible_statuses(record)) or "none"
    return IllegalStatus(f"status {here!r} cannot become {draft.status!r}; allowed: {allowed}.")
