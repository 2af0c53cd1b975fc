"""Forms that are sent twice and done once."""

from typing import Any

from django import forms
from django.utils.crypto import get_random_string


class OncePerDialog(forms.Form):
    """A form whose second press finds what the first one started."""

    request_key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["request_key"].initial = get_random_string(20)
