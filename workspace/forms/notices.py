"""The form of a message to customers (R117, ux C.4)."""

from typing import Any

from django import forms

from cases.choices import NoticePhase
from cases.wording import ENGLISH, Text
from workspace.forms.once import OncePerDialog

# More recipients than this are confirmed by typing how many there are.
TYPED_ABOVE = 25
LANGUAGES = {"de": "German", "en": "English", "fr": "French", "es": "Spanish", "it": "Italian"}
PROMISES = [
    ("", "Promise nothing"),
    ("15", "in 15 min"),
    ("30", "in 30 min"),
    ("60", "in 1 h"),
    ("120", "in 2 h"),
    ("240", "in 4 h"),
]
# These say that another message follows.
PROMISING = ("acknowledge", "investigating", "update", "mitigated")


class NotifyForm(OncePerDialog):
    """What the selected customers are told, in each language some of them read."""

    cases = forms.CharField(widget=forms.HiddenInput)
    phase = forms.ChoiceField(choices=NoticePhase.choices, widget=forms.HiddenInput)
    subject = forms.CharField(max_length=150, required=False)
    note = forms.CharField(
        label="Message to the customers",
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=20_000,
        error_messages={"required": "Write what the customers should know."},
    )
    next_update = forms.TypedChoiceField(
        choices=PROMISES,
        coerce=int,
        empty_value=None,
        required=False,
        label="Next message",
        help_text="Shown as due on the incident and on home, for whoever is on shift then.",
    )
    accept = forms.CharField(required=False, max_length=16)
    typed_count = forms.IntegerField(required=False, min_value=0, label="Type how many are told")

    def __init__(self, *args: Any, languages: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = [language for language in languages if language != ENGLISH]
        for language in self.others:
            name = LANGUAGES.get(language, language)
            self.fields[f"subject_{language}"] = forms.CharField(
                max_length=150, required=False, label=f"Subject in {name}"
            )
            self.fields[f"note_{language}"] = forms.CharField(
                label=f"Message in {name}",
                widget=forms.Textarea(attrs={"rows": 8}),
                max_length=20_000,
                required=False,
                help_text="Left empty, these customers read the English one.",
            )

    def clean_cases(self) -> list[int]:
        return ids_from(self.cleaned_data["cases"])

    def in_other_languages(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the pairs of subject and message beside the English one."""
        return [(self[f"subject_{each}"], self[f"note_{each}"]) for each in self.others]


def ids_from(text: str) -> list[int]:
    """Return the case ids of a hidden field; raises `ValidationError` for anything else."""
    parts = text.split(",")
    if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        raise forms.ValidationError("Select at least one case.")
    return [int(part) for part in parts]


def texts_in(values: dict[str, Any], languages: list[str]) -> dict[str, Text]:
    """Return the texts of a form's values by language; an empty other language is left out."""
    texts = {ENGLISH: Text(values.get("subject") or "", values.get("note") or "")}
    for language in languages:
        body = values.get(f"note_{language}") or ""
        if language != ENGLISH and body.strip():
            texts[language] = Text(values.get(f"subject_{language}") or "", body)
    return texts


def values_of(texts: dict[str, Text]) -> dict[str, str]:
    """Return texts as the form's values."""
    values: dict[str, str] = {}
    for language, text in texts.items():
        end = "" if language == ENGLISH else f"_{language}"
        values |= {f"subject{end}": text.subject, f"note{end}": text.body}
    return values
