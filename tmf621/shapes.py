"""Check that the parts of a v4 body have the types the published schema gives them."""

from typing import Any

from tmf621.errors import BadAttribute, MissingAttribute
from tmf621.parsing import parse_moment

MAX_ITEMS = 100
TEXTS = frozenset(
    {
        "id",
        "href",
        "name",
        "description",
        "severity",
        "ticketType",
        "externalId",
        "status",
        "statusChangeReason",
        "priority",
        "category",
        "subCategory",
        "@type",
        "@baseType",
        "@schemaLocation",
    }
)
# Numbers are common in these two and mean what their digits say (C.13).
NUMBERS_TOO = frozenset({"severity", "status"})
DATES = frozenset(
    {
        "creationDate",
        "lastUpdate",
        "statusChangeDate",
        "expectedResolutionDate",
        "requestedResolutionDate",
        "resolutionDate",
    }
)
# Arrays of objects with the members each object must have. Roles and referred types are often
# left out by real clients and are filled in.
LISTS: dict[str, tuple[str, ...]] = {
    "attachment": (),
    "note": ("text",),
    "relatedEntity": ("id",),
    "relatedParty": ("id",),
    "statusChange": (),
    "troubleTicketRelationship": (),
    "troubleTicketCharacteristic": ("name",),
    "externalIdentifier": ("id",),
}
# What the published schemas of both versions name; everything else is a client's extension.
STANDARD = (
    TEXTS
    | DATES
    | frozenset(LISTS)
    | {"channel", "statusChangeHistory"}
    | {"troubleTicketSpecification"}
) - {"category", "subCategory"}
# The members of what psew builds itself; nothing else can be in there.
MEMBERS = {
    "note": frozenset({"id", "href", "date", "author", "text"}),
    "statusChange": frozenset({"status", "changeReason", "changeDate"}),
}
LONGEST = {"severity": 80, "ticketType": 80, "externalId": 160}
_MEMBER_TEXTS = (TEXTS - {"severity", "priority"}) | {
    "role",
    "author",
    "text",
    "relationshipType",
    "attachmentType",
    "content",
    "mimeType",
    "url",
    "changeReason",
    "units",
    "@referredType",
}
_MEMBER_DATES = frozenset({"date", "changeDate", "startDateTime", "endDateTime"})
_MEMBER_OBJECTS = frozenset({"size", "validFor", "@relation"})


def check_attribute(name: str, value: Any) -> Any:
    """Return the attribute's value as psew keeps it; `BadAttribute` where its type is wrong."""
    if name in NUMBERS_TOO and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if name in TEXTS:
        _text(name, value)
    elif name in DATES:
        _date(name, value)
    elif name in LISTS:
        _list(name, value)
    elif name == "channel":
        _channel(value)
    elif name == "troubleTicketSpecification":
        _reference(name, value)
    return value


def _text(name: str, value: Any) -> None:
    if not isinstance(value, str):
        raise BadAttribute(f"{name}: this must be a text.")
    if len(value) > LONGEST.get(name, len(value)):
        raise BadAttribute(f"{name}: at most {LONGEST[name]} characters are kept.")


def _date(name: str, value: Any) -> None:
    if not isinstance(value, str) or parse_moment(value) is None:
        raise BadAttribute(
            f"{name}: this must be an RFC 3339 date-time with an offset, from 1970 to 2199."
        )


def _list(name: str, value: Any) -> None:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise BadAttribute(f"{name}: this must be an array of objects.")
    if len(value) > MAX_ITEMS:
        raise BadAttribute(f"{name}: at most {MAX_ITEMS} items are taken at once.")
    for item in value:
        _members(name, item)
        for member in LISTS[name]:
            if not str(item.get(member) or "").strip():
                raise MissingAttribute(f"{name}.{member}: this field is required.")


def _channel(value: Any) -> None:
    if not isinstance(value, dict):
        raise BadAttribute("channel: this must be an object.")
    _members("channel", value)
    if not (value.get("id", value.get("name")) or "").strip():
        raise MissingAttribute("channel.id: this field is required.")


def _reference(name: str, value: Any) -> None:
    if not isinstance(value, dict):
        raise BadAttribute(f"{name}: this must be an object.")
    _members(name, value)
    if not str(value.get("id") or "").strip():
        raise MissingAttribute(f"{name}.id: this field is required.")


def _members(name: str, item: dict[str, Any]) -> None:
    for member, value in item.items():
        path = f"{name}.{member}"
        if value is None:
            raise BadAttribute(f"{path}: null is no value here.")
        if member in _MEMBER_TEXTS:
            _text(path, value)
        elif member in _MEMBER_DATES:
            _date(path, value)
        elif member in _MEMBER_OBJECTS:
            _object(path, value)


def _object(path: str, value: Any) -> None:
    if not isinstance(value, dict):
        raise BadAttribute(f"{path}: this must be an object.")
    _members(path, value)
    amount = value.get("amount", 0)
    if isinstance(amount, bool) or not isinstance(amount, int | float):
        raise BadAttribute(f"{path}.amount: this must be a number.")


def cannot_lead(path: tuple[str, ...]) -> bool:
    """Tell whether no ticket can hold anything at this path, as with `name.txt`, `note.txt`."""
    first, *rest = path
    if not rest:
        return False
    if first in MEMBERS:
        return rest[0] not in MEMBERS[first] and not rest[0].startswith("@")
    return first in TEXTS | DATES
