"""The form of a person's preferences."""

from typing import Any

from django import forms

from core.models import User
from workspace.preferences import COMMANDS, HOMES, LANDINGS, Preferences, clashes, is_key, zones


def zone_choices() -> list[tuple[str, str]]:
    """Return UTC and every zone of a place, as a person reads it."""
    places = (name for name in sorted(zones()) if "/" in name)
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in places)]


class PreferencesForm(forms.Form):
    """All choices on one page; keys are fields of their own, one for each command."""

    theme = forms.ChoiceField(choices=User.Theme.choices)
    density = forms.ChoiceField(choices=User.Density.choices)
    motion = forms.ChoiceField(
        choices=[("system", "As the system"), ("reduced", "Reduced")],
        help_text="Reduced: nothing fades or slides.",
    )
    toasts = forms.ChoiceField(
        label="Messages",
        choices=[("fade", "Leave after six seconds"), ("stay", "Stay until dismissed")],
        help_text="Errors always stay.",
    )
    zone = forms.ChoiceField(
        label="Time zone",
        choices=zone_choices,
        help_text="Moments are shown in this zone, with UTC beside it.",
    )
    landing = forms.ChoiceField(label="First page", choices=LANDINGS, required=False)
    facets = forms.ChoiceField(
        label="Values with counts beside lists",
        choices=[("hidden", "Hidden"), ("beside", "Left of the list")],
        required=False,
    )
    home = forms.ChoiceField(label="Panels of home", choices=HOMES, required=False)
    single_keys = forms.ChoiceField(
        label="Single-key shortcuts",
        choices=[("on", "On"), ("off", "Off")],
        help_text="Off: only Ctrl K, Ctrl Enter and Esc act.",
    )

    def __init__(self, *args: Any, chosen: Preferences, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, command in enumerate(COMMANDS):
            self.fields[f"key_{number}"] = forms.CharField(
                label=f"{command.label} ({command.where})",
                max_length=1,
                strip=False,
                initial=chosen.keys.get(command.key, command.key),
                widget=forms.TextInput(attrs={"size": 2, "class": "key", "autocapitalize": "none"}),
            )

    def key_fields(self) -> list[forms.BoundField]:
        """Return the fields of the keys."""
        return [self[f"key_{number}"] for number in range(len(COMMANDS))]

    def plain_fields(self) -> list[forms.BoundField]:
        """Return the other fields."""
        return [self[name] for name in self.fields if not name.startswith("key_")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for number in range(len(COMMANDS)):
            key = data.get(f"key_{number}")
            if key is not None and not is_key(key):
                self.add_error(f"key_{number}", "Type one character; g, ? and space are taken.")
        twice = clashes(self._keys(data))
        if twice and not self.errors:
            raise forms.ValidationError(f"Two commands would share the key {', '.join(twice)}.")
        return data

    def chosen(self) -> Preferences:
        """Return what was chosen; call it on a valid form."""
        data = self.cleaned_data
        keys = {old: new for old, new in self._keys(data).items() if old != new}
        return Preferences(
            motion=data["motion"],
            toasts=data["toasts"],
            single_keys=data["single_keys"],
            zone=data["zone"],
            landing=data["landing"],
            home=data["home"],
            facets=data["facets"] or "hidden",
            keys=keys,
        )

    def _keys(self, data: dict[str, Any]) -> dict[str, str]:
        named = {command.key: data.get(f"key_{n}") for n, command in enumerate(COMMANDS)}
        return {old: new for old, new in named.items() if new}
