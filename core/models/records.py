"""What all task records share, and the journal each of them keeps."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.models.domains import DomainModel
from core.models.people import AssignmentGroup


class Priority(models.IntegerChoices):
    CRITICAL = 1, "1-Critical"
    HIGH = 2, "2-High"
    MODERATE = 3, "3-Moderate"
    LOW = 4, "4-Low"
    PLANNING = 5, "5-Planning"


class Record(DomainModel):
    """A numbered piece of work with an owner; concrete apps add their own state."""

    number = models.CharField(max_length=20, unique=True, editable=False)
    # Other systems know the record by this id; it never tells how many records there are.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    short_description = models.CharField(max_length=160, help_text="One line; titles the record.")
    description = models.TextField(blank=True)
    priority = models.PositiveSmallIntegerField(
        choices=Priority.choices, default=Priority.LOW, help_text="1 is the most pressing."
    )
    assignment_group = models.ForeignKey(
        AssignmentGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(DomainModel.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.number} {self.short_description}"


class JournalEntry(models.Model):
    """One line of a record's activity stream; nothing edits it afterwards."""

    class Kind(models.TextChoices):
        WORK_NOTE = "work_note", "Work note"
        COMMENT = "comment", "Customer comment"
        INSTRUCTIONS = "instructions", "Instructions"
        SYSTEM = "system", "System"
        CHANGE = "change", "Field changes"
        NOTIFICATION = "notification", "Notification"

    kind = models.CharField(max_length=14, choices=Kind.choices)
    text = models.TextField(blank=True)
    changes: Any = models.JSONField(default=list, blank=True)
    # Entries of one act carry the same key, so that the stream can show them as one.
    act = models.CharField(max_length=40, blank=True)
    # Where a copied entry came from ("case:12:entry:5"): it never returns there (R120).
    origin = models.CharField(max_length=80, blank=True)
    link = models.CharField(max_length=200, blank=True)
    actor_kind = models.CharField(max_length=10)
    actor_name = models.CharField(max_length=150)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text[:60]}"

    @property
    def internal(self) -> bool:
        """Tell whether customers must never see it (R20)."""
        return self.kind != self.Kind.COMMENT
