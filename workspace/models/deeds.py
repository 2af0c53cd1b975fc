"""What somebody changed in a list, and what was there before, so that it can be taken back."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.models import Job
from core.models.domains import DomainModel


class Deed(DomainModel):
    """One act of a person on one or many rows of a list; it is undone as a whole, once."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    list_name = models.CharField(max_length=20)
    title = models.CharField(max_length=160)
    permission = models.CharField(max_length=100)
    job = models.ForeignKey(
        Job, null=True, blank=True, on_delete=models.CASCADE, related_name="deeds"
    )
    created_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta(DomainModel.Meta):
        default_permissions = ()
        indexes = [models.Index(fields=["created_at"], name="deed_by_age")]
        constraints = [
            models.UniqueConstraint(
                fields=["job"],
                condition=models.Q(undone_at=None, job__isnull=False),
                name="one_deed_per_job_can_be_undone",
            )
        ]

    def __str__(self) -> str:
        return self.title


class DeedRow(models.Model):
    """One record's values before and after: those alone that the act changed."""

    deed = models.ForeignKey(Deed, on_delete=models.CASCADE, related_name="rows")
    record_id = models.BigIntegerField()
    number = models.CharField(max_length=40)
    before: Any = models.JSONField()
    after: Any = models.JSONField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["deed", "record_id"], name="a_deed_changes_each_record_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.deed}: {self.record_id}"
