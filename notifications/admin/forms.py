"""Forms that say in a sentence what a query or an address lacks."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from notifications.egress import Forbidden, checked_address
from notifications.matching import compiled
from notifications.models import Subscriber, Topic
from tmf621.filtering import BadFilter

Transport = Subscriber.Transport
BY_HAND = (Transport.HTTP, Transport.MAIL, Transport.LOG)


class TopicForm(forms.ModelForm[Topic]):
    """Both queries must be readable, and each is about its own half of the event."""

    class Meta:
        model = Topic
        fields = [
            "name",
            "external_id",
            "type",
            "header_query",
            "content_query",
            "namespace",
            "description",
            "domain",
        ]

    def clean_header_query(self) -> str:
        return readable(self.cleaned_data["header_query"])

    def clean_content_query(self) -> str:
        return readable("", self.cleaned_data["content_query"])


class SubscriberForm(forms.ModelForm[Subscriber]):
    """Subscribers made by hand: webhooks, mail boxes and the event log."""

    class Meta:
        model = Subscriber
        fields = [
            "name",
            "transport",
            "url",
            "query",
            "style",
            "signed",
            "active",
            "paused",
            "domain",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "transport" in self.fields:
            # A topic's lines are made with the topic.
            choices = [(each.value, each.label) for each in BY_HAND]
            self.fields["transport"] = forms.ChoiceField(choices=choices)

    def clean_query(self) -> str:
        return readable(self.cleaned_data["query"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "transport" in data and "url" in data:
            try:
                _check_address(data["transport"], data["url"])
            except ValidationError as error:
                self.add_error("url", error)
        return data


def readable(query: str, content_query: str = "") -> str:
    """Return the query; `ValidationError` says where it cannot be read."""
    try:
        compiled(query, content_query)
    except BadFilter as error:
        raise ValidationError(f"This query cannot be read: {error}") from error
    return query or content_query


def _check_address(transport: str, url: str) -> None:
    if transport == Transport.LOG:
        if url:
            raise ValidationError("The event log needs no address.")
    elif not url:
        raise ValidationError("Say where the events go.")
    elif transport == Transport.MAIL:
        validate_email(url)
    else:
        try:
            checked_address(url)
        except Forbidden as error:
            raise ValidationError(str(error)) from error
