"""Escalate, resolve, put on hold, raise cases, notify: each says beforehand what will happen."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from core.actor import actor_of
from escalation.actions import escalate as escalate_incident
from escalation.queries import preview
from incidents import actions
from incidents.choices import State
from incidents.models import Incident
from workspace.access import page, user_of
from workspace.forms.incidents import EscalateForm, HoldForm, ResolveForm
from workspace.records.ending import ending_of
from workspace.records.handover import handover_of
from workspace.views.dialogs import GET_POST, REFUSALS, dialog, done, explain
from workspace.views.incidents import incident_or_404, incident_url
from workspace.views.notices import tell_restored


@page("incidents.escalate_incident")
@GET_POST
def escalate(request: HttpRequest, number: str) -> HttpResponse:
    incident = incident_or_404(number)
    form = EscalateForm(request.POST or None, initial={"seen_stage": incident.stage})
    if request.method == "POST" and form.is_valid():
        try:
            run = escalate_incident(
                incident_id=incident.pk,
                seen_stage=form.cleaned_data["seen_stage"],
                notes=form.cleaned_data["notes"],
                by=actor_of(user_of(request)),
                now=timezone.now(),
            )
        except REFUSALS as error:
            explain(form, error)
        else:
            text = f"Escalated to {run.plan['group']}: {run.subflow}."
            return done(request, incident_url(incident), text)
    ahead = preview(incident)
    context = {
        "incident": incident,
        "form": form,
        "preview": ahead,
        "handover": handover_of(incident, ahead, user_of(request)),
    }
    template = "workspace/incident/escalate.html"
    return dialog(request, template, context, invalid=bool(form.errors))


@page("incidents.resolve_incident")
@GET_POST
def resolve(request: HttpRequest, number: str) -> HttpResponse:
    incident = incident_or_404(number)
    initial = {
        "version": incident.version,
        "code": incident.resolution_code,
        "notes": incident.resolution_notes,
        "probable_cause": incident.probable_cause,
    }
    ends = ending_of(incident, user_of(request), timezone.now())
    form = ResolveForm(request.POST or None, initial={**initial, "tell": ends.tells_by_default})
    if request.method == "POST" and form.is_valid():
        try:
            actions.resolve_incident(
                incident_id=incident.pk,
                code=form.cleaned_data["code"],
                notes=form.cleaned_data["notes"],
                probable_cause=form.cleaned_data["probable_cause"],
                by=actor_of(user_of(request)),
                now=timezone.now(),
                seen_version=form.cleaned_data["version"],
            )
        except REFUSALS as error:
            explain(form, error)
        else:
            return tell_restored(request, incident, ends, wanted=form.cleaned_data["tell"])
    context = {"incident": incident, "form": form, "ends": ends, "now": timezone.now()}
    template = "workspace/incident/resolve.html"
    return dialog(request, template, context, invalid=bool(form.errors))


@page("incidents.change_incident")
@GET_POST
def hold(request: HttpRequest, number: str) -> HttpResponse:
    incident = incident_or_404(number)
    form = HoldForm(request.POST or None, initial={"version": incident.version})
    if request.method == "POST" and form.is_valid():
        try:
            _hold(request, incident, form.cleaned_data)
        except REFUSALS as error:
            explain(form, error)
        else:
            return done(request, incident_url(incident), f"{number} is on hold.")
    context = {"incident": incident, "form": form}
    return dialog(request, "workspace/incident/hold.html", context, invalid=bool(form.errors))


def _hold(request: HttpRequest, incident: Incident, data: dict[str, Any]) -> None:
    by, now = actor_of(user_of(request)), timezone.now()
    actions.update_incident(
        incident_id=incident.pk,
        values={
            "hold_reason": data["hold_reason"],
            "follow_up_at": data["follow_up_at"],
            "state": State.ON_HOLD,
        },
        by=by,
        now=now,
        seen_version=data["version"],
    )
    if data["comment"]:
        actions.add_comment(incident_id=incident.pk, text=data["comment"], by=by, now=now)
