"""Tell customers: the dialog with its preview, the message's page, Undo, retry (R117-R119)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cases.actions import take_back, write_notice
from cases.choices import NoticePhase
from cases.models import Notice
from cases.properties import COMMENTS_SYNC, UNDO_SECONDS
from cases.templates import phase_texts
from core.actor import actor_of
from incidents.models import Incident
from notifications.notice_mails import retry_failed
from workspace.access import page, user_of
from workspace.forms.notices import NotifyForm, texts_in
from workspace.records.ending import Ending
from workspace.records.notice_page import notice_page
from workspace.records.notices import (
    Draft,
    choosable_cases,
    draft_of,
    notice_url,
    promised_at,
)
from workspace.views.dialogs import GET_POST, REFUSALS, dialog, done, explain, see_other
from workspace.views.incidents import incident_or_404

NOTIFY, VIEW = "cases.notify_customers", "incidents.view_incident"
# Buttons that look at the message instead of sending it.
LOOKS = ("use", "replace", "at", "look", "text")


@page(NOTIFY)
@GET_POST
def notify(request: HttpRequest, number: str) -> HttpResponse:
    incident, now = incident_or_404(number), timezone.now()
    posted = request.method == "POST"
    sends = posted and not any(name in request.POST for name in LOOKS)
    draft = draft_of(incident, request.POST if posted else request.GET, now)
    form = NotifyForm(
        request.POST if sends else None, initial=draft.values, languages=draft.languages
    )
    if sends and form.is_valid() and _is_looked_at(form, draft):
        try:
            notice = _write(request, incident, form, draft, now)
        except REFUSALS as error:
            explain(form, error)
        else:
            return _said(request, notice, draft)
    return _show(request, incident, form, draft)


def send_comment(
    request: HttpRequest, incident: Incident, *, asks_first: bool, why: str = ""
) -> HttpResponse:
    """Send the composer's `text` to the customers; look at it first where there is a reason to.

    Reasons: several customers, others than the label named, warnings, nobody who could be reached.
    """
    now, data = timezone.now(), request.POST.copy()
    data["all"], data["phase"] = "1", NoticePhase.UPDATE
    draft = draft_of(incident, data, now)
    values = draft.values | {"request_key": data.get("request_key", "")}
    form = NotifyForm(values, languages=draft.languages)
    fine = not asks_first and not draft.preview.warnings and draft.preview.reached
    if not fine or not form.is_valid():
        form = NotifyForm(initial=draft.values, languages=draft.languages)
        return _show(request, incident, form, draft, why=why)
    try:
        notice = _write(request, incident, form, draft, now)
    except REFUSALS as error:
        explain(form, error)
        return _show(request, incident, form, draft)
    return _said(request, notice, draft)


def tell_restored(
    request: HttpRequest, incident: Incident, ends: Ending, *, wanted: bool
) -> HttpResponse:
    """Answer the resolve dialog; where wanted, the customers' message waits to leave as any other.

    More customers than are told without typing how many lead to the dialog of the message.
    """
    text, url = (
        f"Resolved {incident.number}.",
        reverse("workspace:incident", args=[incident.number]),
    )
    draft = ends.draft
    if not wanted or draft is None or not ends.sendable:
        return done(request, url, text)
    messages.success(request, text)
    if draft.must_type:
        ask = reverse("workspace:incident_notify", args=[incident.number])
        return see_other(f"{ask}?all=1&phase={NoticePhase.RESTORED}")
    form = NotifyForm({**draft.values, "request_key": ""}, languages=draft.languages)
    try:
        if form.is_valid():
            notice = _write(request, incident, form, draft, timezone.now())
            return _said(request, notice, draft, back=url)
    except REFUSALS as error:
        messages.warning(request, f"The customers were not told: {error}")
    return see_other(url)


def _show(
    request: HttpRequest, incident: Incident, form: NotifyForm, draft: Draft, *, why: str = ""
) -> HttpResponse:
    context = {
        "why": why,
        "incident": incident,
        "form": form,
        "draft": draft,
        "phases": NotifyForm.base_fields["phase"].choices,  # type: ignore[attr-defined]
        "choosable": choosable_cases(incident),
        "switched_on": COMMENTS_SYNC.value(incident.domain_id),
        "property": COMMENTS_SYNC,
        "seconds": UNDO_SECONDS.value(incident.domain_id),
        "action": reverse("workspace:incident_notify", args=[incident.number]),
        "now": timezone.now(),
    }
    template = "workspace/incident/notify.html"
    return dialog(request, template, context, invalid=bool(form.errors))


def _is_looked_at(form: NotifyForm, draft: Draft) -> bool:
    """Tell whether the sender has seen what is wrong and how many are told; say it where not."""
    preview = draft.preview
    if preview.mark and form.cleaned_data["accept"] != preview.mark:
        form.add_error(None, "Look at the warnings below; correct the text or send it knowingly.")
    count = len(preview.reached)
    if draft.must_type and form.cleaned_data["typed_count"] != count:
        form.add_error("typed_count", f"{count} customers are told. Type this number to send.")
    return not form.errors


def _write(
    request: HttpRequest, incident: Incident, form: NotifyForm, draft: Draft, now: datetime
) -> Notice:
    data = form.cleaned_data
    _texts, version = phase_texts(data["phase"], domain_id=incident.domain_id)
    return write_notice(
        incident_id=incident.pk,
        case_ids=[each.case.pk for each in draft.preview.recipients],
        texts=texts_in(data, draft.languages),
        by=actor_of(user_of(request)),
        now=now,
        phase=data["phase"],
        next_update_at=promised_at(data, now),
        template_version=version,
        request_key=data["request_key"],
    )


def _said(request: HttpRequest, notice: Notice, draft: Draft, *, back: str = "") -> HttpResponse:
    back = back or notice_url(notice)
    count = len(draft.preview.reached)
    people = f"{count} contact{pluralize(count)}"
    if not notice.waits:
        return done(request, back, f"It has left for {people} already, and goes to nobody twice.")
    if not notice.can_be_taken_back(timezone.now()):
        return done(request, back, f"On its way to {people}.")
    wait = round((notice.leaves_at - notice.created_at).total_seconds())
    text = f"Leaves in {wait} s for {people}."
    return done(request, back, text, undo=notice_url(notice, "notice_undo"))


@page(VIEW)
@require_GET
def notice(request: HttpRequest, number: str, uid: UUID) -> HttpResponse:
    """Show a message, what became of it at each customer, and Undo while it waits."""
    found, now = _notice_or_404(number, uid), timezone.now()
    after = request.GET.get("after", "")
    place = int(after) if after.isdecimal() and len(after) < 19 else None
    context: dict[str, Any] = {"page": notice_page(found, after=place, now=now), "now": now}
    return render(request, "workspace/notices/notice.html", context)


@page(NOTIFY)
@require_POST
def undo(request: HttpRequest, number: str, uid: UUID) -> HttpResponse:
    found = _notice_or_404(number, uid)
    try:
        take_back(notice_id=found.pk, by=actor_of(user_of(request)), now=timezone.now())
    except REFUSALS as error:
        messages.error(request, str(error))
        return see_other(notice_url(found))
    return done(request, notice_url(found), "Taken back. Nobody was told.")


@page(NOTIFY)
@require_POST
def retry(request: HttpRequest, number: str, uid: UUID) -> HttpResponse:
    found = _notice_or_404(number, uid)
    count = retry_failed(notice_id=found.pk, now=timezone.now())
    text = f"Trying {count} again." if count else "Nothing has failed."
    return done(request, notice_url(found), text)


def _notice_or_404(number: str, uid: UUID) -> Notice:
    """Return a message of an incident the user sees."""
    rows = Notice.objects.select_related("incident", "job").filter(incident__number=number, uid=uid)
    found = rows.first()
    if found is None:
        raise Http404("No such message.")
    return found
