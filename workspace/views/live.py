"""What pages ask while somebody looks at them (ux C.8)."""

import hashlib
import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotModified
from django.utils import timezone
from django.views.decorators.http import require_GET

from workspace.access import page, user_of
from workspace.live.log import changes_since
from workspace.live.viewers import viewer_of


@page()
@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    """Return the change hints after the event id `after`, with an entity tag; 304 where no news.

    Errors: 400 without a number.
    """
    after = request.GET.get("after", "")
    if not after.isdecimal() or len(after) > 18:
        return HttpResponseBadRequest("after: the id of the last event that was seen.")
    batch = changes_since(int(after), viewer_of(user_of(request)), timezone.now())
    return tagged(request, batch.as_json())


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
