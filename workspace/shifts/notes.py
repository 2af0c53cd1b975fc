"""Keep, show and acknowledge hand-over notes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from core.models import AssignmentGroup, User
from workspace.models import ShiftNote, ShiftReceipt
from workspace.shifts.drafting import LONGEST_SHIFT, USUAL_SHIFT


@dataclass(frozen=True, slots=True)
class NoteInView:
    """The note pinned for a user, who has read it, and whether the user has."""

    note: ShiftNote
    readers: list[str]
    read: bool


def notes_for(user: User) -> QuerySet[Any]:
    """Return the notes a user is meant to read, the newest first."""
    mine = Q(group=None) | Q(group__in=user.assignment_groups.values("pk")) | Q(author=user)
    rows = ShiftNote.objects.filter(mine).select_related("author", "group")
    return rows.order_by("-created_at", "-pk")


def note_for(user: User, now: datetime) -> NoteInView | None:
    """Return the newest note of the last days for this user, or None."""
    note = notes_for(user).filter(created_at__gt=now - LONGEST_SHIFT).first()
    if note is None:
        return None
    readers = [receipt.user for receipt in note.receipts.select_related("user").order_by("read_at")]
    return NoteInView(note, [str(reader) for reader in readers], user in readers)


def shift_begin(user: User, now: datetime) -> datetime:
    """Return when the user's shift began: with the note last read, or eight hours ago."""
    last = ShiftReceipt.objects.filter(user=user, note__in=notes_for(user)).order_by("-read_at")
    receipt = last.first()
    if receipt is None or not now - LONGEST_SHIFT < receipt.read_at < now:
        return now - USUAL_SHIFT
    return max(receipt.read_at, now - 2 * USUAL_SHIFT)


@transaction.atomic
def hand_over(
    *, user: User, text: str, group: AssignmentGroup | None, since: datetime, now: datetime
) -> ShiftNote:
    """Pin a note for the next shift; its author has read it."""
    note = ShiftNote.objects.create(
        author=user, domain=user.domain, group=group, text=text, since=since, created_at=now
    )
    ShiftReceipt.objects.create(note=note, user=user, read_at=now)
    return note


def acknowledge(*, user: User, note_id: int, now: datetime) -> ShiftNote:
    """Say that the user has read a note; `ShiftNote.DoesNotExist` where it is not for them."""
    note: ShiftNote = notes_for(user).get(pk=note_id)
    ShiftReceipt.objects.get_or_create(note=note, user=user, defaults={"read_at": now})
    return note
