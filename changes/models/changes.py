"""Change requests and tasks (C.4)."""

from django.db import models
from django_fsm import RETURN_VALUE, FSMField, FSMModelMixin, transition

from accounts.models import Account
from changes.querysets import ChangeQuerySet
from cmdb.models import ConfigurationItem
from core.models import JournalEntry, Record
from core.querysets import ScopedManager


class ChangeRequest(FSMModelMixin, Record):
    """Planned work on a configuration item."""

    class Kind(models.TextChoices):
        NORMAL = "normal", "Normal"
        STANDARD = "standard", "Standard"
        EMERGENCY = "emergency", "Emergency"

    class State(models.TextChoices):
        NEW = "new", "New"
        ASSESS = "assess", "Assess"
        AUTHORIZE = "authorize", "Authorize"
        SCHEDULED = "scheduled", "Scheduled"
        IMPLEMENT = "implement", "Implement"
        REVIEW = "review", "Review"
        CLOSED = "closed", "Closed"
        CANCELED = "canceled", "Canceled"

    kind = models.CharField("type", max_length=10, choices=Kind.choices, default=Kind.NORMAL)
    state = FSMField(choices=State.choices, default=State.NEW, protected=True)
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="changes"
    )
    ci = models.ForeignKey(
        ConfigurationItem,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="changes",
        verbose_name="configuration item",
        help_text="Editable while the change is New (X17).",
    )
    planned_start = models.DateTimeField(null=True, blank=True)
    planned_end = models.DateTimeField(null=True, blank=True)
    actual_end = models.DateTimeField(null=True, blank=True)
    close_code = models.CharField(max_length=40, blank=True)
    close_notes = models.TextField(blank=True)

    objects = ScopedManager.from_queryset(ChangeQuerySet)()  # type: ignore[misc]

    class Meta(Record.Meta):
        indexes = [
            models.Index(fields=["state", "-opened_at", "-id"], name="change_by_state"),
            models.Index(fields=["ci", "-planned_start"], name="change_by_ci"),
        ]
        permissions = [("authorize_change", "Can authorize changes")]

    @transition(field=state, source="*", target=RETURN_VALUE(*[s.value for s in State]))
    def move_to(self, state: str) -> str:
        """Move to another state; which moves a type knows says changes/policy.py."""
        return state


class ChangeTask(Record):
    """A piece of a change request."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        IN_PROGRESS = "work_in_progress", "Work in Progress"
        CLOSED_COMPLETE = "closed_complete", "Closed Complete"
        CANCELED = "canceled", "Canceled"

    change = models.ForeignKey(ChangeRequest, on_delete=models.CASCADE, related_name="tasks")
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)


class ChangeEntry(JournalEntry):
    """A line of a change's activity stream."""

    change = models.ForeignKey(ChangeRequest, on_delete=models.CASCADE, related_name="journal")

    class Meta(JournalEntry.Meta):
        abstract = False
        indexes = [models.Index(fields=["change", "-id"], name="change_stream")]
        verbose_name_plural = "change entries"
