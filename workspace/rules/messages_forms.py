"""Forms of the message pages."""

from typing import Any

from django import forms
from django.conf import settings

from escalation.placeholders import NAMES
from workspace.rules.scope import acts_for_all, own_domains

PLACEHOLDERS = sorted(NAMES)
AREA = {"rows": 22, "spellcheck": "true"}
HELP = "Markdown; “- [ ] ” makes a line to tick off. Placeholders such as {{ ci.name }} are filled."


class MessageForm(forms.Form):
    """A message's text, with what is new in it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(widget=forms.Textarea(attrs=AREA), max_length=40_000, help_text=HELP)
    comment = forms.CharField(label="What is new", required=False, max_length=240)


class NewMessageForm(forms.Form):
    """A message that is not there yet, or the text of a domain or language of one that is."""

    key = forms.RegexField(
        r"\A[\w.-]{1,120}\Z",
        help_text="Such as mpls.circuit_down.l1; subflows name it.",
        error_messages={"invalid": "A key is made of letters, digits, dots, - and _."},
    )
    language = forms.ChoiceField(choices=settings.LANGUAGES, initial="en")
    domain = forms.TypedChoiceField(
        label="Holds for",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="A domain with a text of its own sees that instead of the one for all.",
    )
    text = forms.CharField(widget=forms.Textarea(attrs=AREA), max_length=40_000, help_text=HELP)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [(str(domain.pk), str(domain)) for domain in own_domains()]
        everybody = [("", "Every domain")] if acts_for_all() else []
        self.fields["domain"].choices = [*everybody, *own]  # type: ignore[attr-defined]
        self.fields["domain"].required = not everybody
