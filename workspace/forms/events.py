"""Forms about outbound events."""

from collections.abc import Iterable
from typing import Any

from django import forms

from notifications.models import Subscriber


class SendAgainForm(forms.Form):
    """To whom an event goes again, and why."""

    subscriber = forms.ChoiceField(
        label="Send again to", error_messages={"required": "Choose who gets the event."}
    )
    why = forms.CharField(
        label="Why",
        max_length=300,
        help_text="Kept in the log with your name.",
        error_messages={"required": "Write why it is sent again."},
    )

    def __init__(self, *args: Any, receivers: Iterable[Subscriber], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.receivers = {str(each.uid): each for each in receivers}
        choices = [(uid, str(each)) for uid, each in self.receivers.items()]
        field = self.fields["subscriber"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Choose a subscriber"), *choices]

    def chosen(self) -> Subscriber:
        """Return the subscriber of a valid form."""
        return self.receivers[self.cleaned_data["subscriber"]]
