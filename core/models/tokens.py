"""API tokens, kept only as a hash and shown once."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.db import models

from core.api_scopes import check_scopes
from core.models.people import User

PREFIX = "psew_"


def new_secret() -> str:
    """Return a fresh token text (43 random characters behind a prefix scanners know)."""
    return PREFIX + secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """Return what is stored of a token; 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


class ScopedKey(models.Model):
    """A machine's key: it acts as its user, limited to the scopes it names."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes: Any = models.JSONField(
        default=list,
        blank=True,
        validators=[check_scopes],
        help_text="None: everything that its user may do.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.name} ({self.user})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; raises `ValidationError` for a scope that no app declares."""
        check_scopes(self.scopes)
        super().save(*args, **kwargs)


class ApiToken(ScopedKey):
    """A key that opens the API by itself, made by hand or granted to an OAuth client."""

    oauth_client = models.ForeignKey(
        "core.OAuthClient",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.CASCADE,
        related_name="tokens",
    )
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Empty: never.")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "API token"

    def usable(self, now: datetime) -> bool:
        """Tell whether the token, and the client it was granted to, still open anything."""
        if self.revoked_at is not None or (self.expires_at and now >= self.expires_at):
            return False
        return self.oauth_client is None or self.oauth_client.active
