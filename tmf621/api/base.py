"""What all endpoints share: who may, whose data, strict bodies and the error body."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.urls import get_script_prefix
from rest_framework import exceptions
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from core.auth import allows
from core.models import User
from core.scope import enter_scope
from core.usage import ClientThrottle
from tmf621.api.failures import answer_error
from tmf621.errors import BadHeader, MissingBody, TooLarge
from tmf621.parsing import MAX_BYTES, StrictJSONParser
from tmf621.scopes import READ_TICKETS, WRITE_TICKETS

WRITING = ("POST", "PATCH")
USE_API = "tmf621.use_ticket_api"
# The shipped roles that hold the permissions.
INTEGRATOR, ADMINISTRATOR = "sn_ind_tsm_sdwan.ticket_integrator", "psew.ticket_admin"


class MayUseTickets(BasePermission):
    """Let in who holds the method's permission, with a token that covers it (R149)."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        assert isinstance(view, MachineView)
        needed = view.permission_for(request.method or "")
        self.message = f"This needs the role {view.role_with(needed)}."
        return request.user.has_perm(needed)


class TokenCovers(BasePermission):
    """Refuse what the token's scopes leave out, whatever its user may do."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        assert isinstance(view, MachineView)
        scope = view.scope_for(request.method or "")
        self.message = f"The token does not cover the scope {scope}."
        return allows(request.auth, scope)


class AlwaysJSON(BaseContentNegotiation):
    """Answer JSON whatever the client says it accepts: the standard knows no 406."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        wanted = media_type_of(request)
        return next((p for p in parsers if p.media_type == wanted), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class MachineView(APIView):
    """An endpoint for machines: token or password, throttled, in the client's domain."""

    permission_classes = [MayUseTickets, TokenCovers]
    throttle_classes = [ClientThrottle]
    content_negotiation_class = AlwaysJSON
    parser_classes = [StrictJSONParser]
    metadata_class = None
    http_method_names = ["get", "head", "post", "patch", "delete"]

    def permission_for(self, method: str) -> str:
        """Return the permission a method needs."""
        return USE_API

    def role_with(self, permission: str) -> str:
        """Return the shipped role that holds a permission, to name it in a refusal."""
        return INTEGRATOR if permission == USE_API else ADMINISTRATOR

    def scope_for(self, method: str) -> str:
        """Return the token scope a method needs."""
        return WRITE_TICKETS if method in WRITING else READ_TICKETS

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        enter_scope(client_of(request).domain.scope())
        if request.method in WRITING:
            _read_whole(request)

    def get_exception_handler(self) -> Any:
        return answer_error


class UnknownAddress(APIView):
    """Every other address under the prefixes."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    content_negotiation_class = AlwaysJSON

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise exceptions.NotFound("There is nothing at this address.")

    def get_exception_handler(self) -> Any:
        return answer_error


def client_of(request: Request) -> User:
    """Return who asks; permissions have let in nobody anonymous."""
    assert isinstance(request.user, User)
    return request.user


def base_url_of(request: Request) -> str:
    """Return the site's address as the client sees it, also behind a proxy or a path prefix."""
    host: str = request.build_absolute_uri("/")[:-1]
    return host + get_script_prefix().rstrip("/")


def body_of(request: Request) -> Any:
    """Return the parsed body; `MissingBody` where there is none at all."""
    body = request.data
    if not body and not request._request.body.strip():
        raise MissingBody("The request has no body.")
    return body


def media_type_of(request: Request) -> str:
    """Return the body's media type without its parameters."""
    return (request.content_type or "").split(";")[0].strip().lower()


def _read_whole(request: Request) -> None:
    """Read the body once, so that it can be parsed, hashed and compared."""
    try:
        _ = request._request.body
    except RequestDataTooBig as error:
        raise TooLarge(f"A body holds at most {MAX_BYTES} bytes.") from error
    except ValueError as error:
        raise BadHeader("Content-Length: this must be a whole number.") from error
