"""Forms that change whom an incident affects."""

from typing import Any

from django import forms

from accounts.models import Account
from cmdb.models import ConfigurationItem


class AddAccountForm(forms.Form):
    """Add an affected account by hand."""

    account = forms.ModelChoiceField(queryset=Account.unscoped.none())
    reason = forms.CharField(
        label="Why is it affected?",
        max_length=160,
        help_text="One line; it stands beside the account and survives every refresh.",
        error_messages={"required": "Say why this customer is affected."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = Account.objects.filter(kind=Account.Kind.ACCOUNT, active=True).order_by("name")
        self.fields["account"].queryset = accounts  # type: ignore[attr-defined]


class ExcludeForm(forms.Form):
    """Leave an account out of proactive cases."""

    reason = forms.CharField(
        label="Why is it left out?",
        max_length=160,
        error_messages={"required": "Say why this customer is not told."},
    )


class AddCIForm(forms.Form):
    """Add an affected item by hand (R91)."""

    ci = forms.ModelChoiceField(
        queryset=ConfigurationItem.unscoped.none(), label="Configuration item"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = ConfigurationItem.objects.filter(ci_class__is_service=False).order_by("name")
        self.fields["ci"].queryset = items  # type: ignore[attr-defined]
