"""Raise cases from an incident; the preview comes first."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cases.actions import open_case
from cases.jobs import AT_ONCE, raise_or_start
from cases.queries import preview_cases
from core.actor import actor_of
from core.models import Job
from workspace.access import page, user_of
from workspace.forms.cases import GenerateForm, NewCaseForm
from workspace.records.jobs import job_url
from workspace.views.dialogs import GET_POST, REFUSALS, dialog, done, explain
from workspace.views.incidents import incident_or_404, incident_url


@page("cases.generate_cases")
@GET_POST
def generate(request: HttpRequest, number: str) -> HttpResponse:
    incident = incident_or_404(number)
    form = GenerateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = raise_or_start(
                incident_id=incident.pk,
                by=actor_of(user_of(request)),
                now=timezone.now(),
                **form.cleaned_data,
            )
        except REFUSALS as error:
            explain(form, error)
        else:
            if isinstance(made, Job):
                return _watch(request, made)
            return done(request, incident_url(incident) + "#cases", made.sentence())
    context = {
        "incident": incident,
        "form": form,
        "preview": preview_cases(incident),
        "at_once": AT_ONCE,
    }
    template = "workspace/incident/generate.html"
    return dialog(request, template, context, invalid=bool(form.errors))


def _watch(request: HttpRequest, job: Job) -> HttpResponse:
    return done(request, job_url(job), f"Started: {job.title}.")


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
            return done(request, incident_url(incident) + "#cases", f"Created {case.number}.")
    context = {"incident": incident, "form": form, "title": "New case", "verb": "Create case"}
    return dialog(request, "workspace/incident/simple.html", context, invalid=bool(form.errors))
