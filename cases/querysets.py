"""Case filters that read as adjectives."""

from typing import TYPE_CHECKING

from django.db import models

from cases.choices import OPEN_CASE_STATES, CaseState, MajorState

if TYPE_CHECKING:
    from cases.models import Case  # noqa: F401  (named in a string below)


class CaseQuerySet(models.QuerySet["Case"]):
    """Filters over cases."""

    def open(self) -> "CaseQuerySet":
        return self.filter(state__in=OPEN_CASE_STATES)

    def major(self) -> "CaseQuerySet":
        return self.filter(major_state=MajorState.ACCEPTED)

    def minor(self) -> "CaseQuerySet":
        return self.exclude(major_state=MajorState.ACCEPTED)

    def proactive(self) -> "CaseQuerySet":
        return self.filter(proactive=True)

    def tellable(self) -> "CaseQuerySet":
        """Return those whose customer can be told something, as a message about an incident."""
        rows = self.filter(account__isnull=False, incident__isnull=False)
        return rows.exclude(state__in=[CaseState.CLOSED, CaseState.CANCELED])
