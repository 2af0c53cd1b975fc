"""Long work: how far it is, what became of every item, and the verbs to steer it."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core.jobs import stop as stop_job
from core.jobs import take_up
from core.models import Job
from notifications.inbox import read_about
from workspace.access import page, user_of
from workspace.records import jobs as records
from workspace.records.events import BadAddress, read_place
from workspace.views.dialogs import done


@page()
@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    rows, more = records.job_rows(user_of(request), before=_place(request, "before"), now=now)
    context = {"rows": rows, "more": more, "now": now}
    return render(request, "workspace/jobs/list.html", context)


@page()
@require_GET
def job(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show a job; a page that asks again and again is told to load anew when it is over."""
    found, now = _find(request, uid), timezone.now()
    if not found.is_active:
        read_about(job=found, user=user_of(request), now=now)
    shown = records.job_page(
        found,
        user_of(request),
        show=request.GET.get("show", ""),
        after=_place(request, "after"),
        now=now,
    )
    context = {"page": shown, "row": shown.row, "job": found, "now": now}
    response = render(request, "workspace/jobs/job.html", context)
    if "HX-Request" in request.headers and not found.is_active:
        response.headers["HX-Refresh"] = "true"
    return response


@page()
@require_GET
def chip(request: HttpRequest) -> HttpResponse:
    """Return the frame's chip alone; nothing when no job of the user's runs any more."""
    context = {"chip": records.running_chip(user_of(request))}
    return render(request, "ui/job_chip.html", context)


@page()
@require_POST
def stop(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = _steered(request, uid)
    stopped = stop_job(job_id=found.pk)
    text = "Stopping after the current batch; what was made stays."
    return done(request, records.job_url(found), text if stopped else "Nothing runs any more.")


@page()
@require_POST
def again(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = _steered(request, uid)
    taken = take_up(job_id=found.pk, now=timezone.now())
    text = "What is left is tried again." if taken else "There is nothing to try again now."
    return done(request, records.job_url(found), text)


def _find(request: HttpRequest, uid: UUID) -> Job:
    found = records.find_job(uid, user_of(request))
    if found is None:
        raise Http404("There is no such job.")
    return found


def _steered(request: HttpRequest, uid: UUID) -> Job:
    found = _find(request, uid)
    if not records.may_steer(found, user_of(request)):
        raise PermissionDenied(f"This needs the permission {records.STEER_ALL}.")
    return found


def _place(request: HttpRequest, name: str) -> int | None:
    try:
        return read_place(request.GET.get(name, ""))
    except BadAddress as error:
        raise Http404(str(error)) from error
