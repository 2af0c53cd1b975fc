"""Turn a draft into the field values of the record it is about."""

from dataclasses import dataclass, field
from typing import Any

from cases.choices import CaseChannel
from incidents.choices import Channel
from incidents.models import Incident
from tmf621.drafts import Draft, DraftNote
from tmf621.mapping import Kind, channel_of, level_of, pick, title_from, weight_of
from tmf621.resolving import Things, find_account, find_contact, find_things
from tmf621.words import Words

# Cases know four priorities (C.3).
LOWEST_CASE_PRIORITY = 4


@dataclass
class Meaning:
    """Field values by name, further items, and sentences about what was not understood."""

    values: dict[str, Any] = field(default_factory=dict)
    things: Things = field(default_factory=Things)
    remarks: list[str] = field(default_factory=list)


def meaning_of(draft: Draft, kind: Kind, incident: Incident | None = None) -> Meaning:
    """Return what the draft's attributes mean for an incident or a case.

    In: `incident` is the one to be changed, where it is one; its values stay where the draft
    says nothing.
    """
    meaning = Meaning()
    if draft.name is not None and (title := title_from(draft.name)):
        meaning.values["short_description"] = title
    if draft.description is not None:
        meaning.values["description"] = draft.description
    if kind is Kind.CASE:
        _case_values(draft, meaning.values)
    else:
        _incident_values(draft, meaning, incident)
    _parties(draft, kind, meaning.values)
    return meaning


def title_of(draft: Draft, client: str) -> str:
    """Return the title of a new ticket: its name, else the description's first line."""
    said = (draft.name or "", draft.description or "", f"Trouble ticket of {client}")
    return title_from("\n".join(said))


def fresh_notes(draft: Draft, known: list[dict[str, Any]]) -> list[DraftNote]:
    """Return the notes that are not told already; merge patches repeat those (RFC 7396).

    A known note with another text is a correction: it is added and the first one stays.
    """
    texts = {note["id"]: note["text"] for note in known}
    return [note for note in draft.notes if note.id not in texts or texts[note.id] != note.text]


def _case_values(draft: Draft, values: dict[str, Any]) -> None:
    if draft.severity is not None:
        values["priority"] = min(level_of(draft.severity), LOWEST_CASE_PRIORITY)
    if draft.channel is not None:
        options = dict(CaseChannel.choices)
        values["channel"] = channel_of(draft.channel, options, CaseChannel.WEB)


def _incident_values(draft: Draft, meaning: Meaning, incident: Incident | None) -> None:
    values = meaning.values
    if draft.severity is not None:
        values["impact"], values["urgency"] = weight_of(draft.severity)
    if draft.channel is not None or incident is None:
        options = dict(Channel.choices)
        values["channel"] = channel_of(draft.channel or [], options, Channel.MONITORING)
    if draft.category is not None or draft.sub_category is not None:
        _categories(draft, meaning, incident)
    if draft.entities:
        _things(draft, meaning)


def _things(draft: Draft, meaning: Meaning) -> None:
    things = meaning.things = find_things(draft.entities or [])
    if things.ci is not None:
        meaning.values["ci"] = things.ci
    if things.service is not None:
        meaning.values["service"] = things.service
    meaning.remarks += [f"No configuration item matches “{name}”." for name in things.unknown]


def _categories(draft: Draft, meaning: Meaning, incident: Incident | None) -> None:
    words = Words()
    category = incident.category if incident else ""
    if draft.category is not None:
        category = pick(draft.category, words.categories)
        if draft.category and not category:
            meaning.remarks.append(f"No category matches “{draft.category}”.")
    offered = words.subcategories_of(category)
    kept = incident.subcategory if incident and incident.subcategory in offered else ""
    if draft.sub_category is not None:
        kept = pick(draft.sub_category, offered)
        if draft.sub_category and not kept:
            meaning.remarks.append(f"No sub category matches “{draft.sub_category}”.")
    meaning.values.update(category=category, subcategory=kept)


def _parties(draft: Draft, kind: Kind, values: dict[str, Any]) -> None:
    if not draft.parties:
        return
    account = find_account(draft.parties)
    contact = find_contact(draft.parties, account)
    if account is not None:
        values["account"] = account
    if contact is not None:
        values["contact" if kind is Kind.CASE else "caller"] = contact
