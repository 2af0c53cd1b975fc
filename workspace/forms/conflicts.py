"""Two people change one record: what only one of them changed is kept, the rest is asked for.

The page carries the value each field had when it was shown (`show_hidden_initial`). With what was
typed and what is stored now that makes three, and nobody's words are lost (ux C.2 11).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict

from incidents.models import Incident, IncidentEntry
from workspace.forms.incidents import IncidentForm

THEIRS, MINE = "theirs", "mine"
SENTENCE = "Somebody else changed the same fields: it was changed by somebody else in the meantime."
LOOKED_AT = 30


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field both have changed: what is stored now, and who stored it when, if it is known."""

    value: str
    who: str
    at: datetime | None


def with_picks(data: QueryDict) -> QueryDict:
    """Return what was typed, with the stored value where somebody picked it."""
    picked = data.copy()
    for key in data:
        name = key.removeprefix("pick-")
        if key.startswith("pick-") and data[key] == THEIRS and f"initial-{name}" in data:
            picked.setlist(name, data.getlist(f"initial-{name}"))
    return picked


def merged(form: IncidentForm, incident: Incident) -> tuple[IncidentForm, list[str]]:
    """Return the form as it holds against what is stored now, and the labels others changed.

    In: a valid form. Out: the same form where nobody was faster or in the way; otherwise one that
    knows the newer values, keeps what was typed, and has an error per field both changed.
    """
    seen = form.cleaned_data.get("version")
    if seen is None or seen == incident.version:
        return form, []
    mine = [name for name in form.changed_data if name != "version"]
    others = [name for name in form.fields if name != "version" and _moved(form, name)]
    asked = [name for name in others if name in mine and _typed(form, name) != _stored(form, name)]
    rebased = _rebased(form, incident, keep=mine)
    rebased.full_clean()
    if asked:
        _ask(rebased, asked, incident)
    return rebased, [str(form[name].label) for name in others if name not in asked]


def _moved(form: IncidentForm, name: str) -> bool:
    """Tell whether the stored value is another than when the page was shown."""
    base = form.data.get(f"initial-{name}")
    if base is None:
        # The page said nothing of it: whoever sends the field may be overwriting.
        return name in form.data and _typed(form, name) != _stored(form, name)
    return _plain(base) != _stored(form, name)


def _typed(form: IncidentForm, name: str) -> str:
    return _plain(form.data.get(name, ""))


def _stored(form: IncidentForm, name: str) -> str:
    return _plain(_raw(form, name))


def _raw(form: IncidentForm, name: str) -> str:
    field = form.fields[name]
    value = field.prepare_value(form.get_initial_for_field(field, name))
    return "" if value is None else str(value)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _rebased(form: IncidentForm, incident: Incident, *, keep: Iterable[str]) -> IncidentForm:
    kept = set(keep)
    typed: Any = form.data
    data = typed.copy()
    for name in form.fields:
        if name == "version":
            continue
        data[f"initial-{name}"] = _raw(form, name)
        if name not in kept:
            data[name] = _raw(form, name)
    data["version"] = str(incident.version)
    return IncidentForm(data, instance=incident)


def _ask(form: IncidentForm, names: Iterable[str], incident: Incident) -> None:
    changes = _latest_changes(incident)
    for name in names:
        who, at = changes.get(name, ("", None))
        bound: Any = form[name]
        bound.conflict = Conflict(_shown(form.fields[name], _raw(form, name)), who, at)
        form.add_error(name, "Somebody else changed it too. Choose which one holds.")
    form.add_error(None, SENTENCE)


def _shown(field: forms.Field, raw: str) -> str:
    """Return a stored value as people read it."""
    if isinstance(field, forms.ModelChoiceField):
        records: Any = field.queryset
        return str((records.filter(pk=raw).first() if raw else None) or "")
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return _label(choices, raw)
    return raw


def _label(choices: Iterable[Any], raw: str) -> str:
    for value, label in choices:
        if isinstance(label, list | tuple):
            found = _label(label, raw)
            if found:
                return found
        elif str(value) == raw:
            return str(label) if raw else ""
    return ""


def _latest_changes(incident: Incident) -> Mapping[str, tuple[str, datetime | None]]:
    """Return who changed each field last, and when, as far back as is looked at."""
    kind = IncidentEntry.Kind.CHANGE
    entries = IncidentEntry.objects.filter(incident=incident, kind=kind).order_by("-pk")
    found: dict[str, tuple[str, datetime | None]] = {}
    for entry in entries[:LOOKED_AT]:
        for change in entry.changes:
            found.setdefault(change["field"], (entry.actor_name, entry.created_at))
    return found
