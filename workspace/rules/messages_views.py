"""Messages: search by key, edit with preview, versions, back to the shipped text (R74-R78)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core.actor import actor_of
from core.errors import Refused
from escalation.models import Message
from escalation.texts import add_message, reset_message, restore_message, write_message
from incidents.models import Incident
from workspace.access import page, user_of
from workspace.rules import messages as shown
from workspace.rules.messages_forms import PLACEHOLDERS, MessageForm, NewMessageForm
from workspace.views.dialogs import GET_POST, REFUSALS, done, explain

ALL = "workspace/rules/messages/"


@page(shown.SEE)
@require_GET
def messages(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "").strip()
    context = {
        "here": "messages",
        "rows": shown.search(words),
        "words": words,
        "may_add": user_of(request).has_perm(shown.ADD),
        "now": timezone.now(),
    }
    return render(request, ALL + "list.html", context)


@page(shown.SEE)
@GET_POST
def message(request: HttpRequest, message_id: int) -> HttpResponse:
    """Show a message; with POST, give it another text."""
    found, user = shown.message_or_404(message_id), user_of(request)
    may_write = shown.may_write(user, found)
    if request.method == "POST" and not may_write:
        raise PermissionDenied("This message holds for other domains as well.")
    initial = {"version": found.version, "text": found.text}
    form = MessageForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            write_message(
                message_id=found.pk,
                text=data["text"],
                comment=data["comment"],
                seen_version=data["version"],
                by=actor_of(user),
                now=timezone.now(),
            )
        except REFUSALS as error:
            explain(form, error)
        else:
            return done(request, _url(found), f"{found} has a new text; the next run posts it.")
    context = {**_around(request, found), "form": form, "may_write": may_write}
    status = 422 if form.errors else 200
    return render(request, ALL + "message.html", context, status=status)


def _around(request: HttpRequest, found: Message) -> dict[str, Any]:
    versions = found.versions.select_related("written_by").order_by("-number")
    incident = _incident(request, request.GET.get("incident", ""))
    return {
        "here": "messages",
        "message": found,
        "versions": versions,
        "posted_by": shown.users_of(found.key),
        "placeholders": PLACEHOLDERS,
        "difference": shown.difference(found.shipped_text, found.text)
        if found.changed_here
        else [],
        "preview": shown.preview(found.text, incident),
        "number": request.GET.get("incident", ""),
        "may_add": user_of(request).has_perm(shown.ADD),
        "now": timezone.now(),
    }


@page(shown.SEE)
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Show what is being typed as it would be posted, without keeping it."""
    number = request.POST.get("incident", "")
    found = shown.preview(request.POST.get("text", "")[:40_000], _incident(request, number))
    return render(request, ALL + "_preview.html", {"preview": found, "number": number})


@page(shown.ADD)
@GET_POST
def new(request: HttpRequest) -> HttpResponse:
    """Write a message that is not there yet; `from` begins with another one's text."""
    source = _source(request)
    initial = {"key": source.key, "text": source.text} if source else {}
    form = NewMessageForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = add_message(
                key=data["key"],
                language=data["language"],
                domain_id=data["domain"],
                text=data["text"],
                by=actor_of(user_of(request)),
                now=timezone.now(),
            )
        except REFUSALS as error:
            explain(form, error)
        else:
            return done(request, _url(made), f"{made} is there.")
    context = {"here": "messages", "form": form, "source": source, "placeholders": PLACEHOLDERS}
    status = 422 if form.errors else 200
    return render(request, ALL + "new.html", context, status=status)


@page(shown.SEE)
@require_GET
def version(request: HttpRequest, message_id: int, number: int) -> HttpResponse:
    """Show a text a message had, and how it differs from the one it has."""
    found = shown.message_or_404(message_id)
    old = found.versions.select_related("written_by").filter(number=number).first()
    if old is None:
        raise Http404("There is no such version.")
    context = {
        "here": "messages",
        "message": found,
        "version": old,
        "difference": shown.difference(old.text, found.text),
        "may_write": shown.may_write(user_of(request), found),
        "now": timezone.now(),
    }
    return render(request, ALL + "version.html", context)


@page(shown.WRITE)
@require_POST
def reset(request: HttpRequest, message_id: int) -> HttpResponse:
    """Bring the shipped text back."""
    found = _writable(request, message_id)
    try:
        reset_message(message_id=found.pk, by=actor_of(user_of(request)), now=timezone.now())
    except Refused as error:
        return done(request, _url(found), str(error))
    return done(request, _url(found), f"{found} has the shipped text again.")


@page(shown.WRITE)
@require_POST
def restore(request: HttpRequest, message_id: int, number: int) -> HttpResponse:
    """Bring an older text back."""
    found = _writable(request, message_id)
    if not found.versions.filter(number=number).exists():
        raise Http404("There is no such version.")
    by, now = actor_of(user_of(request)), timezone.now()
    restore_message(message_id=found.pk, number=number, by=by, now=now)
    return done(request, _url(found), f"{found} has the text of version {number} again.")


def _writable(request: HttpRequest, message_id: int) -> Message:
    found = shown.message_or_404(message_id)
    if not shown.may_write(user_of(request), found):
        raise PermissionDenied("This message holds for other domains as well.")
    return found


def _source(request: HttpRequest) -> Message | None:
    asked = request.GET.get("from", "")
    return shown.message_or_404(int(asked)) if asked.isascii() and asked.isdigit() else None


def _incident(request: HttpRequest, number: str) -> Incident | None:
    if not number or not user_of(request).has_perm("incidents.view_incident"):
        return None
    return Incident.objects.filter(number__iexact=number.strip()).first()


def _url(message: Message) -> str:
    return reverse("workspace:rules_message", args=[message.pk])
