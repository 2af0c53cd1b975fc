"""Read TMF621 v4 bodies into drafts."""

from typing import Any

from tmf621.drafts import Draft, DraftNote, Reference
from tmf621.errors import BadAttribute, BadBody, MissingAttribute
from tmf621.mapping import squash
from tmf621.shapes import check_attribute

REQUIRED = ("description", "severity", "ticketType")
# Told by psew alone. A create ignores them; a patch may only repeat what is true.
SERVER_OWNED = frozenset(
    {
        "id",
        "href",
        "number",
        "stage",
        "creationDate",
        "lastUpdate",
        "statusChange",
        "statusChangeDate",
        "resolutionDate",
    }
)
# The client's priority is a hint psew does not take: severity decides (tmf.md §3.2).
IGNORED = frozenset({"priority"})
_FIELDS = {
    "name": "name",
    "description": "description",
    "severity": "severity",
    "ticketType": "ticket_type",
    "externalId": "external_id",
    "status": "status",
    "statusChangeReason": "reason",
}
LONGEST_ATTACHMENT_ID = 80
_CHARACTERISTICS = ("troubleTicketCharacteristic", "characteristic")


def read_create(body: Any) -> Draft:
    """Return what a POST asks for; raises the TMF error of the first thing that is wrong."""
    attributes = {k: v for k, v in _object(body).items() if v is not None}
    for name in REQUIRED:
        if name not in attributes:
            raise MissingAttribute(f"{name}: this field is required.")
    checked = {name: check_attribute(name, value) for name, value in attributes.items()}
    return _draft({k: v for k, v in checked.items() if k not in SERVER_OWNED})


def read_patch(body: Any, current: dict[str, Any]) -> Draft:
    """Return what a merge patch asks for; `current` is the ticket as it is told now."""
    changes: dict[str, Any] = {}
    for name, value in _object(body).items():
        if name in SERVER_OWNED:
            _check_repeated(name, value, current)
        elif value is None:
            _check_removable(name)
            changes[name] = None
        else:
            changes[name] = check_attribute(name, value)
    return _draft(changes)


def _object(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise BadBody("The body must be a JSON object.")
    return body


def _check_repeated(name: str, value: Any, current: dict[str, Any]) -> None:
    if value != current.get(name):
        raise BadAttribute(f"{name}: this is set by the system and cannot be changed.")


def _check_removable(name: str) -> None:
    if name in (*REQUIRED, "status"):
        raise BadAttribute(f"{name}: this cannot be removed.")


def _draft(attributes: dict[str, Any]) -> Draft:
    draft = Draft()
    for name, value in attributes.items():
        if name in _FIELDS:
            setattr(draft, _FIELDS[name], value or "")
        elif name == "note":
            draft.notes = [_note(item) for item in value or []]
        elif name == "attachment":
            draft.attachments = [_attachment(item) for item in value or []]
        elif name not in IGNORED:
            draft.extra[name] = value
    _read_meaning(draft, attributes)
    return draft


def _read_meaning(draft: Draft, attributes: dict[str, Any]) -> None:
    if "channel" in attributes:
        draft.channel = _words(attributes["channel"] or {}, "id", "name")
    if "relatedEntity" in attributes:
        draft.entities = [_reference(item) for item in attributes["relatedEntity"] or []]
    if "relatedParty" in attributes:
        draft.parties = [_reference(item) for item in attributes["relatedParty"] or []]
    named = _characteristics(attributes)
    draft.category = _first(attributes, "category", named)
    draft.sub_category = _first(attributes, "subCategory", named)


def _first(attributes: dict[str, Any], name: str, named: dict[str, str]) -> str | None:
    if name in attributes:
        return attributes[name] or ""
    return named.get(squash(name))


def _characteristics(attributes: dict[str, Any]) -> dict[str, str]:
    """Return name → text of the characteristics, whichever way the client spells the list."""
    found: dict[str, str] = {}
    for key in _CHARACTERISTICS:
        items = attributes.get(key)
        for item in items if isinstance(items, list) else []:
            if isinstance(item, dict) and isinstance(item.get("value"), str):
                found[squash(str(item.get("name", "")))] = item["value"]
    return found


def _words(item: dict[str, Any], *members: str) -> list[str]:
    return [item[member] for member in members if item.get(member)]


def _reference(item: dict[str, Any]) -> Reference:
    return Reference(
        id=item["id"],
        name=item.get("name", ""),
        role=item.get("role", ""),
        referred_type=item.get("@referredType", ""),
    )


def _attachment(item: dict[str, Any]) -> dict[str, Any]:
    if len(item.get("id", "")) > LONGEST_ATTACHMENT_ID:
        raise BadAttribute(f"attachment.id: at most {LONGEST_ATTACHMENT_ID} characters are kept.")
    return item


def _note(item: dict[str, Any]) -> DraftNote:
    return DraftNote(
        text=item["text"],
        author=item.get("author", ""),
        private=squash(item.get("@type", "")) in ("worknotes", "worknote"),
        id=item.get("id", ""),
    )
