"""The token endpoint, and where clients read what it can do."""

from math import ceil
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from oauthlib.oauth2.rfc6749 import errors

from core.api_scopes import declared
from core.oauth.server import server
from core.usage import seconds_to_next_minute

FORM = "application/x-www-form-urlencoded"
TAKEN = ("grant_type", "scope", "client_id", "client_secret")


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Grant an access token to a client that proves itself (RFC 6749 §4.4); errors as in §5.2."""
    if request.content_type != FORM:
        return _refused(errors.InvalidRequestError(f"Send the parameters as {FORM}."))
    credentials = {"Authorization": request.headers.get("Authorization", "")}
    # Without the query: secrets have no business in an address (§2.3.1).
    headers, text, status = server.create_token_response(
        request.path, "POST", _parameters(request), credentials
    )
    return _answer(headers, text, status)


@require_GET
def metadata(request: HttpRequest) -> JsonResponse:
    """Say where and how tokens are granted (RFC 8414)."""
    return JsonResponse(
        {
            "issuer": request.build_absolute_uri(get_script_prefix()).rstrip("/"),
            "token_endpoint": request.build_absolute_uri(reverse("oauth-token")),
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": [],
            "scopes_supported": list(declared()),
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }
    )


def _parameters(request: HttpRequest) -> str:
    """Return the parameters we know; empty ones count as left out (RFC 6749 §3.2)."""
    return urlencode([(n, value) for n in TAKEN for value in request.POST.getlist(n) if value])


def _refused(error: errors.OAuth2Error) -> HttpResponse:
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return _answer(headers, error.json, error.status_code)


def _answer(headers: dict[str, str], text: str, status: int) -> HttpResponse:
    response = HttpResponse(text, status=status, headers=headers)
    if status == 401:
        # The library names the scheme of the tokens, not the one clients prove themselves by.
        response["WWW-Authenticate"] = 'Basic realm="psew"'
    if status == 429:
        response["Retry-After"] = str(ceil(seconds_to_next_minute(timezone.now())))
    return response
