"""The v4 trouble ticket API: parse, make one call, present."""

from typing import Any

from django.db import transaction
from django.urls import get_script_prefix
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.models import User
from core.scope import enter_scope
from tmf621.actions import create_ticket, patch_ticket
from tmf621.errors import MissingBody, answer_error
from tmf621.meaning import fresh_notes
from tmf621.paging import Page, read_page
from tmf621.parsing import MergePatchParser, StrictJSONParser
from tmf621.queries import find_ticket, ticket_resource
from tmf621.resources import Resource
from tmf621.v4 import read_create, read_patch


class MayUseTickets(BasePermission):
    """Let in who holds the ticket integrator's permission (R149)."""

    message = "This needs the role sn_ind_tsm_sdwan.ticket_integrator."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.user.has_perm("tmf621.use_ticket_api")


class AlwaysJSON(BaseContentNegotiation):
    """Answer JSON whatever the client says it accepts: the standard knows no 406."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        wanted = (request.content_type or "").split(";")[0].strip().lower()
        return next((p for p in parsers if p.media_type == wanted), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class TicketView(APIView):
    """What all ticket endpoints share: who may, whose data, and the error body."""

    permission_classes = [MayUseTickets]
    content_negotiation_class = AlwaysJSON
    parser_classes = [StrictJSONParser]
    metadata_class = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        enter_scope(client_of(request).domain.scope())

    def perform_authentication(self, request: Request) -> None:
        try:
            super().perform_authentication(request)
        except ValueError as error:
            # Databases refuse a NUL in a name before anybody can say it is unknown.
            raise exceptions.AuthenticationFailed("The credentials are unusable.") from error

    def get_exception_handler(self) -> Any:
        return answer_error


class TroubleTickets(TicketView):
    """The collection."""

    def get(self, request: Request) -> Response:
        page = read_page(request.query_params, base_url_of(request))
        tickets = [chosen(t, request, always=("id", "href")) for t in page.tickets]
        headers = page_headers(page, request)
        return Response(tickets, status=page.status, headers=headers)

    @transaction.atomic
    def post(self, request: Request) -> Response:
        draft = read_create(body_of(request))
        record = create_ticket(draft=draft, client=client_of(request), now=timezone.now())
        resource = ticket_resource(record, base_url_of(request))
        return Response(resource, status=201, headers={"Location": resource["href"]})


class TroubleTicket(TicketView):
    """One ticket."""

    parser_classes = [StrictJSONParser, MergePatchParser]

    def get(self, request: Request, ticket_id: str) -> Response:
        resource = ticket_resource(find_ticket(ticket_id), base_url_of(request))
        return Response(chosen(resource, request))

    @transaction.atomic
    def patch(self, request: Request, ticket_id: str) -> Response:
        record, base_url = find_ticket(ticket_id), base_url_of(request)
        current = ticket_resource(record, base_url)
        draft = read_patch(body_of(request), current)
        patch_ticket(
            record=record,
            draft=draft,
            notes=fresh_notes(draft, current["note"]),
            client=client_of(request),
            now=timezone.now(),
        )
        return Response(ticket_resource(record, base_url))


class UnknownAddress(APIView):
    """Every other address under the prefix."""

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
    if not body and request.META.get("CONTENT_LENGTH") in (None, "", "0"):
        raise MissingBody("The request has no body.")
    return body


def chosen(resource: Resource, request: Request, always: tuple[str, ...] = ()) -> Resource:
    """Return the attributes `fields` asks for; unknown names are ignored (tmf.md, trap 8)."""
    asked = request.query_params.get("fields", "")
    if not asked:
        return resource
    names = {name.strip() for name in asked.split(",")}
    names |= {"id", "href"} if "none" in names else set(always)
    return {name: value for name, value in resource.items() if name in names}


def page_headers(page: Page, request: Request) -> dict[str, str]:
    """Return counts, range and links of a page (tmf.md §3.6)."""
    headers = {"X-Total-Count": str(page.total), "X-Result-Count": str(len(page.tickets))}
    if page.partial:
        headers["Content-Range"] = f"items {page.offset + 1}-{page.offset + len(page.tickets)}"
    links = [f'<{_address(request, page, at)}>; rel="{name}"' for name, at in _links(page)]
    return {**headers, "Link": ", ".join(links)} if links else headers


def _links(page: Page) -> list[tuple[str, int]]:
    if page.limit == 0:
        return []
    last = max(0, (page.total - 1) // page.limit * page.limit)
    links = [("self", page.offset), ("first", 0), ("last", last)]
    if page.offset > 0:
        links.append(("prev", max(0, page.offset - page.limit)))
    if page.offset + page.limit < page.total:
        links.append(("next", page.offset + page.limit))
    return links


def _address(request: Request, page: Page, offset: int) -> str:
    query = request.query_params.copy()
    query["offset"], query["limit"] = str(offset), str(page.limit)
    return f"{request.build_absolute_uri(request.path)}?{query.urlencode()}"
