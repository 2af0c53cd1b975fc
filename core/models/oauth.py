"""OAuth clients: machines that exchange a secret for short-lived tokens (RFC 6749 §4.4)."""

import secrets

from django.db import models

from core.models.tokens import ScopedKey


def new_client_id() -> str:
    """Return a fresh client id; it is a name and no secret."""
    return "psew-" + secrets.token_hex(8)


class OAuthClient(ScopedKey):
    """A confidential client; its secret is kept as a hash and shown once."""

    client_id = models.CharField(
        "client id", max_length=40, unique=True, editable=False, default=new_client_id
    )
    active = models.BooleanField(
        default=True, help_text="Clear it and all its tokens stop opening anything at once."
    )

    class Meta:
        verbose_name = "OAuth client"
