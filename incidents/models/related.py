"""Records beside an incident: alerts, problems, work orders (R84, R184)."""

from django.db import models

from accounts.models import Account
from cmdb.models import ConfigurationItem
from core.models import DomainModel, Record
from incidents.models.incidents import Incident


class Alert(DomainModel):
    """What an event management system reported."""

    class Severity(models.TextChoices):
        CRITICAL = "critical", "Critical"
        MAJOR = "major", "Major"
        MINOR = "minor", "Minor"
        WARNING = "warning", "Warning"
        CLEAR = "clear", "Clear"

    number = models.CharField(max_length=20, unique=True)
    short_description = models.CharField(max_length=160)
    description = models.TextField(blank=True)
    severity = models.CharField(max_length=10, choices=Severity.choices)
    source = models.CharField(max_length=80, blank=True)
    dedup_key = models.CharField(max_length=160, blank=True)
    ci = models.ForeignKey(
        ConfigurationItem, null=True, blank=True, on_delete=models.PROTECT, related_name="alerts"
    )
    incident = models.ForeignKey(
        Incident, null=True, blank=True, on_delete=models.SET_NULL, related_name="alerts"
    )
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, blank=True)

    class Meta(DomainModel.Meta):
        indexes = [models.Index(fields=["-raised_at", "-id"], name="alert_newest")]

    def __str__(self) -> str:
        return f"{self.number} {self.short_description}"


class Problem(Record):
    """The cause behind incidents."""

    class State(models.TextChoices):
        NEW = "new", "New"
        ANALYSIS = "analysis", "Root cause analysis"
        FIX = "fix", "Fix in progress"
        RESOLVED = "resolved", "Resolved"
        CLOSED = "closed", "Closed"

    state = models.CharField(max_length=12, choices=State.choices, default=State.NEW)
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="problems"
    )
    ci = models.ForeignKey(
        ConfigurationItem, null=True, blank=True, on_delete=models.PROTECT, related_name="problems"
    )


class WorkOrder(Record):
    """Work for the field service or a vendor."""

    class Kind(models.TextChoices):
        FIELD = "field_service", "Field service"
        VENDOR = "vendor", "Vendor"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        DISPATCHED = "dispatched", "Dispatched"
        DONE = "done", "Done"
        CANCELED = "canceled", "Canceled"

    kind = models.CharField(max_length=14, choices=Kind.choices, default=Kind.FIELD)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    incident = models.ForeignKey(
        Incident, null=True, blank=True, on_delete=models.SET_NULL, related_name="work_orders"
    )
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="work_orders"
    )
