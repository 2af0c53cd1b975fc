"""What pages ask while somebody looks at them (ux C.8)."""

import hashlib
import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseNotModified,
    JsonResponse,
)
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from workspace.access import page, user_of
from workspace.live.cells import MOST_IDS, cells_of
from workspace.live.kinds import BY_NAME
from workspace.live.log import changes_since
from workspace.live.presence import end_presence, note_presence, others_at
from workspace.live.viewers import viewer_of
from workspace.views.lists import list_or_404


@page()
@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    """Return the change hints after the event id `after`, with an entity tag; 304 where no news.

    A page that has no id yet says by `since` when it was made. Errors: 400 without either.
    """
    place = _place(request.GET.get("after", ""), request.GET.get("since", ""))
    if place is None:
        return HttpResponseBadRequest("after: the id of the last event; or since: a moment.")
    batch = changes_since(place, viewer_of(user_of(request)), timezone.now())
    return tagged(request, batch.as_json())


def _place(after: str, since: str) -> int | datetime | None:
    if after:
        return int(after) if after.isdecimal() and len(after) < 19 else None
    try:
        moment = datetime.fromisoformat(since)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


@page()
@require_GET
def cells(request: HttpRequest) -> HttpResponse:
    """Return the cells of the rows `ids` of a `list`, drawn for the rest of the address.

    Out: `html`, a table with a row per id that may be seen, and `matches`, the ids that belong to
    the list. Errors: 400 for ids that are none or too many.
    """
    params = request.GET.dict()
    definition = list_or_404(request, params.pop("list", ""))
    ids = _ids(params.pop("ids", ""))
    if not ids:
        return HttpResponseBadRequest(f"ids: up to {MOST_IDS} ids, separated by commas.")
    found = cells_of(definition, params, ids, user_of(request))
    context = {
        "list": definition,
        "rows": found.rows,
        "columns": found.columns,
        "now": timezone.now(),
    }
    html = render_to_string("workspace/lists/_cells.html", context, request)
    return tagged(request, {"html": html, "matches": found.matches})


def _ids(text: str) -> list[int]:
    """Return the ids; none where one is no id, or where they are too many."""
    parts = text.split(",")
    sound = len(parts) <= MOST_IDS and all(p.isdecimal() and len(p) < 19 for p in parts)
    return [int(part) for part in parts] if sound else []


@page()
@require_POST
def presence(request: HttpRequest, kind: str, number: str) -> JsonResponse:
    """Note that somebody looks at a record, `typing` or not, or is `gone`; return who else does.

    Errors: 404 for a record that is unknown or of a foreign domain, 403 without the right to see
    its kind.
    """
    found = BY_NAME.get(kind)
    if found is None:
        raise Http404(f"No kind of record {kind}.")
    if not request.user.has_perm(found.permission):
        raise PermissionDenied(f"This needs the permission {found.permission}.")
    record = found.model._default_manager.filter(number=number).first()
    if record is None:
        raise Http404(f"No {kind} {number}.")
    user, now = user_of(request), timezone.now()
    if "gone" in request.POST:
        end_presence(record=record, user=user)
        return JsonResponse({"others": []})
    note_presence(record=record, user=user, typing="typing" in request.POST, now=now)
    return JsonResponse({"others": [asdict(other) for other in others_at(record, user, now)]})


def tagged(request: HttpRequest, answer: dict[str, Any]) -> HttpResponse:
    """Return JSON for this person alone, or 304 where their browser holds the same."""
    body = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    response: HttpResponse
    if tag in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(body, content_type="application/json")
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie"
    return response
