"""API tokens, kept only as a hash and shown once."""

import hashlib
import secrets
from datetime import datetime

from django.db import models

from core.models.people import User

PREFIX = "psew_"


def new_secret() -> str:
    """Return a fresh token text (43 random characters behind a prefix scanners know)."""
    return PREFIX + secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """Return what is stored of a token; 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiToken(models.Model):
    """A machine's key to the API; it acts as its user, with that user's roles."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Empty: never.")
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "API token"

    def __str__(self) -> str:
        return f"{self.name} ({self.user})"

    def usable(self, now: datetime) -> bool:
        """Tell whether the token still opens anything."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)
