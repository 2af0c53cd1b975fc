"""Which fields a proactive case takes from its incident (R102)."""

from django.db import models

SOURCES = (
    "short_description",
    "description",
    "priority",
    "business_impact",
    "probable_cause",
)
TARGETS = SOURCES


class CaseFieldMap(models.Model):
    """One field copied from the incident to each case when it is raised."""

    incident_field = models.CharField(max_length=60, choices=[(s, s) for s in SOURCES])
    case_field = models.CharField(max_length=60, unique=True, choices=[(t, t) for t in TARGETS])
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name = "case field map"

    def __str__(self) -> str:
        return f"{self.incident_field} → {self.case_field}"
