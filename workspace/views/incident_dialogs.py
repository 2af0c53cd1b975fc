"""Escalate, resolve, put on hold, raise cases, notify: each says beforehand what will happen."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.actions import generate_cases, notify_customers, open_case
from cases.models import Case
from cases.properties import COMMENTS_SYNC
from cases.queries import preview_cases
from core.actor import actor_of
from escalation.actions import escalate as escalate_incident
from escalation.queries import preview
from incidents import actions
from incidents.choices import State
from incidents.models import Incident
from workspace.access import page, user_of
from workspace.forms.cases import GenerateForm, NewCaseForm, NotifyForm
from workspace.forms.incidents import (
    AddAccountForm,
    AddCIForm,
    EscalateForm,
    HoldForm,
    ResolveForm,
)
from workspace.views.dialogs import REFUSALS, dialog, done, explain
from workspace.views.incidents import incident_or_404

GET_POST = require_http_methods(["GET", "POST"])


def _home(incident: Incident) -> str:
    return reverse("workspace:incident", args=[incident.number])


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
            return done(request, _home(incident), text)
    context = {"incident": incident, "form": form, "preview": preview(incident)}
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
    form = ResolveForm(request.POST or None, initial=initial)
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
            return done(request, _home(incident), f"Resolved {number}.")
    cases = list(Case.objects.filter(incident=incident).select_related("account"))
    context = {
        "incident": incident,
        "form": form,
        "major": next((case for case in cases if case.is_major), None),
        "minor": [case for case in cases if not case.is_major],
    }
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
            return done(request, _home(incident), f"{number} is on hold.")
    context = {"incident": incident, "form": form}
    return dialog(request, "workspace/incident/hold.html", context, invalid=bool(form.errors))


def _hold(request: HttpRequest, incident: Incident, data: dict[str, Any]) -> None:
    by, now = actor_of(user_of(request)), timezone.now()
    actions.update_incident(
        incident_id=incident.pk,
        values={"hold_reason": data["hold_reason"], "state": State.ON_HOLD},
        by=by,
        now=now,
        seen_version=data["version"],
    )
    if data["comment"]:
        actions.add_comment(incident_id=incident.pk, text=data["comment"], by=by, now=now)


@page("cases.generate_cases")
@GET_POST
def generate(request: HttpRequest, number: str) -> HttpResponse:
    incident = incident_or_404(number)
    form = GenerateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = generate_cases(
                incident_id=incident.pk,
                form=form.cleaned_data["form"],
                by=actor_of(user_of(request)),
                now=timezone.now(),
            )
        except REFUSALS as error:
            explain(form, error)
        else:
            return done(request, _home(incident) + "#cases", _made(made))
    context = {"incident": incident, "form": form, "preview": preview_cases(incident)}
    template = "workspace/incident/generate.html"
    return dialog(request, template, context, invalid=bool(form.errors))


def _made(made: Any) -> str:
    count = len(made.cases)
    major = "1 major case and " if made.major_created else ""
    word = "case" if count == 1 else "cases"
    kept = f" {len(made.skipped)} accounts had one already." if made.skipped else ""
    return f"Raised {major}{count} {word}.{kept}"


@page("cases.notify_customers")
@GET_POST
def notify(request: HttpRequest, number: str) -> HttpResponse:
    incident = incident_or_404(number)
    chosen = ",".join(request.GET.getlist("case"))
    form = NotifyForm(request.POST or None, initial={"cases": chosen})
    if request.method == "POST" and form.is_valid():
        try:
            notify_customers(
                case_ids=form.cleaned_data["cases"],
                note=form.cleaned_data["note"],
                by=actor_of(user_of(request)),
                now=timezone.now(),
                incident_id=incident.pk,
            )
        except REFUSALS as error:
            explain(form, error)
        else:
            count = len(form.cleaned_data["cases"])
            return done(request, _home(incident) + "#activity", f"Informed {count} customers.")
    context = {
        "incident": incident,
        "form": form,
        "recipients": _recipients(incident, form["cases"].value() or ""),
        "choosable": Case.objects.filter(incident=incident, account__isnull=False)
        .select_related("account", "contact")
        .order_by("account__name"),
        "switched_on": COMMENTS_SYNC.value(incident.domain_id),
        "property": COMMENTS_SYNC,
    }
    template = "workspace/incident/notify.html"
    return dialog(request, template, context, invalid=bool(form.errors))


def _recipients(incident: Incident, chosen: str) -> list[Case]:
    ids = [int(part) for part in chosen.split(",") if part.isdigit()]
    cases = Case.objects.filter(incident=incident, pk__in=ids, account__isnull=False)
    return list(cases.select_related("account", "contact").order_by("account__name"))


@page("cases.add_case")
@GET_POST
def new_case(request: HttpRequest, number: str) -> HttpResponse:
    incident = incident_or_404(number)
    initial = {
        "short_description": incident.short_description,
        "description": incident.description,
    }
    form = NewCaseForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            case = open_case(
                by=actor_of(user_of(request)),
                now=timezone.now(),
                incident_id=incident.pk,
                **form.cleaned_data,
            )
        except REFUSALS as error:
            explain(form, error)
        else:
            return done(request, _home(incident) + "#cases", f"Created {case.number}.")
    context = {"incident": incident, "form": form, "title": "New case", "verb": "Create case"}
    return dialog(request, "workspace/incident/simple.html", context, invalid=bool(form.errors))


@page("incidents.refresh_impact")
@GET_POST
def add_account(request: HttpRequest, number: str) -> HttpResponse:
    incident = incident_or_404(number)
    form = AddAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = form.cleaned_data["account"]
        actions.add_affected_account(
            incident_id=incident.pk,
            account_id=account.pk,
            by=actor_of(user_of(request)),
            now=timezone.now(),
        )
        return done(request, _home(incident) + "#affected-accounts", f"Added {account}.")
    context = {
        "incident": incident,
        "form": form,
        "title": "Add an affected account",
        "verb": "Add account",
    }
    return dialog(request, "workspace/incident/simple.html", context, invalid=bool(form.errors))


@page("incidents.refresh_impact")
@GET_POST
def add_ci(request: HttpRequest, number: str) -> HttpResponse:
    incident = incident_or_404(number)
    form = AddCIForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        diff = actions.add_affected_ci(
            incident_id=incident.pk,
            ci_id=form.cleaned_data["ci"].pk,
            by=actor_of(user_of(request)),
            now=timezone.now(),
        )
        return done(request, _home(incident) + "#affected-cis", diff.sentence())
    context = {
        "incident": incident,
        "form": form,
        "title": "Add an affected item",
        "verb": "Add item",
    }
    return dialog(request, "workspace/incident/simple.html", context, invalid=bool(form.errors))
