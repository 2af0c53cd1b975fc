"""What was ticked off in the instructions of a stage."""

from django.conf import settings
from django.db import models

from core.models import DomainModel
from incidents.models.incidents import IncidentEntry


class RunbookTick(DomainModel):
    """A line of posted instructions that somebody has done; taking it back removes the row."""

    entry = models.ForeignKey(IncidentEntry, on_delete=models.CASCADE, related_name="ticks")
    line = models.PositiveSmallIntegerField(help_text="Which check box of the text, from 0.")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by_name = models.CharField(max_length=150)
    ticked_at = models.DateTimeField()

    class Meta(DomainModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "line"], name="a_line_of_instructions_is_ticked_once"
            )
        ]

    def __str__(self) -> str:
        return f"line {self.line} of {self.entry_id}, {self.by_name}"
