"""The test console for integrators, and the reference of the ticket API (N14)."""

import secrets
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import get_script_prefix
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from tmf621.console import renew
from tmf621.description.subjects import SUBJECTS
from tmf621.errors import UnknownTicket
from tmf621.parsing import MAX_BYTES
from workspace.access import page, user_of
from workspace.records import console as records
from workspace.records.reference import reference_of

USE_API = "tmf621.use_ticket_api"


class TrialForm(forms.Form):
    """What the console posts."""

    face = forms.ChoiceField(choices=[(name, name) for name in SUBJECTS])
    sample = forms.CharField(required=False, max_length=40)
    key = forms.RegexField(r"\A[\w-]{16,64}\Z", required=False)
    act = forms.ChoiceField(choices=[("check", "Check"), ("send", "Send"), ("renew", "Renew")])
    body = forms.CharField(label="Body", strip=False, max_length=MAX_BYTES)

    def clean_body(self) -> str:
        """Return the body as it was typed: browsers send their own line ends."""
        return str(self.cleaned_data["body"]).replace("\r\n", "\n")


@page(USE_API)
@require_http_methods(["GET", "POST"])
def console(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _tried(request)
    asked, words = request.GET, request.GET.get("ticket", "").replace("\0", "").strip()
    found = records.look_up(words) if words else None
    if found:
        return redirect("workspace:console_outcome", found)
    trial = records.trial_of(asked.get("face", ""), asked.get("sample", ""), "", _site(request))
    return _show(request, trial, status=404 if words else 200, unknown=words)


def _tried(request: HttpRequest) -> HttpResponse:
    form, site = TrialForm(request.POST), _site(request)
    face, kind = request.POST.get("face", ""), request.POST.get("sample", "")
    if not form.is_valid():
        trial = records.trial_of(face, kind, request.POST.get("body", ""), site)
        return _show(request, trial, form=form, status=422)
    body = form.cleaned_data["body"]
    if form.cleaned_data["act"] == "renew":
        trial = records.trial_of(face, kind, renew(body), site)
        return _show(request, trial, renewed=trial.body != body)
    trial = records.trial_of(face, kind, body, site)
    if form.cleaned_data["act"] == "check":
        records.check(trial)
    else:
        key = form.cleaned_data["key"]
        records.send(trial, user=user_of(request), base_url=site, key=key)
    return _show(request, trial)


@page(USE_API)
@require_GET
def outcome(request: HttpRequest, ticket_id: str) -> HttpResponse:
    """Show what a ticket made; the console asks for it again until nothing more may come."""
    try:
        found = records.outcome_of(ticket_id)
    except UnknownTicket as error:
        raise Http404(str(error)) from error
    return render(request, "workspace/console/outcome_page.html", _about(request, found))


@page()
@require_GET
def api_docs(request: HttpRequest) -> HttpResponse:
    context = {"subjects": SUBJECTS.values(), "labels": records.FACE_LABELS}
    return render(request, "workspace/api_docs/index.html", context)


@page()
@require_GET
def api_reference(request: HttpRequest, name: str) -> HttpResponse:
    if name not in SUBJECTS:
        raise Http404(f"The ticket API has no face {name}.")
    context = {"reference": reference_of(name, _site(request)), "subject": SUBJECTS[name]}
    return render(request, "workspace/api_docs/reference.html", context)


def _show(
    request: HttpRequest, trial: records.Trial, *, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {
        "trial": trial,
        # A page sent twice creates one ticket; a fresh page another one.
        "key": secrets.token_urlsafe(16),
        **_about(request, trial.outcome),
    }
    return render(request, "workspace/console/console.html", context, status=status)


def _about(request: HttpRequest, found: records.Outcome | None) -> dict[str, Any]:
    text = request.GET.get("asked", "0")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    waiting = found is not None and not found.settled
    return {
        "outcome": found,
        "now": timezone.now(),
        "waiting": waiting,
        "next_question": asked + 1 if waiting and asked < records.MOST_QUESTIONS else 0,
    }


def _site(request: HttpRequest) -> str:
    host: str = request.build_absolute_uri("/")[:-1]
    return host + get_script_prefix().rstrip("/")
