"""Admin forms that turn a typo into a form error instead of a failed run."""

from typing import Any

from django import forms

from escalation.models import Message
from escalation.placeholders import unknown_names


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

    def clean(self) -> dict[str, Any]:
        """Find a message of the same key in other letters, which the database lets pass."""
        cleaned = super().clean() or {}
        if self.instance.pk is None and {"key", "language"} <= set(cleaned):
            there = Message.objects.filter(key__iexact=cleaned["key"])
            if there.filter(language=cleaned["language"], domain=cleaned.get("domain")).exists():
                self.add_error("key", "There is such a message already; edit that one.")
        return cleaned
