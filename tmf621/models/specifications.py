"""Trouble ticket specifications: which characteristics a kind of ticket has (TMF621 v5)."""

import uuid
from typing import Any

from django.db import models
from django.utils import timezone

from core.models import DomainModel


class TicketSpecification(DomainModel):
    """A TroubleTicketSpecification; tickets that name it must have its mandatory values."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=160)
    # All other attributes as the client sent them.
    told: Any = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta(DomainModel.Meta):
        verbose_name = "ticket specification"
        indexes = [models.Index(fields=["-created_at", "-id"], name="specification_newest")]

    def __str__(self) -> str:
        return self.name
