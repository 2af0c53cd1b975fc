"""The authorization server: oauthlib holds the protocol, our rows hold clients and tokens."""

import base64
import binascii
from typing import Any
from urllib.parse import unquote_plus

from django.utils import timezone
from django.utils.crypto import constant_time_compare
from oauthlib.common import Request
from oauthlib.oauth2 import BackendApplicationServer, RequestValidator
from oauthlib.oauth2.rfc6749 import errors

from core.api_properties import TOKEN_LIFETIME
from core.models import OAuthClient
from core.models.tokens import hashed, new_secret
from core.oauth.clients import grant_token, scopes_of
from core.usage import may_ask

SHORTEST = 60


class ClientCredentials(RequestValidator):
    """Answers oauthlib's questions; it raises where the protocol wants a sentence."""

    def authenticate_client(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        """Find the client by HTTP basic or by parameters of the body (RFC 6749 §2.3.1)."""
        client_id, secret = _credentials(request)
        client = _find(client_id)
        if client is None or not constant_time_compare(client.digest, hashed(secret)):
            raise errors.InvalidClientError("The client is unknown or its secret is wrong.")
        if not may_ask(client.user, timezone.now()):
            raise errors.TemporarilyUnavailableError("Too many requests.", status_code=429)
        request.client = client
        return True

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: Any, request: Request, *args: Any, **kw: Any
    ) -> bool:
        return grant_type == "client_credentials"

    def get_default_scopes(
        self, client_id: str, request: Request, *args: Any, **kwargs: Any
    ) -> list[str]:
        return scopes_of(_client_of(request))

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: Any, request: Request, *a: Any, **kw: Any
    ) -> bool:
        allowed = scopes_of(client)
        if set(scopes) <= set(allowed):
            return True
        raise errors.InvalidScopeError(f"This client may ask for: {', '.join(allowed)}.")

    def save_token(self, token: Any, request: Request, *args: Any, **kwargs: Any) -> None:
        grant_token(
            _client_of(request),
            secret=token["access_token"],
            scopes=request.scopes or (),
            seconds=token["expires_in"],
            now=timezone.now(),
        )


def _credentials(request: Request) -> tuple[str, str]:
    """Return (client id, secret) as given; `InvalidRequestError` for two ways at once (§2.3)."""
    scheme, _, word = request.headers.get("Authorization", "").partition(" ")
    named, secret = request.client_id or "", request.client_secret or ""
    if scheme.lower() != "basic":
        return named, secret
    if secret:
        raise errors.InvalidRequestError("Name the secret once, in the header or in the body.")
    try:
        given = base64.b64decode(word, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise errors.InvalidClientError("The Authorization header is unreadable.") from error
    client_id, _, secret = given.partition(":")
    if named not in ("", unquote_plus(client_id)):
        raise errors.InvalidRequestError("Header and body name different clients.")
    return unquote_plus(client_id), unquote_plus(secret)


def _find(client_id: str) -> OAuthClient | None:
    # Databases refuse a NUL before anybody can say that the name is unknown.
    if not client_id.isprintable():
        return None
    clients = OAuthClient.objects.select_related("user")
    return clients.filter(client_id=client_id, active=True, user__is_active=True).first()


def _client_of(request: Request) -> OAuthClient:
    assert isinstance(request.client, OAuthClient)
    return request.client


def _lifetime(request: Request) -> int:
    return max(SHORTEST, TOKEN_LIFETIME.value(_client_of(request).user.domain_id))


server = BackendApplicationServer(
    ClientCredentials(),
    token_generator=lambda request: new_secret(),
    token_expires_in=_lifetime,
)
