"""Hand over a shift and read what the last one left."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from workspace.access import onward, page, user_of
from workspace.forms.shifts import HandOverForm
from workspace.models import ShiftNote
from workspace.shifts.drafting import draft
from workspace.shifts.notes import acknowledge, hand_over, notes_for, shift_begin

VIEW = "incidents.view_incident"
SHOWN = 30


@page(VIEW)
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Show the drafted hand-over and pin what is made of it."""
    user, now = user_of(request), timezone.now()
    since = shift_begin(user, now)
    initial = {"since": since, "text": "" if request.POST else draft(user, since, now)}
    form = HandOverForm(request.POST or None, user=user, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        hand_over(user=user, text=data["text"], group=data["group"], since=data["since"], now=now)
        messages.success(request, "Handed over. The note is pinned on the next shift's home page.")
        return redirect("workspace:home")
    status = 422 if form.errors else 200
    return render(request, "workspace/shift/write.html", {"form": form}, status=status)


@page(VIEW)
@require_GET
def notes(request: HttpRequest) -> HttpResponse:
    """Show the last notes with who has read them."""
    rows = notes_for(user_of(request)).prefetch_related("receipts__user")[:SHOWN]
    context = {"notes": rows, "now": timezone.now()}
    return render(request, "workspace/shift/notes.html", context)


@page(VIEW)
@require_POST
def read(request: HttpRequest, note_id: int) -> HttpResponse:
    """Take note of a hand-over."""
    try:
        note = acknowledge(user=user_of(request), note_id=note_id, now=timezone.now())
    except ShiftNote.DoesNotExist as error:
        raise Http404("No such note.") from error
    messages.success(request, f"{note.author} sees that you have read this.")
    return onward(request)
