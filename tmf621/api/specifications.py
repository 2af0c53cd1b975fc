"""Trouble ticket specifications (v5): parse, make one call, present."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from tmf621.actions.specifying import (
    change_specification,
    create_specification,
    delete_specification,
)
from tmf621.api.answers import check_unchanged, chosen, is_known, page_headers, tag_of
from tmf621.api.base import MachineView, base_url_of, body_of, client_of, media_type_of
from tmf621.api.tickets import CREATED, PATCH_PARSERS
from tmf621.errors import BadAttribute
from tmf621.faces import ALL_PATCHES
from tmf621.lists.paging import read_page
from tmf621.models import TicketSpecification
from tmf621.patches import apply
from tmf621.retries import answer_once
from tmf621.scopes import WRITE_SPECIFICATIONS
from tmf621.specifications import (
    OWNED,
    checked,
    find_specification,
    resource_of,
    specification_listing,
)

ALWAYS = ("id", "href", "@type")
CHANGING = ("POST", "PATCH", "DELETE")


class SpecificationView(MachineView):
    """Clients read specifications; changing them needs a permission of its own."""

    def permission_for(self, method: str) -> str:
        if method in CHANGING:
            return "tmf621.manage_specifications"
        return super().permission_for(method)

    def scope_for(self, method: str) -> str:
        return WRITE_SPECIFICATIONS if method in CHANGING else super().scope_for(method)

    def answer(self, row: TicketSpecification, request: Request, status: int = 200) -> Response:
        """Return the answer that tells one specification."""
        told = resource_of(row.told, base_url_of(request))
        headers = {"ETag": tag_of(told)}
        if status == CREATED:
            headers["Location"] = told["href"]
        return Response(chosen(told, request.query_params, ALWAYS), status=status, headers=headers)


class Specifications(SpecificationView):
    """The collection."""

    def get(self, request: Request) -> Response:
        query = request.query_params
        listing = specification_listing(query, base_url_of(request))
        page = read_page(query, listing, client_of(request).domain_id)
        told = [chosen(each, query, ALWAYS) for each in page.items]
        return Response(told, status=page.status, headers=page_headers(page, request))

    @transaction.atomic
    def post(self, request: Request) -> Response:
        now, client = timezone.now(), client_of(request)

        def create() -> Response:
            body = checked(body_of(request))
            row = create_specification(body=body, client=client, now=now)
            return self.answer(row, request, CREATED)

        return answer_once(request, client, now, create)


class Specification(SpecificationView):
    """One specification."""

    parser_classes = PATCH_PARSERS

    def get(self, request: Request, specification_id: str) -> Response:
        answer = self.answer(find_specification(specification_id), request)
        if is_known(request, answer["ETag"]):
            return Response(status=304, headers={"ETag": answer["ETag"]})
        return answer

    @transaction.atomic
    def patch(self, request: Request, specification_id: str) -> Response:
        now = timezone.now()

        def change() -> Response:
            row = find_specification(specification_id, lock=True)
            told = resource_of(row.told, base_url_of(request))
            check_unchanged(request, told)
            patched = apply(ALL_PATCHES[media_type_of(request)], told, body_of(request))
            _check_owned(told, patched)
            change_specification(row=row, body=checked(patched), now=now)
            return self.answer(row, request)

        return answer_once(request, client_of(request), now, change)

    @transaction.atomic
    def delete(self, request: Request, specification_id: str) -> Response:
        row = find_specification(specification_id, lock=True)
        check_unchanged(request, resource_of(row.told, base_url_of(request)))
        delete_specification(row=row)
        return Response(status=204)


def _check_owned(before: dict[str, Any], after: dict[str, Any]) -> None:
    for name in OWNED:
        if after.get(name) != before[name]:
            raise BadAttribute(f"{name}: this is set by the system and cannot be changed.")
