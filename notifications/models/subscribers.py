"""Who gets events: webhooks, topics on a bus, mail boxes (R152, R160)."""

import hashlib
import hmac
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import MD5
from django.utils import timezone

from core.models import DomainModel
from notifications.models.topics import Topic

# After a rotation the former secret signs as well, so that nobody misses an event.
BOTH_SIGN_FOR = timedelta(hours=24)


class Subscriber(DomainModel):
    """Somebody who wants ticket events; each has lines of his own, one per ticket."""

    class Transport(models.TextChoices):
        HTTP = "http", "Webhook"
        HERMES = "hermes", "Hermes (Kafka topic)"
        OPEN_BUS = "open_bus", "Open message bus (REST topic)"
        MAIL = "mail", "Mail"
        LOG = "log", "Event log"

    class Hub(models.TextChoices):
        NONE = "", "Made in admin"
        TMF621_V4 = "tmf621-v4", "TMF621 v4 hub"
        TMF621_V5 = "tmf621-v5", "TMF621 v5 hub"
        TMF688 = "tmf688", "TMF688 hub"

    class Style(models.TextChoices):
        EXACT = "exact", "The address itself"
        LISTENER = "listener", "The address with /listener/<event type>"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    transport = models.CharField(max_length=8, choices=Transport.choices)
    url = models.CharField(
        "address", max_length=400, blank=True, help_text="Where events go: a URL or a mail box."
    )
    query = models.CharField(
        max_length=1000,
        blank=True,
        help_text="Which events: eventType=A,B&event.troubleTicket.severity=1. Empty: all.",
    )
    topic = models.ForeignKey(
        Topic, null=True, blank=True, on_delete=models.CASCADE, related_name="lines"
    )
    hub = models.CharField(max_length=10, choices=Hub.choices, blank=True, editable=False)
    client = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="The API client that subscribed.",
    )
    style = models.CharField("address style", max_length=8, choices=Style.choices, default="exact")
    signed = models.BooleanField(default=True, help_text="Sign what is posted (HMAC-SHA256).")
    # Secrets are derived, not stored; a new number is a new secret.
    secret_number = models.PositiveIntegerField(default=1, editable=False)
    rotated_at = models.DateTimeField(null=True, blank=True, editable=False)
    active = models.BooleanField(default=True, help_text="Off: new events pass by.")
    paused = models.BooleanField(default=False, help_text="On: events wait, none is lost.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # While the other side is down nobody waits for it again and again.
    failures = models.PositiveIntegerField(default=0, editable=False)
    quiet_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(DomainModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["domain", "name"],
                condition=models.Q(topic=None, hub=""),
                name="one_subscriber_name_per_domain",
            ),
            models.UniqueConstraint(
                fields=["topic", "transport"],
                condition=models.Q(topic__isnull=False, hub=""),
                name="one_line_per_topic_and_bus",
            ),
            # Two, because a database may take two empty topics for different ones.
            models.UniqueConstraint(
                "client",
                "hub",
                MD5("url"),
                MD5("query"),
                condition=models.Q(topic=None) & ~models.Q(hub=""),
                name="one_subscription_per_client_callback_and_query",
            ),
            models.UniqueConstraint(
                "client",
                "topic",
                MD5("url"),
                MD5("query"),
                condition=models.Q(topic__isnull=False) & ~models.Q(hub=""),
                name="one_subscription_per_client_topic_callback_and_query",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def secrets(self, now: datetime) -> list[str]:
        """Return the secrets that sign now, the newest first."""
        numbers = [self.secret_number]
        if self.rotated_at is not None and now - self.rotated_at < BOTH_SIGN_FOR:
            numbers.append(self.secret_number - 1)
        return [self._secret(number) for number in numbers]

    def _secret(self, number: int) -> str:
        text = f"psew.subscriber:{self.uid}:{number}"
        return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
