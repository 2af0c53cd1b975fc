"""Related entities and parties: v5 nests the thing in its role, the canonical shape is flat."""

from collections.abc import Callable
from typing import Any, NamedTuple

from tmf621.faces.v5_items import Item, each
from tmf621.refusals import BadMember, MissingMember

# Where a flat item keeps what its v5 outside said beyond role and usual type.
OUTSIDE = "@relation"
_APART = ("role", OUTSIDE)


class Nesting(NamedTuple):
    """How v5 nests one kind of related thing."""

    attribute: str
    inside: str
    outer_type: str
    inner_type: Callable[[Item], str]


def _party_type(party: Item) -> str:
    is_role = str(party.get("@referredType", "")).casefold().endswith("role")
    return "PartyRoleRef" if is_role else "PartyRef"


ENTITY = Nesting("relatedEntity", "entity", "RelatedEntity", lambda entity: "EntityRef")
PARTY = Nesting("relatedParty", "partyOrPartyRole", "RelatedPartyRefOrPartyRoleRef", _party_type)


def show_entities(items: Any) -> Any:
    """Return flat related entities nested."""
    return each(items, lambda item: _nested(item, ENTITY))


def show_parties(items: Any) -> Any:
    """Return flat related parties nested."""
    return each(items, lambda item: _nested(item, PARTY))


def lower_entities(items: Any) -> Any:
    """Return nested related entities flat; `MissingMember` without entity or its id."""
    return each(items, lambda item: _flat(item, ENTITY))


def lower_parties(items: Any) -> Any:
    """Return nested related parties flat; `MissingMember` without party or its id."""
    return each(items, lambda item: _flat(item, PARTY))


def _nested(item: Item, nesting: Nesting) -> Item:
    outside = dict(item[OUTSIDE]) if isinstance(item.get(OUTSIDE), dict) else {}
    clashing = outside.pop(nesting.inside, {})
    inside = {name: value for name, value in item.items() if name not in _APART}
    inside["@type"] = item.get("@type") or nesting.inner_type(item)
    if isinstance(clashing, dict):
        inside |= {name: clashing[name] for name in _APART if name in clashing}
    told = {"@type": nesting.outer_type, **outside, nesting.inside: inside}
    return {**told, "role": item["role"]} if "role" in item else told


def _flat(item: Item, nesting: Nesting) -> Item:
    inside = item.get(nesting.inside)
    if inside is None and item.get("id"):
        # Clients that moved from v4 forget to nest; what they mean is clear.
        return item
    path = f"{nesting.attribute}.{nesting.inside}"
    if inside is None:
        raise MissingMember(f"{path}: this field is required.")
    if not isinstance(inside, dict):
        raise BadMember(f"{path}: this must be an object.")
    if not inside.get("id"):
        raise MissingMember(f"{path}.id: this field is required.")
    usual = {"@type": nesting.inner_type(inside)}
    flat = {n: v for n, v in inside.items() if n not in _APART and usual.get(n) != v}
    outside = _outside(item, inside, nesting)
    if "role" in item:
        flat["role"] = item["role"]
    return {**flat, OUTSIDE: outside} if outside else flat


def _outside(item: Item, inside: Item, nesting: Nesting) -> Item:
    """Return what has no place in the flat item, so that `show` can bring it back."""
    usual = {"@type": nesting.outer_type}
    known = ("role", nesting.inside)
    kept = {n: v for n, v in item.items() if n not in known and usual.get(n) != v}
    clashing = {name: inside[name] for name in _APART if name in inside}
    return {**kept, nesting.inside: clashing} if clashing else kept
