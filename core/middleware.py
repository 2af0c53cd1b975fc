"""Two thin layers around every page: the content security policy and the domain scope."""

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from core.scope import use_scope
from core.stream_address import stream_origin

Next = Callable[[HttpRequest], HttpResponse]
POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'{stream}; font-src 'self'; manifest-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# Django's own admin marks no script with a nonce; it is clean under 'self'.
ADMIN_POLICY = POLICY.replace("'nonce-{nonce}' 'strict-dynamic'", "'self'")


class ContentSecurityPolicy:
    """Send a strict policy without any `unsafe-` word; scripts carry `request.csp_nonce`."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        nonce = secrets.token_urlsafe(16)
        request.csp_nonce = SimpleLazyObject(lambda: nonce)  # type: ignore[attr-defined]
        response = self.get_response(request)
        policy = ADMIN_POLICY if request.path.startswith("/admin/") else POLICY
        stream = f" {origin}" if (origin := stream_origin(request)) else ""
        policy = policy.format(nonce=nonce, stream=stream)
        response.headers.setdefault("Content-Security-Policy", policy)
        return response


class DomainScope:
    """Let the signed-in user's domain decide what queries see; without a user they refuse."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        scope = user.domain.scope() if user.is_authenticated and user.is_active else None
        with use_scope(scope):
            return self.get_response(request)
