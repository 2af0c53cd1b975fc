"""Try it: which topics and subscribers would an event reach, and why not the others (R160)."""

import json
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from core.admin.rights import editor_of
from core.models import User
from notifications.admin.forms import readable
from notifications.models import StagedEvent, Topic
from notifications.trial import BadEvent, event_from, judge, reach, told_of

RECENT = 50
MOST_TEXT = 200_000


class TryForm(forms.Form):
    """An event, chosen or pasted, and the queries to hold against it."""

    event = forms.ChoiceField(label="Recent event", required=False)
    pasted = forms.CharField(
        label="Or an event, as JSON",
        required=False,
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 10, "cols": 90, "spellcheck": "false"}),
    )
    topic = forms.ModelChoiceField(
        queryset=Topic.unscoped.none(), required=False, empty_label="None: the queries below"
    )
    header_query = forms.CharField(
        required=False, max_length=1000, widget=forms.TextInput(attrs={"size": 90})
    )
    content_query = forms.CharField(
        required=False, max_length=1000, widget=forms.TextInput(attrs={"size": 90})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["topic"].queryset = Topic.objects.order_by("name")  # type: ignore[attr-defined]
        self.fields["event"].choices = self._choices()  # type: ignore[attr-defined]

    def _choices(self) -> list[tuple[str, str]]:
        if not self.user.has_perm("notifications.view_stagedevent"):
            return [("", "Your roles show you no events: paste one.")]
        rows = StagedEvent.objects.defer("payload", "snapshot").order_by("-pk")
        events = list(rows[:RECENT])
        asked = self.data.get("event") or self.initial.get("event")
        if asked and asked not in {str(each.event_id) for each in events}:
            events += _of_id(asked)
        return [("", "None: the one pasted below"), *((str(e.event_id), str(e)) for e in events)]

    def clean_header_query(self) -> str:
        return readable(self.cleaned_data["header_query"])

    def clean_content_query(self) -> str:
        return readable("", self.cleaned_data["content_query"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        chosen, text = data.get("event"), data.get("pasted")
        if bool(chosen) == bool(text) and not self.errors:
            raise ValidationError("Choose an event or paste one, not both.")
        if text:
            try:
                data["staged"] = event_from(text, self.user.domain)
            except BadEvent as error:
                self.add_error("pasted", str(error))
        elif chosen:
            data["staged"] = StagedEvent.objects.select_related("domain").get(event_id=chosen)
        return data

    def queries(self) -> tuple[str, str] | None:
        """Return the pair to hold against the event: what was typed, else the topic's."""
        typed = self.cleaned_data["header_query"], self.cleaned_data["content_query"]
        topic: Topic | None = self.cleaned_data["topic"]
        if any(typed) or topic is None:
            return typed if any(typed) else None
        return topic.header_query, topic.content_query


def try_it(page: admin.ModelAdmin[Topic], request: HttpRequest) -> HttpResponse:
    """Show the form, and once it is filled in what would become of the event."""
    if not page.has_view_permission(request):
        raise PermissionDenied
    posted = request.POST if request.method == "POST" else None
    form = TryForm(posted, initial=request.GET.dict(), user=editor_of(request))
    context = {
        **page.admin_site.each_context(request),
        "title": "Try it: who would get this event?",
        "opts": page.opts,
        "form": form,
    }
    status = 200
    if posted is not None:
        status = 200 if form.is_valid() and _answer(request, form, context) else 422
    return TemplateResponse(
        request, "admin/notifications/topic/try_it.html", context, status=status
    )


def _answer(request: HttpRequest, form: TryForm, context: dict[str, Any]) -> bool:
    staged: StagedEvent = form.cleaned_data["staged"]
    try:
        told = told_of(staged)
    except BadEvent as error:
        form.add_error(None, str(error))
        return False
    verdicts = reach(staged)
    if not request.user.has_perm("notifications.view_subscriber"):
        verdicts = [each for each in verdicts if each.is_topic]
    pair = form.queries()
    context["own"] = judge(*pair, told) if pair else None
    context["reached"] = [each for each in verdicts if each.reached]
    context["missed"] = [each for each in verdicts if not each.reached]
    context["told"] = json.dumps(told, indent=2)
    return True


def _of_id(text: str) -> list[StagedEvent]:
    try:
        return list(StagedEvent.objects.filter(event_id=text))
    except ValidationError:
        return []
