"""Forms around decision tables."""

from datetime import date
from typing import Any

from django import forms

PAST_INCIDENTS = 500


class PublishForm(forms.Form):
    """Why a draft is to decide, and from when on; and which draft was looked at."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    comment = forms.CharField(
        max_length=240,
        label="What changed, and why",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    publish_at = forms.DateTimeField(
        required=False,
        label="From when on",
        help_text="Empty: at once. Else the scheduler publishes it at this time of yours.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
    )


class ReplayForm(forms.Form):
    """Which past decisions to take again."""

    last = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=PAST_INCIDENTS,
        label="Of the last incidents",
        help_text=f"A number up to {PAST_INCIDENTS}; empty: all of the days.",
    )
    since = forms.DateField(
        required=False, label="Opened from", widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        required=False, label="To", widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if isinstance(since, date) and isinstance(until, date) and until < since:
            self.add_error("until", "The last day comes before the first.")
        if not self.errors and not any(cleaned.get(name) for name in self.fields):
            self.add_error("last", "Say how many incidents, or which days.")
        return cleaned


class ImportForm(forms.Form):
    """A file with rows."""

    file = forms.FileField(
        label="CSV or JSON file",
        help_text="As exported: a line per row, a column per input and result.",
    )
