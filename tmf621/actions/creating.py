"""Make a ticket of what a client sent: an incident or a case (R147-R150)."""

from datetime import datetime

from django.db import transaction

from cases.actions import open_case
from cases.queries import MOVES
from core.actor import SYSTEM, actor_of
from core.models import User
from incidents.actions import add_affected_ci, open_incident
from incidents.choices import Origin, State
from incidents.queries import may_move
from tmf621.actions.facts import keep_facts, owner_of
from tmf621.actions.writing import (
    EntryKind,
    author_of,
    save_values,
    standing_values,
    write_quietly,
)
from tmf621.drafts import Draft
from tmf621.mapping import Kind, Standing, Status, kind_of, read_status, standing_for
from tmf621.meaning import Meaning, meaning_of, title_of
from tmf621.models import StatusChange
from tmf621.resources import Ticket

# Other words are kept in the history's reason: nobody starts with a resolved ticket.
STARTING = (Status.IN_PROGRESS, Status.PENDING, Status.HELD)
CREATED = "created by TMF621 client"


@transaction.atomic
def create_ticket(*, draft: Draft, client: User, now: datetime) -> Ticket:
    """Open the incident or case a draft asks for, in the client's domain.

    Out: the record, with the client's words beside it before anybody is told. Errors: the
    TMF errors and those of `open_incident` and `open_case`.
    """
    kind = kind_of(draft.ticket_type or "")
    meaning = meaning_of(draft, kind)
    standing = _first_standing(draft, kind)

    def keep_words(record: Ticket) -> None:
        _keep_words(record, draft, meaning, standing, client, now)

    record: Ticket
    values = {k: v for k, v in meaning.values.items() if k != "short_description"}
    title, by = title_of(draft, str(client)), actor_of(client)
    if kind is Kind.CASE:
        account, contact = values.pop("account", None), values.pop("contact", None)
        record = open_case(
            by=by,
            now=now,
            short_description=title,
            account=account,
            contact=contact,
            values={k: v for k, v in values.items() if k != "description"},
            description=values.get("description", ""),
            before_telling=keep_words,
        )
    else:
        record = open_incident(
            by=by,
            now=now,
            short_description=title,
            values=values,
            origin=Origin.API,
            origin_label=str(client),
            before_telling=keep_words,
        )
        for item in meaning.things.more_cis:
            add_affected_ci(incident_id=record.pk, ci_id=item.pk, by=by, now=now)
    if standing is not None:
        values = standing_values(record, standing, draft, client)
        save_values(record, values, by, now, draft.reason or "")
    return record


def _keep_words(
    record: Ticket,
    draft: Draft,
    meaning: Meaning,
    standing: Standing | None,
    client: User,
    now: datetime,
) -> None:
    keep_facts(record, draft, client)
    unused = draft.status if standing is None and not _is_plain_start(draft) else ""
    StatusChange.unscoped.create(
        **owner_of(record),
        status=Status.ACKNOWLEDGED,
        reason=(unused or draft.reason or CREATED)[:240],
        changed_at=now,
    )
    for note in draft.notes:
        kind = EntryKind.WORK_NOTE if note.private else EntryKind.COMMENT
        write_quietly(record, kind, note.text.strip(), author_of(note, client), now)
    for remark in meaning.remarks:
        write_quietly(record, EntryKind.SYSTEM, remark, SYSTEM, now)


def _is_plain_start(draft: Draft) -> bool:
    return read_status(draft.status or "", kind_of(draft.ticket_type or "")) is Status.ACKNOWLEDGED


def _first_standing(draft: Draft, kind: Kind) -> Standing | None:
    """Return where the ticket goes right after it was opened, if anywhere."""
    status = read_status(draft.status or "", kind)
    standing = standing_for(status, kind) if status in STARTING else None
    if standing is None:
        return None
    if kind is Kind.CASE:
        return standing if standing.state in MOVES["new"] else None
    return standing if may_move(State.NEW, standing.state) else None
