"""The outbound pipeline's tables: staging queue, deliveries, attempts (R154-R163)."""

import uuid
from typing import Any

from django.db import models
from django.utils import timezone

from core.models import DomainModel
from notifications.models.subscribers import Subscriber
from notifications.models.topics import Topic


class StagedEvent(DomainModel):
    """A stamped event type with the ticket's snapshot, waiting to be published (R155)."""

    class State(models.TextChoices):
        READY = "ready", "Ready"
        COMPLETED = "completed", "Completed"
        ERROR = "error", "Error"

    event_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event_type = models.CharField(max_length=80)
    ticket_uid = models.UUIDField()
    ticket_number = models.CharField(max_length=20)
    # Set where a client published the event to a topic; it goes to that topic alone.
    topic = models.ForeignKey(
        Topic, null=True, blank=True, on_delete=models.SET_NULL, related_name="published"
    )
    # Counts a ticket's events; with it a consumer sees gaps and order.
    sequence = models.PositiveIntegerField()
    snapshot: Any = models.JSONField()
    payload: Any = models.JSONField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READY)
    error = models.TextField(blank=True)
    happened_at = models.DateTimeField(default=timezone.now)
    produced_at = models.DateTimeField(null=True, blank=True)

    class Meta(DomainModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["ticket_uid", "sequence"], name="one_event_per_ticket_and_sequence"
            )
        ]
        indexes = [
            models.Index(fields=["id"], name="staged_ready", condition=models.Q(state="ready")),
            models.Index(fields=["id"], name="staged_error", condition=models.Q(state="error")),
            models.Index(fields=["happened_at", "id"], name="staged_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.ticket_number} #{self.sequence}"


class OutboundDelivery(DomainModel):
    """One event on its way to one subscriber (reliability R3b)."""

    class State(models.TextChoices):
        READY = "ready", "Ready"
        SENT = "sent", "Sent"
        DEAD = "dead", "Dead"
        SKIPPED = "skipped", "Skipped"

    event = models.ForeignKey(StagedEvent, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="deliveries")
    ticket_uid = models.UUIDField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.READY)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    # Who claimed it last; only that one may say how it ended (fencing).
    claim = models.UUIDField(null=True, blank=True, editable=False)
    first_tried_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=400, blank=True)

    class Meta(DomainModel.Meta):
        verbose_name_plural = "outbound deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["event", "subscriber"], name="one_delivery_per_event_and_subscriber"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="outbound_due", condition=models.Q(state="ready")
            ),
            models.Index(
                fields=["subscriber", "ticket_uid", "id"],
                name="outbound_line",
                condition=models.Q(state__in=["ready", "dead"]),
            ),
            # What a subscriber's next batch is read from, in its order.
            models.Index(
                fields=["subscriber", "id"],
                name="outbound_queue",
                condition=models.Q(state="ready"),
            ),
            models.Index(
                fields=["sent_at"], name="outbound_sent", condition=models.Q(state="sent")
            ),
        ]
        permissions = [("replay_delivery", "Can replay deliveries")]

    def __str__(self) -> str:
        return f"{self.event} → {self.subscriber}"


class Attempt(models.Model):
    """One try to deliver, and what came of it."""

    delivery = models.ForeignKey(OutboundDelivery, on_delete=models.CASCADE, related_name="tries")
    started_at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    ok = models.BooleanField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    detail = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["delivery", "-id"], name="attempts_of_delivery"),
            models.Index(fields=["started_at"], name="failed_tries", condition=models.Q(ok=False)),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%H:%M:%S} {'ok' if self.ok else self.detail}"
