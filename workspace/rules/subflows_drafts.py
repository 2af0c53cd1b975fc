"""Drafts of subflows: begin, set up, publish with a comment, discard."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.actor import actor_of
from core.errors import Refused
from escalation.composing import change_draft, discard_draft, publish_draft, start_draft
from escalation.designs import Design, read_design
from workspace.access import page, user_of
from workspace.rules import subflows as shown
from workspace.rules.scope import require_reach
from workspace.rules.subflows_forms import PublishForm, SettingsForm
from workspace.views.dialogs import GET_POST, REFUSALS, dialog, done, explain

ALL = "workspace/rules/subflows/"


@page(shown.WRITE)
@require_POST
def start(request: HttpRequest, subflow_id: int) -> HttpResponse:
    """Begin a draft of what runs, or of an older version."""
    require_reach()
    found, asked = shown.subflow_or_404(subflow_id), request.POST.get("from", "")
    number = int(asked) if asked.isascii() and asked.isdigit() else None
    by = actor_of(user_of(request))
    try:
        draft = start_draft(subflow_id=found.pk, by=by, from_number=number)
    except Refused as error:
        return done(request, shown.subflow_url(found.pk), str(error))
    return done(request, shown.subflow_url(found.pk), f"{draft} is a draft; change its steps.")


@page(shown.WRITE)
@GET_POST
def settings(request: HttpRequest, subflow_id: int) -> HttpResponse:
    """Set stage, group, message and waiting time of a draft."""
    require_reach()
    draft = shown.draft_or_404(subflow_id)
    design = read_design(draft.design)
    initial = {"revision": draft.revision, **design.as_json()}
    form = SettingsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values: dict[str, Any] = dict(form.cleaned_data)
        revision = values.pop("revision")

        def change(former: Design) -> Design:
            return replace(former, **values)

        try:
            change_draft(
                version_id=draft.pk,
                seen_revision=revision,
                change=change,
                by=actor_of(user_of(request)),
            )
        except REFUSALS as error:
            explain(form, error)
        else:
            return done(request, shown.subflow_url(subflow_id), "The draft is changed.")
    context = {"form": form, "draft": draft, "back": shown.subflow_url(subflow_id)}
    return dialog(request, ALL + "settings.html", context, invalid=bool(form.errors))


@page(shown.PUBLISH)
@GET_POST
def publish(request: HttpRequest, subflow_id: int) -> HttpResponse:
    """Let the draft run from now on."""
    require_reach()
    draft = shown.draft_or_404(subflow_id)
    initial = {"revision": draft.revision, "comment": draft.comment}
    form = PublishForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            publish_draft(
                version_id=draft.pk,
                seen_revision=form.cleaned_data["revision"],
                comment=form.cleaned_data["comment"],
                by=actor_of(user_of(request)),
                now=timezone.now(),
            )
        except REFUSALS as error:
            explain(form, error)
        else:
            return done(request, shown.subflow_url(subflow_id), f"{draft} runs from now on.")
    context = {
        "form": form,
        "draft": draft,
        "shown": shown.shown_version(draft),
        "back": shown.subflow_url(subflow_id),
    }
    return dialog(request, ALL + "publish.html", context, invalid=bool(form.errors))


@page(shown.WRITE)
@GET_POST
def discard(request: HttpRequest, subflow_id: int) -> HttpResponse:
    """Throw the draft away."""
    require_reach()
    draft = shown.draft_or_404(subflow_id)
    back = shown.subflow_url(subflow_id)
    if request.method == "POST":
        discard_draft(version_id=draft.pk)
        return done(request, back, f"{draft} is discarded.")
    return dialog(request, ALL + "discard.html", {"draft": draft, "back": back})
