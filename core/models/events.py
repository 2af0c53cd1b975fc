"""Domain events and their deliveries: the database is the queue (design, how a change happens)."""

from django.db import models
from django.utils import timezone

from core.models.domains import Domain


class DomainEvent(models.Model):
    """Something that happened to a record, written in the transaction that made it happen."""

    name = models.CharField(max_length=80)
    record_type = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="+")
    payload = models.JSONField(default=dict)
    actor = models.JSONField(default=dict)
    happened_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["record_type", "record_id"], name="event_by_record")]

    def __str__(self) -> str:
        return f"{self.name} {self.record_type}:{self.record_id}"


class Delivery(models.Model):
    """One event on its way to one async reaction."""

    class State(models.TextChoices):
        READY = "ready", "Ready"
        DONE = "done", "Done"
        DEAD = "dead", "Dead"

    event = models.ForeignKey(DomainEvent, on_delete=models.CASCADE, related_name="deliveries")
    reaction = models.CharField(max_length=120)
    # Repeated from the event so that the claim can keep a record's order without a join.
    record_key = models.CharField(max_length=90)
    state = models.CharField(max_length=8, choices=State.choices, default=State.READY)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["event", "reaction"], name="one_delivery_per_event_and_reaction"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="delivery_due",
                condition=models.Q(state="ready"),
            ),
            models.Index(
                fields=["record_key", "reaction", "id"],
                name="delivery_line",
                condition=models.Q(state="ready"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.reaction}"


class Heartbeat(models.Model):
    """When each scheduled duty last ran; two schedulers share the row and do no harm."""

    name = models.CharField(max_length=60, primary_key=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
