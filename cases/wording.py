"""Words of a message for one recipient: subject and body, language, placeholders. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from escalation.placeholders import fill

ENGLISH = "en"
# What differs from customer to customer.
PERSONAL = ("case.number", "account.name", "contact.name")
NEXT_UPDATE = "notice.next_update"
_SUBJECT = re.compile(r"\ASubject:[ \t]*(?P<subject>[^\r\n]*)\r?\n\s*")
_EMPTY = re.compile(r"\[([a-z_.]{1,40})\?\]")


@dataclass(frozen=True, slots=True)
class Text:
    """A subject and a body."""

    subject: str
    body: str

    def filled(self, values: Mapping[str, str]) -> "Text":
        """Return the text with its placeholders filled in."""
        return Text(fill(self.subject, values), fill(self.body, values))

    @property
    def whole(self) -> str:
        return f"{self.subject}\n{self.body}"


Texts = Mapping[str, Text]


def from_template(text: str) -> Text:
    """Return a template as subject and body; its first line may be `Subject: …`."""
    found = _SUBJECT.match(text)
    if found is None:
        return Text("", text.strip())
    return Text(found["subject"].strip(), text[found.end() :].strip())


def texts_from(stored: Mapping[str, Mapping[str, str]]) -> dict[str, Text]:
    """Return what a notice keeps as texts by language."""
    return {name: Text(each["subject"], each["body"]) for name, each in stored.items()}


def text_for(texts: Texts, language: str) -> Text:
    """Return the text in a language, else the English one, else whichever there is."""
    return texts.get(language) or texts.get(ENGLISH) or next(iter(texts.values()))


def empty_names(text: str) -> list[str]:
    """Return the placeholders of a filled text that had no value."""
    return sorted(set(_EMPTY.findall(text)))


def for_everybody(text: Text, facts: Mapping[str, str]) -> Text:
    """Return the text with what is the same for all filled in; the rest stays a placeholder."""
    return text.filled({**facts, **{name: "{{ " + name + " }}" for name in PERSONAL}})
