"""Change whom an incident affects: refresh, add, take away, leave out; previews come first."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.actor import actor_of
from incidents import actions
from incidents.findings import preview_refresh
from incidents.models import AffectedAccount, Incident
from workspace.access import page, user_of
from workspace.forms.impact import AddAccountForm, AddCIForm, ExcludeForm
from workspace.views.dialogs import GET_POST, REFUSALS, dialog, done
from workspace.views.incidents import incident_or_404

CHANGE = "incidents.refresh_impact"
SIMPLE = "workspace/incident/simple.html"


@page(CHANGE)
@GET_POST
def refresh(request: HttpRequest, number: str) -> HttpResponse:
    """Say what a refresh would change, and do it."""
    incident = incident_or_404(number)
    if request.method == "POST":
        by, now = actor_of(user_of(request)), timezone.now()
        diff = actions.refresh_impact(incident_id=incident.pk, by=by, now=now)
        return done(request, _impact(incident), diff.sentence())
    context = {"incident": incident, "diff": preview_refresh(incident), "back": _impact(incident)}
    return dialog(request, "workspace/incident/refresh.html", context)


@page(CHANGE)
@GET_POST
def add_account(request: HttpRequest, number: str) -> HttpResponse:
    incident = incident_or_404(number)
    form = AddAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = form.cleaned_data["account"]
        actions.add_affected_account(
            incident_id=incident.pk,
            account_id=account.pk,
            reason=form.cleaned_data["reason"],
            by=actor_of(user_of(request)),
            now=timezone.now(),
        )
        return done(request, _customers(incident), f"Added {account}.")
    context = {
        "incident": incident,
        "form": form,
        "title": "Add an affected account",
        "verb": "Add account",
        "back": _customers(incident),
    }
    return dialog(request, SIMPLE, context, invalid=bool(form.errors))


@page(CHANGE)
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
        return done(request, _impact(incident) + "#affected-cis", diff.sentence())
    context = {
        "incident": incident,
        "form": form,
        "title": "Add an affected item",
        "verb": "Add item",
        "back": _impact(incident),
    }
    return dialog(request, SIMPLE, context, invalid=bool(form.errors))


@page(CHANGE)
@require_POST
def remove_ci(request: HttpRequest, number: str, ci_id: int) -> HttpResponse:
    """Take away an item that was added by hand."""
    incident, by, now = incident_or_404(number), actor_of(user_of(request)), timezone.now()
    try:
        diff = actions.remove_affected_ci(incident_id=incident.pk, ci_id=ci_id, by=by, now=now)
        text = diff.sentence()
    except REFUSALS as error:
        text = str(error)
    return done(request, _impact(incident) + "#affected-cis", text)


@page(CHANGE)
@GET_POST
def exclude(request: HttpRequest, number: str, account: str) -> HttpResponse:
    incident = incident_or_404(number)
    row = _row(incident, account)
    form = ExcludeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _say(request, row, form.cleaned_data["reason"])
        return done(request, _customers(incident), f"{row.account} is left out.")
    context = {
        "incident": incident,
        "form": form,
        "title": f"Leave {row.account} out",
        "verb": "Leave account out",
        "consequence": "No proactive case is raised for it; cases it has already stay.",
        "back": _customers(incident),
    }
    return dialog(request, SIMPLE, context, invalid=bool(form.errors))


@page(CHANGE)
@require_POST
def include(request: HttpRequest, number: str, account: str) -> HttpResponse:
    incident = incident_or_404(number)
    row = _row(incident, account)
    _say(request, row, "")
    return done(request, _customers(incident), f"{row.account} is included again.")


def _row(incident: Incident, account: str) -> AffectedAccount:
    rows = incident.affected_accounts.filter(account__number=account)
    row: AffectedAccount | None = rows.select_related("account").first()
    if row is None:
        raise Http404(f"{incident.number} does not affect {account}.")
    return row


def _say(request: HttpRequest, row: AffectedAccount, reason: str) -> None:
    actions.exclude_account(
        incident_id=row.incident_id,
        account_id=row.account_id,
        reason=reason,
        by=actor_of(user_of(request)),
        now=timezone.now(),
    )


def _impact(incident: Incident) -> str:
    return reverse("workspace:incident_impact", args=[incident.number])


def _customers(incident: Incident) -> str:
    return reverse("workspace:incident_customers", args=[incident.number])
