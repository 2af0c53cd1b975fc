"""Outages: planned, degradation or outage, with begin and end (C.7)."""

from django.db import models

from changes.models.changes import ChangeRequest
from cmdb.models import ConfigurationItem
from core.models import DomainModel


class Outage(DomainModel):
    """A time in which an item does not serve as it should."""

    class Kind(models.TextChoices):
        OUTAGE = "outage", "Outage"
        DEGRADATION = "degradation", "Degradation"
        PLANNED = "planned", "Planned"

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField("type", max_length=12, choices=Kind.choices, default=Kind.OUTAGE)
    short_description = models.CharField(max_length=160)
    ci = models.ForeignKey(ConfigurationItem, on_delete=models.PROTECT, related_name="outages")
    change = models.ForeignKey(
        ChangeRequest, null=True, blank=True, on_delete=models.SET_NULL, related_name="outages"
    )
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta(DomainModel.Meta):
        indexes = [models.Index(fields=["-begins_at", "-id"], name="outage_by_begin")]

    def __str__(self) -> str:
        return f"{self.number} {self.short_description}"
