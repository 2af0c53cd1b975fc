"""Forms of the dialogs that assign, reopen, cancel and propose."""

from typing import Any

from django import forms
from django.db.models import Count, Prefetch

from core.models import AssignmentGroup, User
from incidents.models import Incident
from workspace.forms.choosing import offered_groups, offered_people


class AssignForm(forms.Form):
    """Group and person, each person with the open incidents they have (ux C.4)."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    assignment_group = forms.ModelChoiceField(
        queryset=AssignmentGroup.objects.none(), empty_label="Choose…", label="Assignment group"
    )
    assigned_to = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        help_text="Only members of the group; leave empty to let the group pick it up.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = offered_groups()
        self.fields["assignment_group"].queryset = groups  # type: ignore[attr-defined]
        self.fields["assigned_to"].choices = [  # type: ignore[attr-defined]
            ("", "(nobody yet)"),
            *people_with_load(list(groups.prefetch_related(Prefetch("members", offered_people())))),
        ]

    def values(self) -> dict[str, Any]:
        """Return what to set on the incident."""
        chosen = self.cleaned_data["assigned_to"]
        user = User.objects.get(pk=chosen) if chosen else None
        return {"assignment_group": self.cleaned_data["assignment_group"], "assigned_to": user}


def people_with_load(groups: list[AssignmentGroup]) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return the offered members of each group as "Ana · 4 open"; reads the loads at once."""
    rows = Incident.objects.open().order_by().values_list("assigned_to").annotate(Count("pk"))
    load: dict[int | None, int] = dict(rows)
    return [
        (
            group.name,
            [
                (user.pk, f"{user} · {load.get(user.pk, 0)} open")
                for user in sorted(group.members.all(), key=str)
            ],
        )
        for group in groups
    ]


class ReasonForm(forms.Form):
    """A verb that needs a reason: reopen, cancel, propose as major."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2_000,
        help_text="Everybody who works on the incident reads it.",
        error_messages={"required": "Say why."},
    )
