"""Messages to people: mails with their delivery, and the inbox inside the workspace."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Account, Contact
from cases.models import Case
from core.models import DomainModel, Job
from incidents.models import Incident


class MailMessage(DomainModel):
    """One mail to one recipient (R104, R118)."""

    class State(models.TextChoices):
        READY = "ready", "Ready"
        SENT = "sent", "Sent"
        DEAD = "dead", "Dead"
        BOUNCED = "bounced", "Bounced"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # What caused it ("cases.raised:17"); with the recipient it makes a mail unique.
    cause = models.CharField(max_length=80)
    to = models.EmailField()
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="mails"
    )
    case = models.ForeignKey(
        Case, null=True, blank=True, on_delete=models.CASCADE, related_name="mails"
    )
    incident = models.ForeignKey(
        Incident, null=True, blank=True, on_delete=models.CASCADE, related_name="mails"
    )
    subject = models.CharField(max_length=200)
    body = models.TextField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.READY)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(DomainModel.Meta):
        constraints = [
            # Two, because a database may take two empty cases for different ones.
            models.UniqueConstraint(
                fields=["cause", "to", "case"],
                condition=models.Q(case__isnull=False),
                name="one_mail_per_cause_recipient_and_case",
            ),
            models.UniqueConstraint(
                fields=["cause", "to"],
                condition=models.Q(case__isnull=True),
                name="one_mail_per_cause_and_recipient",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="mail_due", condition=models.Q(state="ready")
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"


class InboxItem(DomainModel):
    """A notice to one of our people inside the workspace (R105)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="inbox"
    )
    cause = models.CharField(max_length=80)
    text = models.CharField(max_length=240)
    incident = models.ForeignKey(
        Incident, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    case = models.ForeignKey(
        Case, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(DomainModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["user", "cause"], name="one_notice_per_cause_and_user")
        ]

    def __str__(self) -> str:
        return self.text
