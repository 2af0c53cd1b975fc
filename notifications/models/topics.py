"""Topics of a message bus, as the document names them (R158-R160)."""

import uuid

from django.db import models
from django.db.models.functions import MD5
from django.utils import timezone

from core.models import DomainModel


class Topic(DomainModel):
    """Which events go to a topic: all whose envelope and content meet its two queries."""

    class Type(models.TextChoices):
        EGRESS = "egress", "Egress"
        INGRESS = "ingress", "Ingress"

    class OnBus(models.TextChoices):
        UNKNOWN = "unknown", "Not checked"
        EXISTS = "exists", "There"
        MISSING = "missing", "Missing"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    external_id = models.CharField(
        "topic id", max_length=160, blank=True, help_text="How other systems know the topic."
    )
    name = models.CharField(max_length=200, help_text="The topic's name on the bus.")
    type = models.CharField(max_length=8, choices=Type.choices, default=Type.EGRESS)
    header_query = models.CharField(
        max_length=1000,
        blank=True,
        help_text="About the event's envelope: eventType=TroubleTicketCreateEvent",
    )
    content_query = models.CharField(
        max_length=1000,
        blank=True,
        help_text="About what is in the event: troubleTicket.severity=1&troubleTicket.status=held",
    )
    namespace = models.CharField(max_length=120, blank=True)
    description = models.CharField(max_length=400, blank=True)
    user_created = models.BooleanField(
        default=True, editable=False, help_text="Made by a person; off: pushed in by a machine."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    on_bus = models.CharField(
        "on the bus", max_length=8, choices=OnBus.choices, default=OnBus.UNKNOWN, editable=False
    )
    on_bus_detail = models.CharField(max_length=400, blank=True, editable=False)
    on_bus_checked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(DomainModel.Meta):
        constraints = [
            # An index holds no row as long as two queries can be; their digests fit.
            models.UniqueConstraint(
                "domain",
                "name",
                MD5("header_query"),
                MD5("content_query"),
                "namespace",
                name="one_topic_per_name_queries_and_namespace",
                violation_error_message="There is a topic with this name, these queries and "
                "this namespace already.",
            ),
            models.UniqueConstraint(
                fields=["domain", "external_id"],
                condition=~models.Q(external_id=""),
                name="one_topic_per_topic_id",
            ),
        ]
        permissions = [
            ("register_topic", "Can register topics at ServiceNow's address"),
            ("use_topic_events", "Can read, publish and subscribe to the events of topics"),
        ]

    def __str__(self) -> str:
        return self.name
