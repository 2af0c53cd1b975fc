"""Replay a version over past decisions: few at once, many as a job; nothing is changed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from core.actor import actor_of
from escalation.tables.kinds import kind_of
from escalation.tables.replaying import AT_ONCE, past_keys, past_of, replay, start_replay
from workspace.access import page, user_of
from workspace.records.jobs import job_url
from workspace.rules import tables as shown
from workspace.rules.tables_forms import ReplayForm
from workspace.views.dialogs import GET_POST, done


@page(shown.REPLAY)
@GET_POST
def replays(request: HttpRequest, table_id: int, number: int) -> HttpResponse:
    """Take past decisions again: few at once, many as a job; nothing is changed."""
    found = shown.version_or_404(table_id, number)
    asked = request.POST if request.method == "POST" else request.GET
    form = ReplayForm(asked) if asked else ReplayForm(initial={"last": 20})
    context = shown.version_page(found, user_of(request), "replay")
    context |= {"form": form, "count": None, "at_once": AT_ONCE, "now": timezone.now()}
    if not form.is_bound or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "workspace/rules/tables/replay.html", context, status=status)
    kind, chosen = kind_of(found.table.kind), form.cleaned_data
    keys = past_keys(kind, last=chosen["last"] or 0, since=chosen["since"], until=chosen["until"])
    if request.method == "POST" and len(keys) > AT_ONCE:
        job = start_replay(
            version=found, keys=keys, by=actor_of(user_of(request)), now=timezone.now()
        )
        return done(request, job_url(job), f"{len(keys)} decisions are being replayed.")
    context["count"] = len(keys)
    if len(keys) <= AT_ONCE:
        context["replay"] = replay(found, past_of(kind, keys))
    return render(request, "workspace/rules/tables/replay.html", context)
