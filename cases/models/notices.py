"""Messages to the customers of an incident, which wait a moment before they leave (ux C.4, C.5)."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models

from cases.choices import NoticePhase, NoticeState
from cases.models.cases import Case
from core.models import DomainModel, Job
from incidents.models import Incident


class Notice(DomainModel):
    """One message with its recipients; until `leaves_at` nothing of it has left the house."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="notices")
    phase = models.CharField(max_length=14, choices=NoticePhase.choices, default=NoticePhase.UPDATE)
    # Subject and body by language, with their placeholders: {"en": {"subject": …, "body": …}}.
    texts: Any = models.JSONField()
    template_version = models.PositiveIntegerField(default=0)
    next_update_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(
        max_length=10, choices=NoticeState.choices, default=NoticeState.WAITING
    )
    error = models.TextField(blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    actor: Any = models.JSONField(default=dict)
    # Pressing twice finds what the first press made.
    request_key = models.CharField(max_length=80, blank=True)
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    leaves_at = models.DateTimeField(help_text="Not before; until then it can be taken back.")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta(DomainModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["request_key"],
                condition=~models.Q(request_key=""),
                name="one_notice_per_request",
            )
        ]
        indexes = [
            models.Index(
                fields=["leaves_at", "id"],
                name="notice_waiting",
                condition=models.Q(state="waiting"),
            ),
            models.Index(fields=["incident", "-id"], name="notices_of_incident"),
            models.Index(
                fields=["next_update_at"],
                name="notice_promised",
                condition=models.Q(state="left", next_update_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_phase_display()}: {self.subject}"

    @property
    def subject(self) -> str:
        """Return the subject of the first language."""
        return next((text["subject"] for text in self.texts.values()), "")

    @property
    def waits(self) -> bool:
        return self.state == NoticeState.WAITING

    def can_be_taken_back(self, now: datetime) -> bool:
        """Tell whether its time has not come yet."""
        return self.waits and now < self.leaves_at


class NoticeRecipient(models.Model):
    """One case whose customer a message is meant for."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="recipients")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    # As it was when the message was written; empty where there was nobody to write to.
    address = models.EmailField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "case"], name="a_notice_goes_to_a_case_once")
        ]

    def __str__(self) -> str:
        return f"{self.notice} → {self.address or 'no contact'}"
