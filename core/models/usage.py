"""How much each API client asks, minute by minute."""

from django.db import models

from core.models.people import User


class ApiUsage(models.Model):
    """The requests of one client in one minute, and how many of them were too many."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_usage")
    minute = models.DateTimeField(db_index=True)
    requests = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "API usage"
        verbose_name_plural = "API usage"
        constraints = [
            models.UniqueConstraint(fields=["user", "minute"], name="one_count_per_user_and_minute")
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.minute:%Y-%m-%d %H:%M}"
