"""Subflows: the list, one of them with its versions, and trying it out (ux C.6)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core.actor import actor_of
from core.errors import Refused
from escalation.composing import copy_subflow, switch_subflow
from escalation.designs import read_design
from escalation.dry_run import dry_run
from escalation.models import Subflow
from incidents.models import Incident
from workspace.access import page, user_of
from workspace.rules import subflows as shown
from workspace.rules.scope import require_reach
from workspace.rules.subflows_forms import NewSubflowForm, TryForm, step_choices
from workspace.views.dialogs import GET_POST, dialog, done, explain

ALL = "workspace/rules/subflows/"
LATEST_RUNS = 5


@page(shown.SEE)
@require_GET
def subflows(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "").strip()
    context = {
        "here": "subflows",
        "rows": shown.subflow_rows(words),
        "words": words,
        "may": shown.may(user_of(request)),
    }
    return render(request, ALL + "list.html", context)


@page(shown.SEE)
@require_GET
def subflow(request: HttpRequest, subflow_id: int) -> HttpResponse:
    """Show what a subflow does, its draft where there is one, its versions and last runs."""
    found, user = shown.subflow_or_404(subflow_id), user_of(request)
    versions = list(found.versions.select_related("written_by", "published_by").order_by("-number"))
    draft = next((each for each in versions if each.state == shown.Draft), None)
    runs = found.runs.select_related("incident").order_by("-pk")[:LATEST_RUNS]
    context = {
        "here": "subflows",
        "subflow": found,
        "now_running": shown.shown_now(found) if found.version else None,
        "draft": draft,
        "drafted": shown.shown(read_design(draft.design), found) if draft else None,
        "versions": versions,
        "runs": runs if user.has_perm(shown.SEE_RUNS) else None,
        "may": shown.may(user),
        "step_choices": step_choices(),
        "now": timezone.now(),
    }
    return render(request, ALL + "subflow.html", context)


@page(shown.SEE)
@require_GET
def version(request: HttpRequest, subflow_id: int, number: int) -> HttpResponse:
    """Show what an older version did."""
    rows = shown.subflow_or_404(subflow_id).versions.select_related("subflow", "published_by")
    found = rows.filter(number=number).first()
    if found is None:
        raise Http404("There is no such version.")
    context = {
        "here": "subflows",
        "version": found,
        "subflow": found.subflow,
        "shown": shown.shown_version(found),
        "may": shown.may(user_of(request)),
        "now": timezone.now(),
    }
    return render(request, ALL + "version.html", context)


@page(shown.START)
@GET_POST
def new(request: HttpRequest) -> HttpResponse:
    """Make a subflow, as a copy of another one where `from` names it."""
    require_reach()
    source = _source(request)
    form = NewSubflowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            draft = copy_subflow(
                subflow_id=source.pk if source else None,
                by=actor_of(user_of(request)),
                **form.cleaned_data,
            )
        except Refused as error:
            explain(form, error)
        else:
            url = shown.subflow_url(draft.subflow_id)
            return done(request, url, f"{draft.subflow} is a draft now; it runs once published.")
    context = {"form": form, "source": source}
    return dialog(request, ALL + "new.html", context, invalid=bool(form.errors))


def _source(request: HttpRequest) -> Subflow | None:
    asked = request.GET.get("from", "")
    return shown.subflow_or_404(int(asked)) if asked.isascii() and asked.isdigit() else None


@page(shown.WRITE)
@require_POST
def switch(request: HttpRequest, subflow_id: int) -> HttpResponse:
    """Switch a subflow on or off."""
    require_reach()
    found, on = shown.subflow_or_404(subflow_id), request.POST.get("active") == "yes"
    by, now = actor_of(user_of(request)), timezone.now()
    try:
        switch_subflow(subflow_id=found.pk, active=on, by=by, now=now)
    except Refused as error:
        return done(request, shown.subflow_url(found.pk), str(error))
    words = "on" if on else "off"
    return done(request, shown.subflow_url(found.pk), f"{found} is switched {words}.")


@page(shown.SEE)
@GET_POST
def try_out(request: HttpRequest, subflow_id: int) -> HttpResponse:
    """Do a dry run on a real incident and show what would happen."""
    found, user = shown.subflow_or_404(subflow_id), user_of(request)
    if not user.has_perm("incidents.view_incident"):
        raise PermissionDenied("A dry run shows an incident.")
    draft = found.versions.filter(state=shown.Draft).first()
    form = TryForm(
        request.POST or None, initial={"draft": draft is not None}, has_draft=bool(draft)
    )
    context: dict[str, Any] = {"here": "subflows", "subflow": found, "form": form, "draft": draft}
    if request.method == "POST" and form.is_valid():
        incident: Incident = form.cleaned_data["incident"]
        tries_draft = draft is not None and form.cleaned_data.get("draft")
        context["incident"] = incident
        context["report"] = dry_run(
            subflow=found,
            incident_id=incident.pk,
            by=actor_of(user),
            now=timezone.now(),
            design=read_design(draft.design) if draft and tries_draft else None,
        )
    status = 422 if form.errors else 200
    return render(request, ALL + "try.html", {**context, "now": timezone.now()}, status=status)
