"""Do something to many rows: what it fits first, then the results row by row."""

from dataclasses import asdict
from typing import Any

from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_GET, require_POST

from workspace.access import page, user_of
from workspace.jobs import AT_ONCE, start_bulk
from workspace.lists import ListPage
from workspace.lists.bulk import Fit, Kind, Outcome, carry_out, fit, kind_of
from workspace.lists.choosing import NothingChosen, chosen_ids
from workspace.lists.deeds import undoable
from workspace.records.jobs import job_url
from workspace.views.dialogs import done, see_other
from workspace.views.lists import list_or_404, list_url

KEPT = "bulk_results"
MOST_KEPT = 3


@page()
@require_POST
def bulk(request: HttpRequest, name: str, key: str) -> HttpResponse:
    """Show what the act fits; with `confirmed` do it and go to the results."""
    definition = list_or_404(request, name)
    kind = _kind(request, definition, key)
    data = joined(request)
    back = _back(definition, data)
    try:
        ids = chosen_ids(definition, data, user_of(request))
    except NothingChosen as error:
        return done(request, back, str(error))
    # Many are not looked at before they are asked for: each is, when its turn comes.
    found = fit(definition, kind, ids, user_of(request)) if len(ids) <= AT_ONCE else None
    confirmed = "confirmed" in data
    form = kind.form(data if confirmed else None)
    if confirmed and form.is_valid():
        if found is None:
            return _start(request, definition, kind, ids, form.plain_values(), back)
        if found.fitting:
            return _carry_out(request, definition, kind, found, form.plain_values(), back)
    context = {
        "list": definition,
        "kind": kind,
        "form": form,
        "fit": found,
        "count": len(found.fitting) if found else len(ids),
        "ids": ",".join(str(pk) for pk in ids),
        "act": data.get("act") or get_random_string(20),
        "back": back,
    }
    status = 422 if form.errors else 200
    return render(request, "workspace/lists/bulk.html", context, status=status)


def _kind(request: HttpRequest, definition: ListPage, key: str) -> Kind:
    kind = kind_of(definition, key)
    if kind is None:
        raise Http404(f"Nothing called {key} can be done to {definition.noun}s.")
    if not request.user.has_perm(kind.permission):
        raise PermissionDenied(f"This needs the permission {kind.permission}.")
    return kind


def joined(request: HttpRequest) -> dict[str, str]:
    """Return the form; without scripts every checked box is a field `id` of its own."""
    data: dict[str, str] = request.POST.dict()
    boxes = request.POST.getlist("id")
    if boxes and not data.get("ids"):
        data["ids"] = ",".join(boxes)
    return data


def _back(definition: ListPage, data: dict[str, str]) -> str:
    return list_url(definition, data.get("back", "").lstrip("?"))


def _start(
    request: HttpRequest,
    definition: ListPage,
    kind: Kind,
    ids: list[int],
    values: dict[str, Any],
    back: str,
) -> HttpResponse:
    job = start_bulk(
        page=definition,
        kind=kind,
        ids=ids,
        values=values,
        back=back,
        by=user_of(request),
        now=timezone.now(),
        request_key=request.POST.get("act", ""),
    )
    return see_other(job_url(job))


def _carry_out(
    request: HttpRequest,
    definition: ListPage,
    kind: Kind,
    found: Fit,
    values: dict[str, Any],
    back: str,
) -> HttpResponse:
    act = request.POST.get("act", "")[:40] or get_random_string(20)
    left_out = [[record.number, reason] for record, reason in found.left_out]
    result = {"title": kind.title, "back": back, "left_out": left_out}
    # Sent twice, it is done once: the second request finds the results of the first.
    if _begin(request, act, result):
        user, now = user_of(request), timezone.now()
        try:
            outcomes, deed = carry_out(definition, kind, found.fitting, values, user, now)
        except Exception:
            _forget(request, act)
            raise
        keep_results(request, act, outcomes, {**result, "deed": str(deed.uid) if deed else ""})
    return see_other(reverse("workspace:list_bulk_result", args=[definition.name, act]))


@transaction.atomic
def _begin(request: HttpRequest, act: str, result: dict[str, Any]) -> bool:
    """Write down that an act begins; False where another request of the session began it."""
    rows = Session.objects.select_for_update().filter(pk=request.session.session_key)
    session = rows.first()
    known = session.get_decoded().get(KEPT, {}) if session else {}
    if session is None or act in known:
        return False
    request.session[KEPT] = known
    keep_results(request, act, [], {**result, "under_way": True})
    request.session.save()
    return True


def _forget(request: HttpRequest, act: str) -> None:
    kept = request.session[KEPT]
    request.session[KEPT] = {name: value for name, value in kept.items() if name != act}
    # After an error nobody else saves it.
    request.session.save()


def keep_results(
    request: HttpRequest, act: str, outcomes: list[Outcome], more: dict[str, Any]
) -> None:
    """Keep what became of the rows of an act for the page that shows it."""
    others = [(name, value) for name, value in request.session.get(KEPT, {}).items() if name != act]
    rows = [asdict(outcome) for outcome in outcomes]
    request.session[KEPT] = {
        **dict(others[1 - MOST_KEPT :]),
        act: {"left_out": [], **more, "outcomes": rows},
    }


@page()
@require_GET
def bulk_result(request: HttpRequest, name: str, act: str) -> HttpResponse:
    """Show what became of every record."""
    definition = list_or_404(request, name)
    found = request.session.get(KEPT, {}).get(act)
    if found is None:
        raise Http404("These results are no longer kept.")
    good = sum(not outcome["failed"] for outcome in found["outcomes"])
    deed = undoable(user_of(request), found.get("deed", ""))
    context = {**found, "list": definition, "good": good, "deed": deed}
    return render(request, "workspace/lists/bulk_result.html", context)
