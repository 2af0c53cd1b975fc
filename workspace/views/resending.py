"""Send an event again to a subscriber of one's choice, after a look at what goes out."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from notifications import resending
from notifications.models import StagedEvent
from workspace.access import page, user_of
from workspace.forms.events import SendAgainForm
from workspace.records.events import pretty
from workspace.views.dialogs import GET_POST, dialog, done, explain
from workspace.views.events import STEER


@page(STEER)
@GET_POST
def send_again(request: HttpRequest, event_id: UUID) -> HttpResponse:
    event = StagedEvent.objects.select_related("domain").filter(event_id=event_id).first()
    if event is None:
        raise Http404("There is no such event.")
    back, receivers = reverse("workspace:event", args=[event_id]), resending.receivers(event)
    posted = request.POST if request.method == "POST" else None
    form = SendAgainForm(posted, receivers=receivers, initial=request.GET.dict())
    if posted is not None and form.is_valid():
        chosen, why = form.chosen(), form.cleaned_data["why"]
        try:
            resending.send_again(event, chosen, by=user_of(request), why=why)
        except resending.CannotResend as error:
            explain(form, error)
        else:
            return done(request, back, f"The event is due again for {chosen}.")
    context = {"event": event, "form": form, "back": back, **_preview(event, form, request)}
    template = "workspace/events/send_again.html"
    return dialog(request, template, context, invalid=posted is not None)


def _preview(event: StagedEvent, form: SendAgainForm, request: HttpRequest) -> dict[str, str]:
    """Return what the subscriber asked about would get, or the event as it was produced."""
    values = request.POST if request.method == "POST" else request.GET
    chosen = form.receivers.get(values.get("subscriber", ""))
    if not event.payload:
        return {"payload": "", "payload_for": ""}
    if chosen is None:
        return {"payload": pretty(event.payload), "payload_for": ""}
    try:
        return {"payload": pretty(resending.preview(event, chosen)), "payload_for": str(chosen)}
    except resending.CannotResend:
        return {"payload": "", "payload_for": str(chosen)}
