"""Trouble tickets on every face: parse, make one call, present."""

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from tmf621.actions import create_ticket, delete_ticket, patch_ticket, report_again
from tmf621.api.answers import (
    Resource,
    check_unchanged,
    chosen,
    is_known,
    page_headers,
    tag_of,
)
from tmf621.api.base import MachineView, base_url_of, body_of, client_of, media_type_of
from tmf621.api.patches import read_changes
from tmf621.claims import holder_of
from tmf621.drafts import Draft
from tmf621.errors import BadBody, RepeatedTicket
from tmf621.faces import V4, Face
from tmf621.lists.conditions import condition_of
from tmf621.lists.listing import ticket_listing
from tmf621.lists.paging import read_page
from tmf621.meaning import fresh_notes
from tmf621.parsing import (
    JSONPatchParser,
    JSONPatchQueryParser,
    MergePatchParser,
    StrictJSONParser,
)
from tmf621.properties import REPEATS
from tmf621.queries import find_ticket, locked_ticket, sent_attributes, ticket_resource
from tmf621.resources import Ticket
from tmf621.retries import answer_once
from tmf621.scopes import DELETE_TICKETS
from tmf621.v4 import read_create, read_patch

CREATED = 201
PATCH_PARSERS: list[type[BaseParser]] = [
    StrictJSONParser,
    MergePatchParser,
    JSONPatchParser,
    JSONPatchQueryParser,
]


class TicketView(MachineView):
    """An endpoint of one face."""

    face: Face = V4

    def shown(self, record: Ticket, request: Request) -> Resource:
        """Return the whole ticket as this face tells it."""
        resource = ticket_resource(record, base_url_of(request), contents=True)
        return self.face.show(resource)

    def known_parameters(self, request: Request) -> QueryDict:
        """Return the query string; a dialect that knows few parameters passes over the others."""
        query = request.query_params.copy()
        for name in set(query) - set(self.face.parameters or query):
            del query[name]
        return query

    def address(self, record: Ticket, request: Request) -> str:
        """Return the ticket's absolute address on this face."""
        return f"{base_url_of(request)}{self.face.path}/{record.uid}"

    def answer(self, record: Ticket, request: Request, status: int = 200) -> Response:
        """Return the answer that tells one ticket, as far as `fields` asks for it."""
        shown = self.shown(record, request)
        headers = {"ETag": tag_of(shown)}
        if status == CREATED:
            headers["Location"] = self.address(record, request)
        told = chosen(shown, request.query_params, self.face.always_told)
        return Response(told, status=status, headers=headers)


class TroubleTickets(TicketView):
    """The collection."""

    def get(self, request: Request) -> Response:
        query = self.known_parameters(request)
        condition = condition_of(query, self.face)
        listing = ticket_listing(condition, base_url_of(request))
        page = read_page(query, listing, client_of(request).domain_id)
        shown = [self.face.show(ticket) for ticket in page.items]
        told = [chosen(each, query, self.face.always_listed) for each in shown]
        return Response(told, status=page.status, headers=page_headers(page, request))

    @transaction.atomic
    def post(self, request: Request) -> Response:
        return answer_once(request, client_of(request), timezone.now(), lambda: self._open(request))

    def _open(self, request: Request) -> Response:
        body = body_of(request)
        if not isinstance(body, dict):
            raise BadBody("The body must be a JSON object.")
        draft = read_create(self.face.lower_create(body))
        client = client_of(request)
        holder = holder_of(draft.external_id or "", client)
        if holder is None:
            try:
                with transaction.atomic():
                    record = create_ticket(draft=draft, client=client, now=timezone.now())
                return self.answer(record, request, CREATED)
            except IntegrityError:
                # Another request with this external id was faster by a moment.
                holder = holder_of(draft.external_id or "", client)
                if holder is None:
                    raise
        return self._repeat(holder, draft, request)

    def _repeat(self, holder: Ticket, draft: Draft, request: Request) -> Response:
        """Answer a report about something that has an open ticket already, as the site wants."""
        way = REPEATS.value(client_of(request).domain_id)
        if way == "refuse":
            raise RepeatedTicket(holder, {"Location": self.address(holder, request)})
        if way == "append":
            report_again(record=holder, draft=draft, client=client_of(request), now=timezone.now())
        answer = self.answer(holder, request)
        answer["Location"] = self.address(holder, request)
        return answer


class TroubleTicket(TicketView):
    """One ticket."""

    parser_classes = PATCH_PARSERS

    def permission_for(self, method: str) -> str:
        # Where the face knows no DELETE, everybody learns so with 405.
        if method == "DELETE" and self.face.deletes:
            return "tmf621.delete_ticket"
        return super().permission_for(method)

    def scope_for(self, method: str) -> str:
        return DELETE_TICKETS if method == "DELETE" else super().scope_for(method)

    def patch_kind(self, request: Request) -> str:
        """Return the format of a patch; 415 for one this face does not take."""
        media_type = media_type_of(request)
        if media_type not in self.face.patches:
            raise exceptions.UnsupportedMediaType(media_type)
        return self.face.patches[media_type]

    def get(self, request: Request, ticket_id: str) -> Response:
        answer = self.answer(find_ticket(ticket_id), request)
        if is_known(request, answer["ETag"]):
            return Response(status=304, headers={"ETag": answer["ETag"]})
        return answer

    @transaction.atomic
    def patch(self, request: Request, ticket_id: str) -> Response:
        now = timezone.now()
        return answer_once(
            request, client_of(request), now, lambda: self._change(request, ticket_id)
        )

    def _change(self, request: Request, ticket_id: str) -> Response:
        body, kind = body_of(request), self.patch_kind(request)
        record = locked_ticket(ticket_id)
        current = ticket_resource(record, base_url_of(request), contents=True)
        check_unchanged(request, self.face.show(current))
        asked = read_changes(body, kind, current, sent_attributes(record), self.face)
        draft = read_patch(asked, current)
        patch_ticket(
            record=record,
            draft=draft,
            notes=fresh_notes(draft, current["note"]),
            client=client_of(request),
            now=timezone.now(),
        )
        return self.answer(record, request)

    @transaction.atomic
    def delete(self, request: Request, ticket_id: str) -> Response:
        record = locked_ticket(ticket_id)
        check_unchanged(request, self.shown(record, request))
        delete_ticket(record=record, client=client_of(request), now=timezone.now())
        return Response(status=204)
