"""Raise cases from an incident and talk to their customers; previews come first."""

from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import pluralize
from django.utils import timezone

from cases.actions import generate_cases, notify_customers, open_case
from cases.models import Case
from cases.properties import COMMENTS_SYNC
from cases.queries import preview_cases
from core.actor import actor_of
from incidents.models import Incident
from workspace.access import page, user_of
from workspace.forms.cases import GenerateForm, NewCaseForm, NotifyForm
from workspace.views.dialogs import GET_POST, REFUSALS, dialog, done, explain
from workspace.views.incidents import incident_or_404, incident_url


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
            return done(request, incident_url(incident) + "#cases", made.sentence())
    context = {"incident": incident, "form": form, "preview": preview_cases(incident)}
    template = "workspace/incident/generate.html"
    return dialog(request, template, context, invalid=bool(form.errors))


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
            told = f"Informed {count} customer{pluralize(count)}."
            return done(request, incident_url(incident) + "#activity", told)
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
            return done(request, incident_url(incident) + "#cases", f"Created {case.number}.")
    context = {"incident": incident, "form": form, "title": "New case", "verb": "Create case"}
    return dialog(request, "workspace/incident/simple.html", context, invalid=bool(form.errors))
