"""What tickets tell, kept so that lists find, sort and count them by any attribute."""

from typing import Any

from django.db import models

from cases.models import Case
from core.models import DomainModel
from incidents.models import Incident


class TicketDocument(DomainModel):
    """One row for every ticket, whoever made it; rewritten with every event of its record.

    `told` is the v4 resource without addresses, its moments normalised. On PostgreSQL an
    inverted index (made by the migration) serves equality on any of its attributes; the columns
    beside it serve sorting and the filters clients use most.
    """

    uid = models.UUIDField(unique=True)
    incident = models.OneToOneField(
        Incident, null=True, blank=True, on_delete=models.CASCADE, related_name="ticket_document"
    )
    case = models.OneToOneField(
        Case, null=True, blank=True, on_delete=models.CASCADE, related_name="ticket_document"
    )
    status = models.CharField(max_length=20)
    severity = models.CharField(max_length=80)
    # In small letters: clients spell types as they like.
    ticket_type = models.CharField(max_length=80)
    external_id = models.CharField(max_length=160, blank=True)
    priority = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=160)
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    told: Any = models.JSONField(default=dict)
    # Deleted by a client (TMF621 DELETE): the record stays in psew, the API tells it no more.
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta(DomainModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(incident__isnull=False, case__isnull=True)
                | models.Q(incident__isnull=True, case__isnull=False),
                name="a_document_tells_one_ticket",
            )
        ]
        indexes = [
            models.Index(fields=["-opened_at", "-id"], name="ticket_newest"),
            models.Index(fields=["-updated_at", "-id"], name="ticket_by_update"),
            models.Index(fields=["-resolved_at", "-id"], name="ticket_by_resolution"),
            models.Index(fields=["status", "-opened_at", "-id"], name="ticket_by_status"),
            models.Index(fields=["severity", "-opened_at", "-id"], name="ticket_by_severity"),
            models.Index(fields=["ticket_type", "-opened_at", "-id"], name="ticket_by_type"),
            models.Index(fields=["priority", "-opened_at", "-id"], name="ticket_by_priority"),
            models.Index(fields=["name", "-id"], name="ticket_by_name"),
            models.Index(
                fields=["external_id"],
                name="ticket_by_external_key",
                condition=~models.Q(external_id=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.told.get('number', self.uid)}"


class ExtensionAttribute(DomainModel):
    """An attribute outside the standard that clients of a domain have used.

    It tells a filter on an extension from a mistyped one.
    """

    name = models.CharField(max_length=80)

    class Meta(DomainModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["domain", "name"], name="one_extension_per_domain")
        ]

    def __str__(self) -> str:
        return self.name
