"""The closed placeholder language of messages: names to texts, and nothing that runs (R14)."""

import re
from collections.abc import Mapping

NAMES = frozenset(
    {
        "incident.number",
        "incident.short_description",
        "incident.priority",
        "incident.stage",
        "incident.subcategory",
        "ci.name",
        "ci.class",
        "ci.address",
        "service.name",
        "group.name",
        "accounts.count",
        "services.count",
        "cases.count",
        "change.number",
        "case.number",
        "account.name",
        "contact.name",
        "notice.next_update",
    }
)
# Linear: no nested quantifier, so no text can make it backtrack.
_PLACEHOLDER = re.compile(r"\{\{ ?([a-z_.]{1,40}) ?\}\}")


def unknown_names(text: str) -> list[str]:
    """Return placeholder names the language does not have, for the form's error."""
    return sorted({name for name in _PLACEHOLDER.findall(text) if name not in NAMES})


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values in; an empty or unknown one stays visible as `[ci.name?]`."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1]) or f"[{match[1]}?]", text)
