"""Forms that shape a list."""

from typing import Any

from django import forms

from core.models import AssignmentGroup, User
from workspace.lists.conditions import OPERATORS, BadValue, Condition, operators_of, understood
from workspace.lists.definition import Field, ListPage
from workspace.lists.saving import PUBLISH


class FilterForm(forms.Form):
    """Operator and value of one filter."""

    operator = forms.ChoiceField(label="Comparison")
    value = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, field: Field, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filtered = field
        self.fields["operator"].choices = [(o.key, o.label) for o in operators_of(field)]  # type: ignore[attr-defined]
        choices = dict(field.choices) or (
            {"yes": "Yes", "no": "No"} if field.kind == "flag" else {}
        )
        several = {key: label for key, label in choices.items() if key}
        if field.kind == "moment":
            self.fields["value"].widget = forms.DateTimeInput(attrs={"type": "datetime-local"})
        elif field.kind == "flag":
            self.fields["value"].widget = forms.Select(choices=list(choices.items()))
        elif several:
            self.fields["value"] = forms.MultipleChoiceField(
                choices=list(several.items()),
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        else:
            self.fields["value"].help_text = "Several values are parted by commas."

    def condition(self) -> Condition:
        """Return the filter that was asked for."""
        value = self.cleaned_data["value"]
        text = ",".join(value) if isinstance(value, list) else value.strip()
        operator = self.cleaned_data["operator"]
        return Condition(self.filtered, operator, "1" if OPERATORS[operator].valueless else text)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        condition = self.condition()
        if not condition.value:
            self.add_error("value", "Say what to compare with.")
        elif not OPERATORS[condition.operator].valueless:
            try:
                understood(condition)
            except BadValue as error:
                self.add_error("value", str(error))
        return cleaned


class ViewForm(forms.Form):
    """A name for a view and who sees it."""

    name = forms.CharField(max_length=60)
    audience = forms.ChoiceField(label="Who sees it")
    usual = forms.BooleanField(required=False, label="Open this list with it")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("me", "Only you")]
        if user.has_perm(PUBLISH):
            groups = user.assignment_groups.filter(active=True).order_by("name")
            choices += [(str(pk), name) for pk, name in groups.values_list("pk", "name")]
            choices.append(("all", "Everybody"))
        self.fields["audience"].choices = choices  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return the values `keep_view` takes."""
        audience = self.cleaned_data["audience"]
        group = AssignmentGroup.objects.get(pk=audience) if audience.isdigit() else None
        return {
            "name": self.cleaned_data["name"],
            "usual": self.cleaned_data["usual"],
            "public": audience == "all",
            "group": group,
        }


def order_of(page: ListPage, asked: str) -> tuple[list[str], set[str]]:
    """Return all columns but the first, the asked ones in front, and which are shown."""
    known = [column.key for column in page.columns[1:]]
    chosen = [key for key in dict.fromkeys(asked.split(",")) if key in known]
    shown = set(chosen) or {column.key for column in page.usual_columns()[1:]}
    return [*chosen, *(key for key in known if key not in chosen)], shown


def moved(order: list[str], up: str, down: str) -> list[str]:
    """Return the order with one column moved by one place."""
    order = list(order)
    for key, step in ((up, -1), (down, 1)):
        if key in order:
            place = order.index(key)
            other = min(len(order) - 1, max(0, place + step))
            order[place], order[other] = order[other], order[place]
    return order
