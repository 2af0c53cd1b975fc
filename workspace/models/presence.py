"""Who has a record open at this moment."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.models.domains import DomainModel


class Presence(DomainModel):
    """Somebody looks at a record; the browser says so again and again, silence means gone."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    record_type = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    typing = models.BooleanField(default=False)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta(DomainModel.Meta):
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["record_type", "record_id", "user"],
                name="a_person_looks_at_a_record_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.record_type}:{self.record_id}"
