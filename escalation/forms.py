"""Admin forms that turn a typo into a form error instead of a failed run."""

from typing import Any

from django import forms

from escalation.models import Message, SubflowStep
from escalation.placeholders import unknown_names
from escalation.registry import BadOptions, parse_options, step_kind, step_names


class SubflowStepForm(forms.ModelForm[SubflowStep]):
    """A step with its options as JSON, checked against the step's own type."""

    step = forms.ChoiceField()

    class Meta:
        model = SubflowStep
        fields = ["position", "step", "options", "active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(name, f"{name}: {step_kind(name).label}") for name in step_names()]
        self.fields["step"].choices = names  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("step"):
            try:
                parse_options(cleaned["step"], cleaned.get("options") or {})
            except BadOptions as error:
                self.add_error("options", str(error))
        return cleaned


class MessageForm(forms.ModelForm[Message]):
    """A message's text with its placeholders checked (reliability R14)."""

    class Meta:
        model = Message
        fields = ["key", "language", "domain", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 28, "cols": 100})}

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if unknown := unknown_names(text):
            raise forms.ValidationError(f"Unknown placeholders: {', '.join(unknown)}.")
        return text
