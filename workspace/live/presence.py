"""Who else looks at a record: heartbeats that expire (ux C.8)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from core.models import Record, User
from workspace.models import Presence

# Browsers speak every 20 seconds; one lost beat is forgiven.
GONE_AFTER = timedelta(seconds=45)
FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who has the record open."""

    name: str
    typing: bool


def note_presence(*, record: Record, user: User, typing: bool, now: datetime) -> None:
    """Remember that somebody looks at a record, and forget what they looked at long ago."""
    here = Presence(
        user=user,
        domain_id=record.domain_pk,
        record_type=record._meta.label_lower,
        record_id=record.pk,
        typing=typing,
        seen_at=now,
    )
    Presence.objects.bulk_create(
        [here],
        update_conflicts=True,
        unique_fields=["record_type", "record_id", "user"],
        update_fields=["typing", "seen_at"],
    )
    Presence.unscoped.filter(user=user, seen_at__lt=now - FORGOTTEN_AFTER).delete()


def end_presence(*, record: Record, user: User) -> None:
    """Forget that somebody looked at a record."""
    _of(record).filter(user=user).delete()


def others_at(record: Record, user: User, now: datetime) -> list[Present]:
    """Return who else has the record open, by name."""
    rows = _of(record).exclude(user=user).filter(seen_at__gte=now - GONE_AFTER)
    rows = rows.filter(user__is_active=True).select_related("user")
    return sorted((Present(str(row.user), row.typing) for row in rows), key=lambda p: p.name)


def _of(record: Record) -> QuerySet[Presence]:
    return Presence.objects.filter(record_type=record._meta.label_lower, record_id=record.pk)
