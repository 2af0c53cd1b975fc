"""Runs: a frozen plan, and what became of it (R66)."""

from typing import Any

from django.db import models
from django.utils import timezone

from core.models import DomainModel
from escalation.models.flows import Subflow
from incidents.models import Incident


class Run(DomainModel):
    """One subflow carried out on one incident; the plan is frozen when it is made."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELED = "canceled", "Canceled"

    class Kind(models.TextChoices):
        STAGE = "stage", "Stage"
        CASES = "cases", "Cases"

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.STAGE)
    subflow = models.ForeignKey(Subflow, on_delete=models.PROTECT, related_name="runs")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    # Steps with options, inputs, matched row and version, why earlier rows failed: see engine.py.
    plan: Any = models.JSONField(default=dict)
    notes = models.TextField(blank=True)
    # What each step did, with its milliseconds.
    log: Any = models.JSONField(default=list, blank=True)
    error = models.TextField(blank=True)
    started_by: Any = models.JSONField(default=dict)
    # Ties the run to the entries it wrote in streams.
    act = models.CharField(max_length=40, blank=True, db_index=True)
    planned_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    escalates_at = models.DateTimeField(
        null=True, blank=True, help_text="When psew goes on by itself if nobody has until then."
    )

    class Meta(DomainModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "kind"],
                condition=models.Q(state="planned"),
                name="one_open_run_per_incident",
            )
        ]
        indexes = [
            models.Index(fields=["incident", "-id"], name="run_by_incident"),
            models.Index(fields=["-planned_at"], name="run_by_time"),
            models.Index(
                fields=["escalates_at"],
                name="run_waiting",
                condition=models.Q(escalates_at__isnull=False),
            ),
        ]
        permissions = [("retry_run", "Can try failed runs again")]

    def __str__(self) -> str:
        return f"{self.subflow} on {self.incident_id} ({self.get_state_display()})"
