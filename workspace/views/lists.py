"""The list pages and the preview of a row."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.models import User
from workspace.access import page, user_of
from workspace.lists import LIST_PAGES, BadCursor, ListPage, page_of
from workspace.lists.address import SIZES
from workspace.lists.bulk import kinds_for
from workspace.lists.choosing import signed
from workspace.lists.facets import facets_of
from workspace.lists.peek import Preview, preview_of
from workspace.lists.saving import address_of, is_modified, saved_views, usual_view
from workspace.preferences import preferences_of


def list_or_404(request: HttpRequest, name: str) -> ListPage:
    """Return the list; `PermissionDenied` for who may not see its records."""
    definition = LIST_PAGES.get(name)
    if definition is None:
        raise Http404(f"No list {name}.")
    if not request.user.has_perm(definition.permission):
        raise PermissionDenied(f"This needs the permission {definition.permission}.")
    return definition


def list_url(definition: ListPage, query: str = "") -> str:
    """Return the address of a list with a query string."""
    url = reverse("workspace:list", args=[definition.name])
    return f"{url}?{query}" if query else url


@page()
@require_GET
def records(request: HttpRequest, name: str) -> HttpResponse:
    """Show the list the address describes; the address is the whole state."""
    definition = list_or_404(request, name)
    user = user_of(request)
    params = request.GET.dict()
    tabs = saved_views(definition, user)
    saved = next((tab for tab in tabs if str(tab.pk) == params.get("saved")), None)
    if not params:
        saved = usual_view(definition, user)
    if saved and "view" not in params:
        return HttpResponseRedirect(list_url(definition, address_of(saved)))
    try:
        found = page_of(definition, params, user)
    except BadCursor as error:
        raise Http404(str(error)) from error
    context: dict[str, Any] = {
        "list": definition,
        "page": found,
        "now": timezone.now(),
        "tabs": [(tab, address_of(tab)) for tab in tabs],
        "saved": saved,
        "saved_address": address_of(saved) if saved else "",
        "modified": bool(saved and is_modified(definition, saved, params)),
        "may_change_view": bool(saved and saved.may_be_changed_by(user)),
        "sizes": SIZES,
        "removed": params.get("removed", "") if params.get("removed", "").isdigit() else "",
        "kinds": kinds_for(definition, user),
        "facets": facets_of(definition, params, user) if _wants_facets(user) else [],
        "matching": signed(definition, params, user),
        "preview": _preview(definition, found.address.peek, request),
    }
    return render(request, "workspace/list.html", context)


def _wants_facets(user: User) -> bool:
    return preferences_of(user).facets == "beside"


def _preview(definition: ListPage, number: str, request: HttpRequest) -> Preview | None:
    return preview_of(definition, number, user_of(request)) if number else None


@page()
@require_GET
def peek(request: HttpRequest, name: str, number: str) -> HttpResponse:
    """Return the preview of one row as a fragment for the list's side."""
    definition = list_or_404(request, name)
    preview = _preview(definition, number, request)
    if preview is None:
        raise Http404(f"No {definition.noun} {number}.")
    context = {"list": definition, "preview": preview, "now": timezone.now()}
    return render(request, "workspace/lists/_peek.html", context)
