"""Forms of the hand-over and of wall screens."""

from typing import Any

from django import forms

from core.models import AssignmentGroup, User


class HandOverForm(forms.Form):
    """The drafted note, to be completed by the person who leaves."""

    group = forms.ModelChoiceField(
        AssignmentGroup.objects.none(), required=False, empty_label="Everybody", label="For"
    )
    text = forms.CharField(
        label="What the next shift should know",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text="Markdown. Drafted from what happened; say what the numbers do not.",
    )
    since = forms.DateTimeField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = user.assignment_groups.filter(active=True).order_by("name")
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]


class WallScreenForm(forms.Form):
    """A new screen on a wall."""

    name = forms.CharField(
        label="Name of the screen", max_length=60, help_text="For instance: NOC, left wall."
    )
