"""Tabs of the incident beside the overview: tasks, history; links to other incidents."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core.actor import actor_of
from incidents import actions
from incidents.models import Incident
from workspace.access import page, user_of
from workspace.records.history import history_of
from workspace.views.dialogs import REFUSALS, see_other
from workspace.views.history import history_sheet
from workspace.views.incidents import CHANGE, VIEW, incident_or_404, show


@page(VIEW)
@require_GET
def tasks(request: HttpRequest, number: str) -> HttpResponse:
    incident = incident_or_404(number)
    rows = incident.tasks.select_related("assignment_group", "assigned_to").order_by("-pk")
    return show(request, incident, "tasks", tasks=rows)


@page(VIEW)
@require_GET
def history(request: HttpRequest, number: str) -> HttpResponse:
    """Show the field changes; `format=csv` downloads all that fit the filter."""
    incident = incident_or_404(number)
    params = request.GET.dict()
    if params.get("format") == "csv":
        return history_sheet(incident, params.get("field", ""))
    found = history_of(incident.journal, params)
    return show(request, incident, "history", history=found)


@page(CHANGE)
@require_POST
def link(request: HttpRequest, number: str, other_id: int, kind: str) -> HttpResponse:
    """Link another incident as duplicate or related."""
    incident = incident_or_404(number)
    known: dict[str, Any] = {"by": actor_of(user_of(request)), "now": timezone.now()}
    try:
        if kind == "duplicate":
            actions.link_duplicate(incident_id=incident.pk, parent_id=other_id, **known)
        else:
            actions.link_related(incident_id=incident.pk, other_id=other_id, **known)
    except REFUSALS as error:
        messages.error(request, str(error))
    except Incident.DoesNotExist as error:
        raise Http404("No such incident.") from error
    else:
        messages.success(request, f"Linked as {kind}.")
    return see_other(reverse("workspace:incident_investigate", args=[number]))
