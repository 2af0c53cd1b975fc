"""What a bulk act or an edit in a list asks for; `plain_values` fits into a stored job."""

from typing import Any

from django import forms

from cases.choices import OPEN_CASE_STATES
from core.models import AssignmentGroup, User
from incidents.choices import HoldReason, State
from workspace.forms.choosing import offered_groups, offered_people

NOTE = forms.Textarea(attrs={"rows": 4})


class PlainForm(forms.Form):
    """A form whose values are plain: records by their ids."""

    def plain_values(self) -> dict[str, Any]:
        """Return the cleaned values, records as ids."""
        return {name: getattr(v, "pk", v) for name, v in self.cleaned_data.items()}


class AssignForm(PlainForm):
    """Group and person; what stays empty is left as it is."""

    group = forms.ModelChoiceField(
        AssignmentGroup.objects.none(), required=False, empty_label="(as it is)"
    )
    assignee = forms.ModelChoiceField(
        User.objects.none(), required=False, label="Assigned to", empty_label="(as it is)"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups, people = self.fields["group"], self.fields["assignee"]
        groups.queryset = offered_groups()  # type: ignore[attr-defined]
        people.queryset = offered_people().order_by("username")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        group, person = cleaned.get("group"), cleaned.get("assignee")
        if not self.errors and not group and not person:
            raise forms.ValidationError("Choose a group or a person.")
        if group and person and not group.has_member(person):
            self.add_error("assignee", f"{person} is not a member of {group}.")
        return cleaned


class IncidentStateForm(PlainForm):
    """A state that needs no more than a reason; Resolve has its own dialog."""

    state = forms.ChoiceField(
        choices=[(s.value, s.label) for s in (State.IN_PROGRESS, State.ON_HOLD, State.NEW)]
    )
    hold_reason = forms.ChoiceField(
        label="Waiting for",
        required=False,
        choices=[("", "(nothing)"), *(c for c in HoldReason.choices if c[0] != HoldReason.CALLER)],
        help_text="Needed for On Hold.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("state") == State.ON_HOLD and not cleaned.get("hold_reason"):
            self.add_error("hold_reason", "Say what the incidents wait for.")
        return cleaned


class CaseStateForm(PlainForm):
    """A state that needs no reason; resolving and closing have their own dialog."""

    state = forms.ChoiceField(choices=[(s.value, s.label) for s in OPEN_CASE_STATES[1:]])


class EscalateNoteForm(PlainForm):
    """The note that goes up with every incident (R50)."""

    notes = forms.CharField(label="Note for the next level", widget=NOTE, max_length=20_000)


class CustomerNoteForm(PlainForm):
    """What the customers are told (R117)."""

    note = forms.CharField(label="Message to the customers", widget=NOTE, max_length=20_000)
