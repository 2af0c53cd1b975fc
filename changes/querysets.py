"""Change filters that read as adjectives."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from changes.policy import CANCELED, CLOSED

if TYPE_CHECKING:
    from changes.models import ChangeRequest  # noqa: F401  (named in a string below)


class ChangeQuerySet(models.QuerySet["ChangeRequest"]):
    """Filters over change requests."""

    def open(self) -> "ChangeQuerySet":
        return self.exclude(state__in=[CLOSED, CANCELED])

    def recent_on(self, ci_ids: Iterable[int], since: datetime) -> "ChangeQuerySet":
        """Keep changes of these items that were planned for, or else opened, after a moment."""
        planned = Q(planned_start__gte=since) | Q(planned_end__gte=since)
        unplanned = Q(planned_start=None, planned_end=None, opened_at__gte=since)
        return self.filter(planned | unplanned, ci_id__in=list(ci_ids)).exclude(state=CANCELED)
