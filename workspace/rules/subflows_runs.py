"""Runs of subflows with their inputs, steps and errors; failed ones are tried again (R66)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core.actor import actor_of
from core.errors import Refused
from escalation.actions import retry_run
from escalation.models import Run
from workspace.access import onward, page, user_of
from workspace.records.events import BadAddress, read_place
from workspace.rules import subflows as shown
from workspace.views.dialogs import done

PAGE = 50


@page(shown.SEE_RUNS)
@require_GET
def runs(request: HttpRequest) -> HttpResponse:
    """Show runs, the newest first, of one subflow or state where asked for."""
    rows = Run.objects.select_related("incident", "subflow").order_by("-pk")
    asked = request.GET
    if asked.get("state") in Run.State.values:
        rows = rows.filter(state=asked["state"])
    if asked.get("subflow", "").isdigit():
        rows = rows.filter(subflow_id=int(asked["subflow"]))
    if (place := _place(request)) is not None:
        rows = rows.filter(pk__lt=place)
    found = list(rows[: PAGE + 1])
    context: dict[str, Any] = {
        "here": "subflows",
        "runs": found[:PAGE],
        "more": found[PAGE - 1].pk if len(found) > PAGE else None,
        "states": Run.State.choices,
        "state": asked.get("state", ""),
        "may_retry": user_of(request).has_perm(shown.RETRY),
        "now": timezone.now(),
    }
    return render(request, "workspace/rules/subflows/runs.html", context)


@page(shown.RETRY)
@require_POST
def retry(request: HttpRequest, run_id: int) -> HttpResponse:
    """Plan a failed run again, as it was frozen."""
    run = Run.objects.filter(pk=run_id).first()
    back = reverse("workspace:rules_runs")
    if run is None:
        return done(request, back, "There is no such run.")
    try:
        retry_run(run_id=run.pk, by=actor_of(user_of(request)), now=timezone.now())
    except Refused as error:
        return done(request, back, str(error))
    done(request, back, "The run is planned again; a worker takes it at once.")
    return onward(request, back)


def _place(request: HttpRequest) -> int | None:
    try:
        return read_place(request.GET.get("before", ""))
    except BadAddress:
        return None
