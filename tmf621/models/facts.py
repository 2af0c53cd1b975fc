"""What a TMF621 client said that psew's own fields do not keep."""

from typing import Any

from django.conf import settings
from django.db import models

from cases.models import Case
from core.models import DomainModel
from incidents.models import Incident


class TicketFacts(DomainModel):
    """The client's own words about a ticket, echoed verbatim (tmf.md trap 2)."""

    incident = models.OneToOneField(
        Incident, null=True, blank=True, on_delete=models.CASCADE, related_name="ticket_facts"
    )
    case = models.OneToOneField(
        Case, null=True, blank=True, on_delete=models.CASCADE, related_name="ticket_facts"
    )
    client = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    severity = models.CharField(max_length=80, blank=True)
    ticket_type = models.CharField(max_length=80, blank=True)
    external_id = models.CharField(max_length=160, blank=True)
    # True while the ticket is open: then nobody else of this client may use the external id.
    claims_external_id = models.BooleanField(default=False, editable=False)
    # Attributes without a field of their own: relatedEntity, relatedParty, @type, extensions.
    extra: Any = models.JSONField(default=dict, blank=True)

    class Meta(DomainModel.Meta):
        verbose_name_plural = "ticket facts"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(incident__isnull=False, case__isnull=True)
                | models.Q(incident__isnull=True, case__isnull=False),
                name="facts_belong_to_one_ticket",
            ),
            models.UniqueConstraint(
                # A client that moves to another domain begins anew there.
                fields=["client", "domain", "external_id"],
                condition=models.Q(claims_external_id=True),
                name="one_open_ticket_per_client_and_external_id",
            ),
        ]
        indexes = [
            models.Index(
                fields=["client", "external_id"],
                name="ticket_by_external_id",
                condition=~models.Q(external_id=""),
            )
        ]
        permissions = [
            ("use_ticket_api", "Can use the trouble ticket API"),
            ("delete_ticket", "Can delete trouble tickets"),
            ("manage_specifications", "Can maintain trouble ticket specifications"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_type} {self.external_id}"


class AttachmentContent(models.Model):
    """The embedded content of an attachment, apart from it so that lists stay light."""

    facts = models.ForeignKey(TicketFacts, on_delete=models.CASCADE, related_name="contents")
    attachment = models.CharField(max_length=80, help_text="The attachment's id in its ticket.")
    content = models.TextField(help_text="As the client sent it: base64.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facts", "attachment"], name="an_attachment_has_one_content"
            )
        ]

    def __str__(self) -> str:
        return self.attachment


class StatusChange(DomainModel):
    """One step of a ticket's status history (tmf.md §3.2)."""

    incident = models.ForeignKey(
        Incident, null=True, blank=True, on_delete=models.CASCADE, related_name="status_changes"
    )
    case = models.ForeignKey(
        Case, null=True, blank=True, on_delete=models.CASCADE, related_name="status_changes"
    )
    status = models.CharField(max_length=20)
    reason = models.CharField(max_length=240, blank=True)
    changed_at = models.DateTimeField()

    class Meta(DomainModel.Meta):
        indexes = [
            models.Index(fields=["incident", "id"], name="status_by_incident"),
            models.Index(fields=["case", "id"], name="status_by_case"),
        ]

    def __str__(self) -> str:
        return self.status
