"""Every list of the workspace behind one view (R29)."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from workspace.access import page, user_of
from workspace.lists import LIST_PAGES, BadCursor, page_of


@page()
@require_GET
def records(request: HttpRequest, name: str) -> HttpResponse:
    """Show the list the address describes; the address is the whole state."""
    definition = LIST_PAGES.get(name)
    if definition is None:
        raise Http404(f"No list {name}.")
    if not request.user.has_perm(definition.permission):
        raise PermissionDenied(f"This needs the permission {definition.permission}.")
    try:
        found = page_of(definition, request.GET.dict(), user_of(request))
    except BadCursor as error:
        raise Http404(str(error)) from error
    context = {"list": definition, "page": found, "now": timezone.now()}
    return render(request, "workspace/list.html", context)
