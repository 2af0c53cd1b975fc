"""The incident's pages (R34-R42)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.actor import actor_of
from core.changes import MovedOn
from incidents import actions
from incidents.models import Incident
from workspace.access import page, user_of
from workspace.forms.conflicts import merged, with_picks
from workspace.forms.incidents import CauseForm, IncidentForm, NoteForm
from workspace.records.assist import assist_for, investigate
from workspace.records.audience import audience_of
from workspace.records.incident import head_of, incident_by_number
from workspace.records.overview import overview_of
from workspace.records.related import related_of
from workspace.records.runbook import runbook_of
from workspace.records.side import content_of, side_of
from workspace.records.stream import asked_stream
from workspace.views.dialogs import REFUSALS, done, explain

VIEW = "incidents.view_incident"
CHANGE = "incidents.change_incident"


def incident_or_404(number: str) -> Incident:
    """Return the incident; an unknown and a foreign number look alike."""
    incident = incident_by_number(number)
    if incident is None:
        raise Http404(f"No incident {number}.")
    return incident


def incident_url(incident: Incident) -> str:
    """Return the address of the incident's page."""
    return reverse("workspace:incident", args=[incident.number])


def show(request: HttpRequest, incident: Incident, tab: str, **context: Any) -> HttpResponse:
    """Render a tab of the record with its head, stream and side panel."""
    now, user = timezone.now(), user_of(request)
    head = head_of(incident, user=user, tab=tab, now=now)
    if tab == "overview":
        context["runbook"] = runbook_of(incident, head.run, user, now)
    context |= {
        "now": now,
        "head": head,
        "incident": incident,
        "stream": asked_stream(incident.journal, request.GET.dict()),
        "assist": assist_for(incident, now),
        "side": side_of(incident, user),
        "note_form": context.get("note_form") or NoteForm(),
        # Only where there is a composer.
        "audience": SimpleLazyObject(lambda: audience_of(incident, user)),
    }
    return render(request, f"workspace/incident/{tab}.html", context, status=_status(context))


def _status(context: dict[str, Any]) -> int:
    forms = [context.get("form"), context["note_form"]]
    return 422 if any(form is not None and form.errors for form in forms) else 200


@page(VIEW)
@require_GET
def overview(request: HttpRequest, number: str) -> HttpResponse:
    incident = incident_or_404(number)
    return show(request, incident, "overview", overview=overview_of(incident, timezone.now()))


@page(VIEW)
@require_GET
def attachment(request: HttpRequest, number: str, attachment_id: str) -> HttpResponse:
    """Hand out what a client embedded; never shown in the page, whatever it is."""
    content = content_of(incident_or_404(number), attachment_id)
    if content is None:
        raise Http404("This attachment has no content that can be read.")
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@page(VIEW)
@require_GET
def related(request: HttpRequest, number: str) -> HttpResponse:
    incident = incident_or_404(number)
    return show(request, incident, "related", related=related_of(incident))


@page(VIEW)
@require_http_methods(["GET", "POST"])
def details(request: HttpRequest, number: str) -> HttpResponse:
    """Show the form and save it; fields somebody else changed meanwhile are asked for."""
    incident = incident_or_404(number)
    form = IncidentForm(with_picks(request.POST) if request.POST else None, instance=incident)
    require_change(request)
    if request.method == "POST" and form.is_valid():
        form, theirs = merged(form, incident)
        if form.is_valid() and _save(request, incident, form):
            kept = f" Kept what others changed: {', '.join(theirs)}." if theirs else ""
            return done(request, _url("incident_details", number), f"Saved {number}.{kept}")
    return show(request, incident_or_404(number), "details", form=form)


@page(VIEW)
@require_http_methods(["GET", "POST"])
def cause(request: HttpRequest, number: str) -> HttpResponse:
    incident = incident_or_404(number)
    initial = {"probable_cause": incident.probable_cause, "version": incident.version}
    form = CauseForm(request.POST or None, initial=initial)
    require_change(request)
    if request.method == "POST" and form.is_valid() and _save(request, incident, form):
        return done(request, _url("incident_cause", number), f"Saved the cause of {number}.")
    found = investigate(incident, timezone.now())
    return show(request, incident, "investigate", form=form, found=found)


def require_change(request: HttpRequest) -> None:
    """Refuse a POST by somebody who may only look."""
    if request.method == "POST" and not request.user.has_perm(CHANGE):
        raise PermissionDenied(f"This needs the permission {CHANGE}.")


def _save(request: HttpRequest, incident: Incident, form: Any) -> bool:
    user = user_of(request)
    values = form.changed_values() if hasattr(form, "changed_values") else None
    try:
        actions.update_incident(
            incident_id=incident.pk,
            values=values if values is not None else _plain(form),
            by=actor_of(user),
            now=timezone.now(),
            seen_version=form.cleaned_data.get("version"),
        )
    except REFUSALS as error:
        explain(form, error)
        return False
    return True


def _plain(form: Any) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name != "version"}


@page("incidents.add_incident")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = IncidentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            incident = actions.open_incident(
                by=actor_of(user_of(request)),
                now=timezone.now(),
                short_description=form.cleaned_data["short_description"],
                values=form.changed_values(),
            )
        except REFUSALS as error:
            explain(form, error)
        else:
            url = _url("incident", incident.number)
            return done(request, url, f"Created {incident.number}.")
    status = 422 if form.errors else 200
    return render(request, "workspace/incident/new.html", {"form": form}, status=status)


@page(CHANGE)
@require_POST
def assign_me(request: HttpRequest, number: str) -> HttpResponse:
    return _update(request, number, {"assigned_to": user_of(request)}, "Assigned to you.")


@page(CHANGE)
@require_POST
def link_cause(request: HttpRequest, number: str, change_id: int) -> HttpResponse:
    incident = incident_or_404(number)
    linked = actions.link_cause(
        incident_id=incident.pk,
        change_id=change_id,
        by=actor_of(user_of(request)),
        now=timezone.now(),
    )
    return done(request, _url("incident", number), f"Caused by {linked.caused_by_change}.")


def _update(
    request: HttpRequest, number: str, values: dict[str, Any], text: str
) -> HttpResponseRedirect:
    incident = incident_or_404(number)
    try:
        actions.update_incident(
            incident_id=incident.pk,
            values=values,
            by=actor_of(user_of(request)),
            now=timezone.now(),
        )
    except (*REFUSALS, MovedOn) as error:
        text = str(error)
    return done(request, _url("incident", number), text)


def _url(name: str, number: str) -> str:
    return reverse(f"workspace:{name}", args=[number])
