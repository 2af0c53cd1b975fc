"""v5's list of external identifiers and the one external id of the canonical shape."""

from tmf621.faces.v5_items import Item, each, typed
from tmf621.refusals import BadMember, MissingMember

NAME = "externalIdentifier"
CANONICAL = ("externalId", NAME)
_TEXTS = ("id", "owner", "externalIdentifierType")


def show(resource: Item) -> Item:
    """Return the list of identifiers: the client's own as long as its first is still the id."""
    external_id, listed = resource.get("externalId"), resource.get(NAME)
    if not isinstance(external_id, str) or not external_id:
        return {NAME: None} if "externalId" in resource else {}
    first = listed[0] if isinstance(listed, list) and listed else None
    if not isinstance(first, dict) or _joined(first) != external_id:
        listed = [{"id": external_id}]
    return {NAME: each(listed, lambda item: typed(item, "ExternalIdentifier"))}


def lower(body: Item) -> Item:
    """Return the first identifier as the external id, and the list, by which v5 filters."""
    if NAME not in body:
        return {}
    listed = body[NAME]
    if listed is None or listed == []:
        return {"externalId": None, NAME: None}
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        raise BadMember(f"{NAME}: this must be an array of objects.")
    for item in listed:
        _check(item)
    return {"externalId": _joined(listed[0]), NAME: listed}


def _check(item: Item) -> None:
    if not item.get("id"):
        raise MissingMember(f"{NAME}.id: this field is required.")
    for member in _TEXTS:
        if not isinstance(item.get(member, ""), str):
            raise BadMember(f"{NAME}.{member}: this must be a text.")


def _joined(item: Item) -> str:
    """Return what v4 clients call the same thing: owner and id in one."""
    return f"{item['owner']}:{item['id']}" if item.get("owner") else str(item.get("id", ""))
