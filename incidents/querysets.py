"""Incident filters that read as adjectives."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from core.models import User
from incidents.choices import OPEN_STATES

if TYPE_CHECKING:
    from incidents.models import Incident  # noqa: F401  (named in a string below)


class IncidentQuerySet(models.QuerySet["Incident"]):
    """Filters over incidents."""

    def open(self) -> "IncidentQuerySet":
        return self.filter(state__in=OPEN_STATES)

    def unassigned(self) -> "IncidentQuerySet":
        return self.filter(assigned_to=None)

    def needing_attention(self) -> "IncidentQuerySet":
        return self.filter(needs_attention=True)

    def of_groups_of(self, user: User) -> "IncidentQuerySet":
        return self.filter(assignment_group__members=user)

    def assigned_to_user(self, user: User) -> "IncidentQuerySet":
        return self.filter(assigned_to=user)

    def pressing(self) -> "IncidentQuerySet":
        return self.filter(priority__lte=2)

    def matching(self, words: str) -> "IncidentQuerySet":
        """Keep incidents whose number starts with, or short description contains, the words."""
        return self.filter(Q(number__istartswith=words) | Q(short_description__icontains=words))
