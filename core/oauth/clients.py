"""What happens to OAuth clients and the tokens they were granted."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from core.api_scopes import declared
from core.models import ApiToken, OAuthClient
from core.models.tokens import hashed, new_secret

# Long enough to see in the admin what a client held yesterday.
KEPT = timedelta(days=1)


def scopes_of(client: OAuthClient) -> list[str]:
    """Return all scopes the client may ask for; one without a limit may ask for every scope."""
    return list(client.scopes or declared())


def grant_token(
    client: OAuthClient, *, secret: str, scopes: Iterable[str], seconds: int, now: datetime
) -> ApiToken:
    """Keep the hash of a token the client gets; it acts as the client's user (RFC 6749 §5.1)."""
    OAuthClient.objects.filter(pk=client.pk).update(last_used_at=now)
    return ApiToken.objects.create(
        user=client.user,
        oauth_client=client,
        name=client.name,
        digest=hashed(secret),
        scopes=list(dict.fromkeys(scopes)),
        expires_at=now + timedelta(seconds=seconds),
    )


@transaction.atomic
def renew_secret(client: OAuthClient, *, now: datetime) -> str:
    """Give the client a new secret and return it; the old one and its tokens open nothing."""
    secret = new_secret()
    OAuthClient.objects.filter(pk=client.pk).update(digest=hashed(secret))
    client.tokens.filter(revoked_at=None).update(revoked_at=now)
    return secret


def forget_expired_tokens(now: datetime) -> int:
    """Delete granted tokens that expired a day ago; return how many there were."""
    granted = ApiToken.objects.filter(oauth_client__isnull=False, expires_at__lt=now - KEPT)
    return granted.delete()[0]
