"""Which status changes clients may ask for; data, so that a site changes it (tmf.md §3.3)."""

from django.db import models

from tmf621.mapping import Status

STATUSES = [(status.value, status.value) for status in Status]


class StatusTransition(models.Model):
    """A status change the API allows; the record behind the ticket must allow its move too."""

    source = models.CharField("from", max_length=20, choices=STATUSES)
    target = models.CharField("to", max_length=20, choices=STATUSES)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "target"], name="one_transition_between_two_statuses"
            ),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")),
                name="a_transition_changes_the_status",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"
