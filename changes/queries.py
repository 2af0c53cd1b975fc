"""Reads over changes for other apps."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from changes.models import ChangeRequest

RECENT = timedelta(days=14)
SHOWN = 10


def recent_changes(*, ci_ids: Iterable[int], now: datetime) -> list[ChangeRequest]:
    """Return changes that may have caused a fault of these items now, the latest first.

    Work that is planned for later cannot be the cause and is left out.
    """
    changes = ChangeRequest.objects.recent_on(ci_ids, now - RECENT)
    begun = changes.filter(Q(planned_start=None) | Q(planned_start__lte=now))
    related = begun.select_related("ci", "assignment_group", "assigned_to")
    return list(related.order_by("-planned_start", "-opened_at", "-pk")[:SHOWN])


def locked_change(change_id: int) -> ChangeRequest:
    """Return the change, held until the transaction ends."""
    change: ChangeRequest = ChangeRequest.objects.select_for_update().get(pk=change_id)
    return change
