"""Incident tasks: one per stage, following the incident while open (R62, R67-R70, C.2)."""

from django.db import models

from core.models import JournalEntry, Record
from incidents.choices import OPEN_TASK_STATES, Stage, TaskState
from incidents.models.incidents import Incident


class IncidentTask(Record):
    """The work of one group on an incident; a closed task stays as it was closed."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="tasks")
    ci = models.ForeignKey(
        "cmdb.ConfigurationItem",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="configuration item",
    )
    state = models.CharField(max_length=20, choices=TaskState.choices, default=TaskState.OPEN)
    stage = models.CharField(
        max_length=16,
        choices=Stage.choices,
        blank=True,
        help_text="The stage this task belongs to; empty for tasks added by hand.",
    )
    close_notes = models.TextField(blank=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["incident"],
                condition=models.Q(state__in=[s.value for s in OPEN_TASK_STATES])
                & ~models.Q(stage=""),
                name="one_open_task_per_incident",
            )
        ]
        indexes = [models.Index(fields=["state", "-opened_at", "-id"], name="task_by_state")]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_TASK_STATES


class IncidentTaskEntry(JournalEntry):
    """A line of a task's activity stream."""

    task = models.ForeignKey(IncidentTask, on_delete=models.CASCADE, related_name="journal")

    class Meta(JournalEntry.Meta):
        abstract = False
        verbose_name_plural = "incident task entries"
        indexes = [models.Index(fields=["task", "-id"], name="task_stream")]
