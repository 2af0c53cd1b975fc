"""Dialogs that assign, reopen, cancel and propose; watching and ticking off."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.actor import actor_of
from incidents import actions
from incidents.choices import State
from incidents.errors import Refused
from incidents.models import Incident
from workspace.access import page, user_of
from workspace.forms.incident_verbs import AssignForm, ReasonForm
from workspace.views.dialogs import GET_POST, REFUSALS, dialog, done, explain, see_other
from workspace.views.incidents import incident_or_404, incident_url


@page("incidents.assign_incident")
@GET_POST
def assign(request: HttpRequest, number: str) -> HttpResponse:
    incident = incident_or_404(number)
    initial = {
        "version": incident.version,
        "assignment_group": incident.assignment_group,
        "assigned_to": incident.assigned_to_id,
    }
    form = AssignForm(request.POST or None, initial=initial)
    words = {"title": f"Assign {number}", "verb": "Assign incident"}
    return _ask(
        request,
        incident,
        form,
        lambda data: _update(request, incident, form.values(), data),
        words=words,
        said=f"Assigned {number}.",
    )


@page("incidents.change_incident")
@GET_POST
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    incident = incident_or_404(number)
    words = {
        "title": f"Reopen {number}",
        "verb": "Reopen incident",
        "consequence": "The incident goes back in progress, to the stage it was resolved from.",
    }
    if incident.state != State.RESOLVED:
        return refused(request, incident, Refused("Only a resolved incident is reopened."))
    return _move(request, incident, State.IN_PROGRESS, words, f"Reopened {number}.")


@page("incidents.change_incident")
@GET_POST
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    incident = incident_or_404(number)
    words = {
        "title": f"Cancel {number}",
        "verb": "Cancel incident",
        "consequence": "Its open task is closed skipped. A canceled incident cannot be reopened.",
    }
    return _move(request, incident, State.CANCELED, words, f"Canceled {number}.")


@page("incidents.propose_major")
@GET_POST
def propose(request: HttpRequest, number: str) -> HttpResponse:
    incident = incident_or_404(number)
    accounts = incident.affected_accounts.filter(excluded=False).count()
    services = incident.impacted_services.count()
    impact = f"{accounts} affected accounts, {services} impacted services."
    form = ReasonForm(request.POST or None, initial={"reason": impact})
    words = {
        "title": f"Propose {number} as major",
        "verb": "Propose as major",
        "consequence": "The major issue managers of this domain are told at once.",
    }

    def act(data: dict[str, Any]) -> object:
        by, now = actor_of(user_of(request)), timezone.now()
        return actions.propose_major(incident_id=incident.pk, reason=data["reason"], by=by, now=now)

    said = f"Proposed {number} as major."
    return _ask(request, incident, form, act, words=words, said=said)


@page("incidents.view_incident")
@require_POST
def watch(request: HttpRequest, number: str) -> HttpResponse:
    incident, user = incident_or_404(number), user_of(request)
    if request.POST.get("on") == "yes":
        actions.watch(incident_id=incident.pk, user=user)
        return done(request, incident_url(incident), f"You watch {number}.")
    actions.unwatch(incident_id=incident.pk, user=user)
    return done(request, incident_url(incident), f"You no longer watch {number}.")


@page("incidents.change_incident")
@require_POST
def tick(request: HttpRequest, number: str, entry_id: int, line: int) -> HttpResponse:
    incident = incident_or_404(number)
    is_done = request.POST.get("done") == "yes"
    try:
        actions.tick_line(
            incident_id=incident.pk,
            entry_id=entry_id,
            line=line,
            done=is_done,
            by=actor_of(user_of(request)),
            now=timezone.now(),
        )
    except REFUSALS as error:
        return refused(request, incident, error)
    url = incident_url(incident) + "#runbook-panel"
    return done(request, url, "Ticked off." if is_done else "Opened again.")


def refused(request: HttpRequest, incident: Incident, error: Exception) -> HttpResponse:
    """Go back to the record and say what could not be done."""
    messages.error(request, str(error))
    return see_other(incident_url(incident))


def _move(
    request: HttpRequest, incident: Incident, state: State, words: dict[str, str], said: str
) -> HttpResponse:
    form = ReasonForm(request.POST or None, initial={"version": incident.version})
    return _ask(
        request,
        incident,
        form,
        lambda data: _update(request, incident, {"state": state}, data),
        words=words,
        said=said,
    )


def _update(
    request: HttpRequest, incident: Incident, values: dict[str, Any], data: dict[str, Any]
) -> object:
    return actions.update_incident(
        incident_id=incident.pk,
        values=values,
        by=actor_of(user_of(request)),
        now=timezone.now(),
        seen_version=data["version"],
        reason=data.get("reason", ""),
    )


def _ask(
    request: HttpRequest,
    incident: Incident,
    form: Any,
    act: Callable[[dict[str, Any]], object],
    *,
    words: dict[str, str],
    said: str,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except REFUSALS as error:
            explain(form, error)
        else:
            return done(request, incident_url(incident), said)
    context = {"incident": incident, "form": form, **words}
    return dialog(request, "workspace/incident/simple.html", context, invalid=bool(form.errors))
