"""Forms about incidents; they check what people typed, actions check what is allowed."""

from typing import Any

from django import forms
from django.db import models
from django.utils.text import capfirst

from accounts.models import Account, Contact, Location
from changes.models import ChangeRequest
from cmdb.models import ConfigurationItem, ServiceOffering
from incidents.choices import HoldReason, ResolutionCode
from incidents.models import Category, Incident, Problem, Subcategory
from incidents.queries import next_states
from workspace.forms.choosing import offered_groups, offered_people
from workspace.forms.once import OncePerDialog

SECTIONS = (
    ("Incident", ("short_description", "description", "account", "caller", "location", "channel")),
    ("Classification", ("category", "subcategory", "impact", "urgency", "state", "hold_reason")),
    ("Impact", ("ci", "service", "service_offering", "business_impact")),
    ("Assignment", ("assignment_group", "assigned_to")),
    ("Related records", ("change_request", "caused_by_change", "problem", "parent")),
)


def field_of(db_field: models.Field[Any, Any], **kwargs: Any) -> forms.Field | None:
    """Offer no records yet: which ones the user may choose is known per request only."""
    if isinstance(db_field, models.ForeignKey):
        return forms.ModelChoiceField(
            queryset=db_field.remote_field.model._base_manager.none(),
            required=not db_field.blank,
            label=capfirst(str(db_field.verbose_name)),
            help_text=db_field.help_text,
            empty_label="(empty)",
        )
    field: forms.Field | None = db_field.formfield(**kwargs)
    return field


class IncidentForm(forms.ModelForm[Incident]):
    """The Details tab and the New page (R1-R26)."""

    category = forms.ChoiceField(required=False)
    subcategory = forms.ChoiceField(required=False, label="Sub category")
    state = forms.ChoiceField(required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Incident
        formfield_callback = field_of
        fields = [name for _, names in SECTIONS for name in names if name != "state"]
        widgets = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "business_impact": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_records()
        self._offer_choices()
        if not self.instance.pk:
            for name in ("state", "hold_reason", "parent", "problem"):
                del self.fields[name]
        else:
            self.fields["state"].choices = [  # type: ignore[attr-defined]
                (self.instance.state, self.instance.get_state_display()),
                *next_states(self.instance.state),
            ]
            self.initial["state"] = self.instance.state
            self.initial["version"] = self.instance.version
            # The page remembers what it showed, so that two people's changes can be told apart.
            for name, field in self.fields.items():
                field.show_hidden_initial = name != "version"

    def _offer_records(self) -> None:
        querysets: dict[str, Any] = {
            "account": Account.objects.order_by("name"),
            "caller": Contact.objects.order_by("name"),
            "location": Location.objects.order_by("name"),
            "ci": ConfigurationItem.objects.filter(ci_class__is_service=False).order_by("name"),
            "service": ConfigurationItem.objects.filter(ci_class__is_service=True).order_by("name"),
            "service_offering": ServiceOffering.objects.order_by("name"),
            "assignment_group": offered_groups(),
            "assigned_to": offered_people(),
            "problem": Problem.objects.order_by("-opened_at"),
            "parent": Incident.objects.open().order_by("-opened_at"),
            "change_request": ChangeRequest.objects.order_by("-opened_at"),
            "caused_by_change": ChangeRequest.objects.order_by("-opened_at"),
        }
        for name, queryset in querysets.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]

    def _offer_choices(self) -> None:
        categories = Category.objects.filter(active=True).order_by("order", "label")
        self.fields["category"].choices = [  # type: ignore[attr-defined]
            ("", "(none)"),
            *categories.values_list("value", "label"),
        ]
        groups: dict[str, list[tuple[str, str]]] = {}
        rows = Subcategory.objects.filter(active=True).order_by("order", "label")
        for category, value, label in rows.values_list("category__label", "value", "label"):
            groups.setdefault(category, []).append((value, label))
        self.fields["subcategory"].choices = [("", "(none)"), *groups.items()]  # type: ignore[attr-defined]

    def changed_values(self) -> dict[str, Any]:
        """Return the values to hand to the action: all for a new record, else the changed ones."""
        names = self.changed_data if self.instance.pk else list(self.fields)
        skip = {"version", "short_description"} if not self.instance.pk else {"version"}
        return {n: self.cleaned_data[n] for n in names if n in self.cleaned_data and n not in skip}

    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields in their sections, as the page shows them."""
        return [(title, [self[n] for n in names if n in self.fields]) for title, names in SECTIONS]

    def _post_clean(self) -> None:
        """Leave the instance alone: actions change records, forms only read what was typed."""


class NoteForm(OncePerDialog):
    """The composer: a work note or a customer comment."""

    kind = forms.ChoiceField(choices=[("work_note", "Work note"), ("comment", "Customer comment")])
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=20_000)
    # Whom the label named when it was written.
    audience = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)


class EscalateForm(forms.Form):
    """Capture notes for the escalation (R50)."""

    seen_stage = forms.CharField(widget=forms.HiddenInput, required=False)
    notes = forms.CharField(
        label="Note for the next level",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=20_000,
        help_text="What you found, what you tried, what you suspect. It closes your task.",
        error_messages={"required": "Write a note for the next level."},
    )


RESOLUTION_CODES = [c for c in ResolutionCode.choices if c[0] != ResolutionCode.REJECTED]


class ResolveForm(forms.Form):
    """Resolution code and notes, both mandatory (R26, R110)."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    code = forms.ChoiceField(label="Resolution code", choices=[("", "Choose…"), *RESOLUTION_CODES])
    notes = forms.CharField(
        label="Resolution notes", widget=forms.Textarea(attrs={"rows": 4}), max_length=20_000
    )
    probable_cause = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=20_000
    )
    tell = forms.BooleanField(
        required=False,
        label="Tell the customers that it is restored",
        help_text="Leaves with the time to undo it, like every message to customers.",
    )


class CauseForm(forms.Form):
    """The Cause tab (R25)."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    probable_cause = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 6}), max_length=20_000
    )


class HoldForm(forms.Form):
    """Put on hold with its mandatory reason (C.1)."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    hold_reason = forms.ChoiceField(
        label="Waiting for", choices=[("", "Choose…"), *HoldReason.choices]
    )
    follow_up_at = forms.DateTimeField(
        label="Follow up",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="When to look at it again.",
    )
    comment = forms.CharField(
        required=False,
        label="Comment to the customer",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Mandatory when you wait for the caller.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("hold_reason") == HoldReason.CALLER and not cleaned.get("comment"):
            self.add_error("comment", "Tell the caller what you wait for.")
        return cleaned
