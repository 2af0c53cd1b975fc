"""Note that something with an open ticket was reported again."""

from datetime import datetime

from django.db import transaction

from core.models import User
from tmf621.actions.writing import add_note
from tmf621.drafts import Draft, DraftNote
from tmf621.resources import Ticket


@transaction.atomic
def report_again(*, record: Ticket, draft: Draft, client: User, now: datetime) -> None:
    """Add a work note with the new description, and the notes the report carries."""
    said = draft.description or draft.name or "no description"
    note = DraftNote(text=f"Reported again (severity {draft.severity}): {said}", private=True)
    for each in (note, *draft.notes):
        add_note(record, each, client, now)
