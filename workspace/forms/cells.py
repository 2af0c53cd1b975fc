"""The small form that changes one cell of a list."""

from typing import Any

from django import forms

from cases.models import Case
from cases.queries import MOVES
from core.models import Priority
from incidents.choices import Level
from incidents.models import Incident
from incidents.queries import next_states
from workspace.forms.choosing import offered_groups, offered_people

# These states ask for more than a cell can: their dialogs open instead.
WITH_DIALOG = ("on_hold", "resolved", "closed", "canceled")


class CellForm(forms.Form):
    """The value of one column, with what the user saw: the version and the value."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, record: Any, column: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record, self.column = record, column
        self.fields.update(FIELDS[column](record))
        self.names = [name for name in self.fields if name not in ("version", "seen")]
        self.initial.update({"version": record.version, "seen": self.seen_now()})
        for name in self.names:
            value = getattr(record, name)
            self.initial[name] = getattr(value, "pk", value)
        if column == "priority":
            self.fields["reason"] = forms.CharField(required=False, max_length=200)

    def seen_now(self) -> str:
        """Return the values the cell stands for, to tell whether they moved on."""
        values = [getattr(self.record, name) for name in self.names]
        return "/".join(str(getattr(value, "pk", value)) for value in values)

    def values(self) -> dict[str, Any]:
        """Return the values to hand to the action."""
        return {name: self.cleaned_data[name] for name in self.names}


def _priority(record: Any) -> dict[str, forms.Field]:
    if isinstance(record, Incident):
        return {
            name: forms.TypedChoiceField(choices=Level.choices, coerce=int, label=label)
            for name, label in (("impact", "Impact"), ("urgency", "Urgency"))
        }
    return {"priority": forms.TypedChoiceField(choices=Priority.choices, coerce=int)}


def _state(record: Any) -> dict[str, forms.Field]:
    here = [(record.state, record.get_state_display())]
    if isinstance(record, Incident):
        there = next_states(record.state)
    else:
        labels = dict(Case._meta.get_field("state").choices or ())
        there = [(state, str(labels[state])) for state in MOVES.get(record.state, ())]
    return {
        "state": forms.ChoiceField(choices=here + [s for s in there if s[0] not in WITH_DIALOG])
    }


def _group(record: Any) -> dict[str, forms.Field]:
    return {
        "assignment_group": forms.ModelChoiceField(
            offered_groups(), required=False, label="Assignment group", empty_label="(empty)"
        )
    }


def _assignee(record: Any) -> dict[str, forms.Field]:
    people = offered_people().order_by("username")
    if record.assignment_group_id:
        people = people.filter(assignment_groups=record.assignment_group_id)
    return {
        "assigned_to": forms.ModelChoiceField(
            people, required=False, label="Assigned to", empty_label="(empty)"
        )
    }


FIELDS = {"priority": _priority, "state": _state, "group": _group, "assignee": _assignee}
