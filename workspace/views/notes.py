"""The composer: work notes stay with us, comments go to whom its label names."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.actor import actor_of
from incidents import actions
from incidents.models import Incident
from workspace.access import page, user_of
from workspace.forms.incidents import NoteForm
from workspace.records.audience import audience_of
from workspace.records.overview import overview_of
from workspace.views.dialogs import done
from workspace.views.incidents import CHANGE, incident_or_404, incident_url, show
from workspace.views.notices import send_comment

MOVED = "Whom the comment goes to has changed since the page was opened. Look before you send it."


@page(CHANGE)
@require_POST
def note(request: HttpRequest, number: str) -> HttpResponse:
    """Add a work note, or a comment: by the one way messages take where customers read it."""
    incident = incident_or_404(number)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _show(request, incident, form)
    text = form.cleaned_data["text"]
    if form.cleaned_data["kind"] != "comment":
        return _add(request, incident, text, "work note")
    audience = audience_of(incident, user_of(request))
    moved = form.cleaned_data["audience"] not in ("", audience.mark)
    if audience.cases:
        why = MOVED if moved else ""
        return send_comment(request, incident, asks_first=moved or audience.previews, why=why)
    if moved:
        form.add_error("text", MOVED)
        return _show(request, incident, form)
    return _add(request, incident, text, "comment")


def _show(request: HttpRequest, incident: Incident, form: NoteForm) -> HttpResponse:
    overview = overview_of(incident, timezone.now())
    return show(request, incident, "overview", overview=overview, note_form=form)


def _add(request: HttpRequest, incident: Incident, text: str, word: str) -> HttpResponse:
    add = actions.add_comment if word == "comment" else actions.add_work_note
    by, now = actor_of(user_of(request)), timezone.now()
    add(incident_id=incident.pk, text=text, by=by, now=now)
    return done(request, incident_url(incident) + "#activity", f"Added the {word}.")
