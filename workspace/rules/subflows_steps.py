"""The steps of a draft: add, edit, order, switch, remove."""

from collections.abc import Callable
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from core.actor import actor_of
from escalation.composing import change_draft
from escalation.designs import Design, StepDesign, read_design
from escalation.models import SubflowVersion
from escalation.planning import in_words
from escalation.registry import BadOptions, StepKind, step_kind
from workspace.access import page, user_of
from workspace.rules import subflows as shown
from workspace.rules.scope import require_reach
from workspace.rules.subflows_forms import StepForm
from workspace.views.dialogs import GET_POST, REFUSALS, dialog, done, explain

Change = Callable[[Design], Design]


@page(shown.WRITE)
@GET_POST
def add(request: HttpRequest, subflow_id: int) -> HttpResponse:
    """Add a step of the kind that `step` names, at the end."""
    require_reach()
    draft = shown.draft_or_404(subflow_id)
    name = request.POST.get("step") or request.GET.get("step", "")
    return _edited(request, draft, StepDesign(_kind(name).name), None)


@page(shown.WRITE)
@GET_POST
def edit(request: HttpRequest, subflow_id: int, at: int) -> HttpResponse:
    """Change the options and conditions of a step."""
    require_reach()
    draft = shown.draft_or_404(subflow_id)
    return _edited(request, draft, _step(draft, at), at)


@page(shown.WRITE)
@require_POST
def words(request: HttpRequest, subflow_id: int) -> HttpResponse:
    """Say in words the step that is being typed, without keeping it."""
    kind = _kind(request.POST.get("step", ""))
    form = StepForm(request.POST, kind=kind, step=StepDesign(kind.name))
    said = in_words(form.step()) if form.is_valid() else ""
    context = {"said": said, "form": form}
    return render(request, "workspace/rules/subflows/_words.html", context)


@page(shown.WRITE)
@require_POST
def steer(request: HttpRequest, subflow_id: int, at: int, verb: str) -> HttpResponse:
    """Move a step up or down, switch it on or off, remove it."""
    require_reach()
    draft = shown.draft_or_404(subflow_id)
    was = _step(draft, at)
    changes: dict[str, tuple[Change, int | None]] = {
        "up": (lambda design: design.with_moved(at, -1), max(0, at - 1)),
        "down": (lambda design: design.with_moved(at, 1), at + 1),
        "on": (lambda design: design.with_changed(at, replace(was, active=True)), at),
        "off": (lambda design: design.with_changed(at, replace(was, active=False)), at),
        "remove": (lambda design: design.without(at), None),
    }
    if verb not in changes:
        raise Http404(f"Nothing is called {verb!r} here.")
    change, goes_to = changes[verb]
    seen = request.POST.get("revision", "")
    try:
        change_draft(
            version_id=draft.pk,
            seen_revision=int(seen) if seen.isascii() and seen.isdigit() else 0,
            change=change,
            by=actor_of(user_of(request)),
        )
    except REFUSALS as error:
        return done(request, shown.subflow_url(subflow_id), str(error))
    return done(request, shown.subflow_url(subflow_id, goes_to), "The draft is changed.")


def _edited(
    request: HttpRequest, draft: SubflowVersion, step: StepDesign, at: int | None
) -> HttpResponse:
    kind = _kind(step.step)
    initial = {"revision": draft.revision}
    form = StepForm(request.POST or None, kind=kind, step=step, initial=initial)
    back = shown.subflow_url(draft.subflow_id, at)
    if request.method == "POST" and form.is_valid():
        made = replace(form.step(), active=step.active)

        def change(design: Design) -> Design:
            return design.with_step(made) if at is None else design.with_changed(at, made)

        try:
            change_draft(
                version_id=draft.pk,
                seen_revision=form.cleaned_data["revision"],
                change=change,
                by=actor_of(user_of(request)),
            )
        except REFUSALS as error:
            explain(form, error)
        else:
            return done(request, back, "The draft is changed.")
    context = {"form": form, "kind": kind, "draft": draft, "at": at, "back": back}
    template = "workspace/rules/subflows/step.html"
    return dialog(request, template, context, invalid=bool(form.errors))


def _kind(name: str) -> StepKind:
    try:
        return step_kind(name)
    except BadOptions as error:
        raise Http404(str(error)) from error


def _step(draft: SubflowVersion, at: int) -> StepDesign:
    steps = read_design(draft.design).steps
    if not 0 <= at < len(steps):
        raise Http404("There is no such step.")
    return steps[at]
