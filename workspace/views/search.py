"""Search over everything, as a page and for the palette."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from workspace.access import page, user_of
from workspace.search import Group, find, jump

SUGGESTED = 5


@page()
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Find records by number first, then by words; an exact number opens at once."""
    words, user = request.GET.get("q", "").strip(), user_of(request)
    if address := jump(words, user):
        return HttpResponseRedirect(address)
    context = {"query": words, "groups": find(words, user)}
    return render(request, "workspace/search.html", context)


@page()
@require_GET
def suggest(request: HttpRequest) -> JsonResponse:
    """Return the best hits of each source as JSON, with the addresses they lead to."""
    groups = find(request.GET.get("q", ""), user_of(request), most=SUGGESTED)
    return JsonResponse({"groups": [_told(group) for group in groups]})


def _told(group: Group) -> dict[str, object]:
    hits = [
        {"number": hit.number, "name": hit.name, "detail": hit.detail, "url": hit.url}
        for hit in group.hits
    ]
    return {"title": group.source.title, "icon": group.source.icon, "hits": hits}
