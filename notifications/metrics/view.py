"""The page Prometheus scrapes: for a token, or on this machine where a site allows it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from rest_framework.exceptions import AuthenticationFailed

from core.auth import ApiTokenAuthentication, allows
from core.loopback import is_loopback
from core.scope import EVERYTHING, Scope, use_scope
from notifications.metrics.collecting import Gauges
from notifications.scopes import READ_METRICS

PERMISSION = "notifications.view_outbounddelivery"


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with the metrics in the caller's scope; 401 without a token, 403 without the right."""
    if settings.METRICS_OPEN and is_loopback(request):
        return _measured(request, EVERYTHING)
    door = ApiTokenAuthentication()
    try:
        known = door.authenticate(request)  # type: ignore[arg-type]
    except AuthenticationFailed as error:
        return _refused(401, str(error.detail))
    if known is None:
        return _refused(401, "Send the token of an API client.")
    user, token = known
    if not user.has_perm(PERMISSION) or not allows(token, READ_METRICS):
        return _refused(403, f"This needs the permission {PERMISSION}.")
    return _measured(request, user.domain.scope())


def _measured(request: HttpRequest, scope: Scope) -> HttpResponse:
    registry = CollectorRegistry()
    registry.register(Gauges(timezone.now()))
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    with use_scope(scope):
        body = encode(registry)
    return HttpResponse(body, content_type=content_type, headers={"Cache-Control": "no-store"})


def _refused(status: int, text: str) -> HttpResponse:
    headers = {"WWW-Authenticate": 'Bearer realm="psew"'} if status == 401 else {}
    return HttpResponse(text + "\n", status=status, content_type="text/plain", headers=headers)
