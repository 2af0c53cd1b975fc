"""v5's characteristics; two of them are attributes of the canonical shape.

A plain characteristic named category or subCategory becomes the attribute and leaves the list;
one that says more (an id, relationships) stays there too and is shown with the attribute's value.
Leaving one out of the list removes nothing, an empty value does.
"""

from typing import Any

from tmf621.faces.v5_items import Item, typed, untyped
from tmf621.mapping import squash
from tmf621.refusals import BadMember

NAME = "troubleTicketCharacteristic"
_ATTRIBUTES = {"category": "category", "subcategory": "subCategory"}
CANONICAL = (NAME, *_ATTRIBUTES.values())
_TYPES: dict[str, type | tuple[type, ...]] = {
    "String": str,
    "Boolean": bool,
    "Integer": int,
    "Number": (int, float),
    "Float": (int, float),
    "Object": dict,
}
_KINDS = (*_TYPES, *(f"{kind}Array" for kind in _TYPES))


def show(resource: Item) -> Item:
    """Return the list with the attributes in it; nothing where there are neither."""
    listed = resource.get(NAME)
    items = [
        typed(i, _type_of(i))
        for i in (listed if isinstance(listed, list) else [])
        if isinstance(i, dict)
    ]
    for attribute in _ATTRIBUTES.values():
        value = resource.get(attribute)
        if not isinstance(value, str) or not value:
            continue
        if any(_attribute_of(item) == attribute for item in items):
            items = [{**i, "value": value} if _attribute_of(i) == attribute else i for i in items]
        else:
            items.append(_plain(attribute, value))
    return {NAME: items} if items or listed else {NAME: listed} if NAME in resource else {}


def lower(body: Item) -> Item:
    """Return the two attributes and what else is in the list; None removes the whole list."""
    if NAME not in body:
        return {}
    found: Item = {}
    kept = []
    for item in _checked(body[NAME]):
        attribute = _attribute_of(item)
        if attribute:
            found[attribute] = item["value"]
        if not attribute or typed(item, "StringCharacteristic") != _plain(attribute, item["value"]):
            kept.append(untyped(item, _type_of(item)))
    return {**found, NAME: kept or None}


def _plain(attribute: str, value: str) -> Item:
    return {
        "@type": "StringCharacteristic",
        "name": attribute,
        "valueType": "string",
        "value": value,
    }


def _attribute_of(item: Item) -> str:
    """Return the attribute a characteristic stands for; empty for all others."""
    if not isinstance(item.get("value"), str):
        return ""
    return _ATTRIBUTES.get(squash(str(item.get("name", ""))), "")


def _type_of(item: Item) -> str:
    """Return the type that follows from the value."""
    kind = next((kind for kind in _KINDS if _holds(kind, item.get("value"))), "")
    return f"{kind}Characteristic"


def _holds(kind: str, value: Any) -> bool:
    """Return whether a value fits "String", "StringArray" and so on; unknown kinds hold all."""
    known = _TYPES.get(kind.removesuffix("Array"), object)
    if kind.endswith("Array"):
        return isinstance(value, list) and all(_fits(part, known) for part in value)
    return _fits(value, known)


def _fits(value: Any, known: type | tuple[type, ...]) -> bool:
    # Python's booleans are integers, JSON's are not.
    return isinstance(value, known) and (known in (bool, object) or not isinstance(value, bool))


def _checked(items: Any) -> list[Item]:
    if items is None:
        return []
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise BadMember(f"{NAME}: this must be an array of objects.")
    for item in items:
        for member in ("@type", "id", "name", "valueType"):
            if not isinstance(item.get(member, ""), str):
                raise BadMember(f"{NAME}.{member}: this must be a text.")
        kind = item.get("@type", "").removesuffix("Characteristic")
        if "value" in item and not _holds(kind, item["value"]):
            raise BadMember(f"{NAME}.value: this does not fit the type {item['@type']}.")
    return items
