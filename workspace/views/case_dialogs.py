"""Raise cases from an incident and talk to their customers; previews come first."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import pluralize
from django.utils import timezone

from cases.actions import open_case
from cases.jobs import AT_ONCE, notify_or_start, raise_or_start
from cases.models import Case
from cases.properties import COMMENTS_SYNC
from cases.queries import preview_cases
from core.actor import actor_of
from core.models import Job
from incidents.models import Incident
from workspace.access import page, user_of
from workspace.forms.cases import GenerateForm, NewCaseForm, NotifyForm
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


@page("cases.notify_customers")
@GET_POST
def notify(request: HttpRequest, number: str) -> HttpResponse:
    incident = incident_or_404(number)
    form = NotifyForm(request.POST or None, initial={"cases": _chosen(request, incident)})
    if request.method == "POST" and form.is_valid():
        try:
            told = notify_or_start(
                incident_id=incident.pk,
                case_ids=form.cleaned_data["cases"],
                note=form.cleaned_data["note"],
                by=actor_of(user_of(request)),
                now=timezone.now(),
                request_key=form.cleaned_data["request_key"],
            )
        except REFUSALS as error:
            explain(form, error)
        else:
            if isinstance(told, Job):
                return _watch(request, told)
            text = f"Informed {told} customer{pluralize(told)}."
            return done(request, incident_url(incident) + "#activity", text)
    context = {
        "incident": incident,
        "form": form,
        "recipients": _recipients(incident, form["cases"].value() or ""),
        "choosable": _choosable(incident),
        "switched_on": COMMENTS_SYNC.value(incident.domain_id),
        "property": COMMENTS_SYNC,
    }
    template = "workspace/incident/notify.html"
    return dialog(request, template, context, invalid=bool(form.errors))


def _chosen(request: HttpRequest, incident: Incident) -> str:
    """Return the chosen cases; all of them by one word, as thousands fit no address."""
    if "all" in request.GET:
        return ",".join(str(case.pk) for case in _choosable(incident))
    return ",".join(request.GET.getlist("case"))


def _choosable(incident: Incident) -> QuerySet[Case]:
    cases = Case.objects.filter(incident=incident, account__isnull=False)
    return cases.select_related("account", "contact").order_by("account__name")


def _recipients(incident: Incident, chosen: str) -> list[Case]:
    ids = [int(part) for part in chosen.split(",") if part.isdigit()]
    return list(_choosable(incident).filter(pk__in=ids))


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
