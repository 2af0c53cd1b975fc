"""Forms of the subflow pages; those of steps are built from the steps' own options."""

from typing import Any

from django import forms

from core.models import AssignmentGroup
from escalation.checking import step_problem
from escalation.conditions import OPERATORS, BadCondition, Condition
from escalation.designs import StepDesign
from escalation.facts import known_facts
from escalation.registry import Option, StepKind, step_kind, step_names
from escalation.steps import offered
from incidents.models import Incident, Subcategory

CONDITIONS = 3


class NewSubflowForm(forms.Form):
    """Name and key of a new subflow."""

    name = forms.CharField(
        max_length=120, help_text="Such as MPLS Circuit down - L1; people read it in streams."
    )
    key = forms.SlugField(
        max_length=80, help_text="Small letters, digits and _; other subflows call it by this."
    )


class PublishForm(forms.Form):
    """What is new in a version."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    comment = forms.CharField(
        label="What is new",
        max_length=240,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what is new; the next one who looks will ask."},
    )


class SettingsForm(forms.Form):
    """Everything of a draft that is no step."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    stage = forms.ChoiceField(
        required=False, help_text="The stage it stands for; empty for one that is only called."
    )
    subcategory = forms.ChoiceField(
        label="Sub category",
        required=False,
        help_text="Its Resolution and Resume find it by this.",
    )
    group = forms.ChoiceField(
        required=False, help_text="The group of the decision table's row wins over this one."
    )
    message_key = forms.CharField(
        label="Message",
        required=False,
        max_length=120,
        help_text="The key of the instructions it posts, such as mpls.circuit_down.l1.",
    )
    escalate_after = forms.IntegerField(
        label="Escalate after",
        required=False,
        min_value=1,
        max_value=100_000,
        help_text="Minutes until psew escalates by itself, unless on hold; empty: people do.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = Subcategory.objects.select_related("category").order_by("category__order", "order")
        subcategories = [(row.value, f"{row.category.label}: {row.label}") for row in kinds]
        groups = AssignmentGroup.objects.order_by("name").values_list("name", "name")
        self._offer("stage", offered.stages())
        self._offer("subcategory", subcategories)
        self._offer("group", list(groups))

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        now = self.get_initial_for_field(self.fields[name], name)
        gone = [(now, f"{now} (gone)")] if now and now not in dict(choices) else []
        self.fields[name].choices = [("", "(none)"), *choices, *gone]  # type: ignore[attr-defined]


class StepForm(forms.Form):
    """The options of one step and the conditions under which it is done."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: StepKind, step: StepDesign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.names = [each.name for each in kind.fields()]
        for each in kind.fields():
            field = _option_field(each, step.options.get(each.name, each.default))
            self.fields[f"option_{each.name}"] = field
        facts = [("", "(always)"), *((fact.name, fact.label) for fact in known_facts())]
        for n in range(CONDITIONS):
            known = step.conditions[n] if n < len(step.conditions) else None
            self._ask_condition(n, known, facts)

    def _ask_condition(self, n: int, known: Condition | None, facts: list[tuple[str, str]]) -> None:
        label = "Only if" if n == 0 else "and"
        self.fields[f"fact_{n}"] = forms.ChoiceField(
            label=label, choices=facts, required=False, initial=known.fact if known else ""
        )
        self.fields[f"operator_{n}"] = forms.ChoiceField(
            label="compares",
            choices=list(OPERATORS.items()),
            required=False,
            initial=known.operator if known else "is",
        )
        self.fields[f"value_{n}"] = forms.CharField(
            label="with", required=False, max_length=200, initial=known.value if known else ""
        )

    def option_fields(self) -> list[forms.BoundField]:
        """Return the fields of the options."""
        return [self[f"option_{name}"] for name in self.names]

    def condition_rows(self) -> list[list[forms.BoundField]]:
        """Return the fields of the conditions, three to a row."""
        parts = ("fact", "operator", "value")
        return [[self[f"{part}_{n}"] for part in parts] for n in range(CONDITIONS)]

    def clean(self) -> dict[str, Any]:
        """Check the step as publishing does, so that a typo is a form error."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        try:
            problem = step_problem(self.step())
        except BadCondition as error:
            problem = str(error)
        if problem:
            self.add_error(None, problem)
        return cleaned

    def step(self) -> StepDesign:
        """Return the step as it was typed; raises `BadCondition`."""
        data = self.cleaned_data
        options = {name: data[f"option_{name}"] for name in self.names}
        conditions = tuple(
            Condition(data[f"fact_{n}"], data[f"operator_{n}"] or "is", data[f"value_{n}"])
            for n in range(CONDITIONS)
            if data[f"fact_{n}"]
        )
        given = {name: value for name, value in options.items() if value is not None}
        return StepDesign(self.kind.name, given, conditions)


class TryForm(forms.Form):
    """On which incident a dry run is done."""

    incident = forms.CharField(max_length=20, help_text="Its number, such as INC0010001.")
    draft = forms.BooleanField(
        label="Try the draft instead of what runs", required=False, initial=True
    )

    def __init__(self, *args: Any, has_draft: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_draft:
            del self.fields["draft"]

    def clean_incident(self) -> Incident:
        """Return the incident the person sees under this number."""
        number = self.cleaned_data["incident"].strip()
        found = Incident.objects.filter(number__iexact=number).first()
        if found is None:
            raise forms.ValidationError(f"There is no incident {number}.")
        return found


def step_choices() -> list[tuple[str, str]]:
    """Return every step one may add, by its title."""
    return sorted(((n, step_kind(n).title) for n in step_names()), key=lambda each: each[1])


def _option_field(each: Option, value: Any) -> forms.Field:
    common: dict[str, Any] = {
        "label": each.label,
        "help_text": each.help,
        "required": each.required,
        "initial": value,
    }
    if each.choices is not None:
        choices = each.choices()
        gone = [(value, f"{value} (gone)")] if value and value not in dict(choices) else []
        blank = [] if each.required or each.default else [("", "(none)")]
        return forms.ChoiceField(choices=[*blank, *choices, *gone], **common)
    if each.type is bool:
        return forms.BooleanField(**{**common, "required": False})
    if each.type is int:
        return forms.IntegerField(**common)
    widget = forms.Textarea(attrs={"rows": 3}) if each.long else forms.TextInput()
    return forms.CharField(widget=widget, max_length=2_000, **common)
