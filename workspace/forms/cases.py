"""Forms about cases."""

from typing import Any

from django import forms

from accounts.models import Account
from workspace.forms.incidents import RESOLUTION_CODES
from workspace.forms.once import OncePerDialog


class GenerateForm(OncePerDialog):
    """Confirm the generation; the form decided beforehand may be overridden (D1)."""

    form = forms.ChoiceField(
        label="Raise as",
        choices=[
            ("auto", "As decided by the threshold"),
            ("major", "One major case with child cases"),
            ("individual", "Individual cases"),
        ],
        initial="auto",
    )


class NewCaseForm(forms.Form):
    """An ad-hoc case linked to the incident (R106)."""

    account = forms.ModelChoiceField(queryset=Account.unscoped.none())
    short_description = forms.CharField(max_length=160)
    description = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = Account.objects.filter(kind=Account.Kind.ACCOUNT, active=True).order_by("name")
        self.fields["account"].queryset = accounts  # type: ignore[attr-defined]


class CaseResolveForm(forms.Form):
    """Propose the solution of a case (C.3)."""

    code = forms.ChoiceField(label="Resolution code", choices=[("", "Choose…"), *RESOLUTION_CODES])
    notes = forms.CharField(
        label="Resolution notes", widget=forms.Textarea(attrs={"rows": 4}), max_length=20_000
    )
