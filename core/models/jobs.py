"""Long work as rows: what is wanted, how far it is, and what became of every item."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.models.domains import DomainModel


class Job(DomainModel):
    """Long work somebody asked for, done in chunks by whichever worker is free."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        STOPPING = "stopping", "Stopping"
        STOPPED = "stopped", "Stopped"
        FINISHED = "finished", "Finished"
        FAILED = "failed", "Failed"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60, help_text="Which code does the work.")
    title = models.CharField(max_length=160)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="jobs",
    )
    actor = models.JSONField(default=dict)
    parameters: Any = models.JSONField(default=dict)
    # Of one request there is one job, and of one subject one unfinished job.
    request_key = models.CharField(max_length=80, blank=True)
    subject = models.CharField(max_length=80, blank=True)
    # The record the work is about ("incident:INC0010001").
    record = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    done_before = models.PositiveIntegerField(default=0, help_text="Done before the last start.")
    attempts = models.PositiveIntegerField(default=0, help_text="Failures since a chunk went well.")
    error = models.TextField(blank=True)
    due_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    # Counts the takers; who was overtaken cannot write a chunk any more (reliability R4).
    fence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    ACTIVE = (State.WAITING, State.RUNNING, State.STOPPING)
    OVER = (State.STOPPED, State.FINISHED, State.FAILED)

    class Meta(DomainModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "request_key"],
                condition=~models.Q(request_key=""),
                name="one_job_per_request",
            ),
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=models.Q(state__in=["waiting", "running", "stopping"])
                & ~models.Q(subject=""),
                name="one_unfinished_job_per_subject",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="job_due",
                condition=models.Q(state__in=["waiting", "running", "stopping"]),
            ),
            models.Index(fields=["started_by", "-id"], name="job_by_starter"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def done(self) -> int:
        """Return how many items have an outcome."""
        return self.created + self.skipped + self.failed

    @property
    def left(self) -> int:
        """Return how many items have none yet."""
        return self.total - self.done

    @property
    def is_active(self) -> bool:
        return self.state in self.ACTIVE


class JobItem(models.Model):
    """One thing a job does, and what became of it; written with the work itself."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", "Waiting"
        CREATED = "created", "Created"
        SKIPPED = "skipped", "Skipped"
        FAILED = "failed", "Failed"

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="items")
    key = models.CharField(max_length=80)
    label = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.WAITING)
    reason = models.CharField(max_length=400, blank=True)
    record = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "key"], name="a_job_does_each_thing_once")
        ]
        indexes = [models.Index(fields=["job", "outcome", "id"], name="job_item_by_outcome")]

    def __str__(self) -> str:
        return f"{self.label or self.key}: {self.get_outcome_display()}"
