"""Say who is left out of an incident's proactive cases, and take that back."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.actor import actor_of
from incidents import actions
from incidents.models import AffectedAccount, Incident
from workspace.access import page, user_of
from workspace.forms.incidents import ExcludeForm
from workspace.views.dialogs import GET_POST, dialog, done
from workspace.views.incidents import incident_or_404, incident_url

CHANGE = "incidents.refresh_impact"


@page(CHANGE)
@GET_POST
def exclude(request: HttpRequest, number: str, account: str) -> HttpResponse:
    incident = incident_or_404(number)
    row = _row(incident, account)
    form = ExcludeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _say(request, row, form.cleaned_data["reason"])
        return done(request, _accounts(incident), f"{row.account} is left out.")
    context = {
        "incident": incident,
        "form": form,
        "title": f"Leave {row.account} out",
        "verb": "Leave account out",
        "consequence": "No proactive case is raised for it; cases it has already stay.",
    }
    return dialog(request, "workspace/incident/simple.html", context, invalid=bool(form.errors))


@page(CHANGE)
@require_POST
def include(request: HttpRequest, number: str, account: str) -> HttpResponse:
    incident = incident_or_404(number)
    row = _row(incident, account)
    _say(request, row, "")
    return done(request, _accounts(incident), f"{row.account} is included again.")


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


def _accounts(incident: Incident) -> str:
    return incident_url(incident) + "#affected-accounts"
