"""Turn a patch of any format and face into the canonical attributes it changes (tmf.md §3.7)."""

from collections.abc import Mapping
from typing import Any

from tmf621.errors import BadAttribute
from tmf621.faces import Face
from tmf621.patches import MERGE, apply, changes

Resource = dict[str, Any]
REASON = "statusChangeReason"
# Only ever added to (MEF 124): a merge patch names the new ones, the others stay.
APPEND_ONLY = ("note", "attachment")
# psew adds to these what it knows itself; only what clients sent can be changed.
MIXED = ("relatedEntity", "relatedParty", "troubleTicketRelationship")


def read_changes(body: Any, kind: str, current: Resource, sent: Resource, face: Face) -> Resource:
    """Return the canonical attributes a patch changes; None for those it removes.

    In: `current` is the canonical resource as it is told now, `sent` what of it clients said.
    Errors: the refusals of `patches.apply` and of the face, `BadAttribute` for removing notes.
    """
    shown = face.show(current)
    patched = apply(kind, shown, body)
    if kind != MERGE:
        _check_nothing_lost(shown, patched)
    changed = changes(shown, patched)
    for name in APPEND_ONLY:
        if isinstance(changed.get(name), list):
            changed[name] = [item for item in changed[name] if item not in shown.get(name, [])]
    if _gives_reason(kind, body) and REASON in patched:
        # The same words may be the reason of another change.
        changed[REASON] = patched[REASON]
    asked = face.lower(changed)
    for name in MIXED:
        if isinstance(asked.get(name), list):
            asked[name] = _without_own(asked[name], current[name][len(sent.get(name, [])) :])
    return asked


def _gives_reason(kind: str, body: Any) -> bool:
    if kind == MERGE:
        return REASON in body
    return any(operation.get("path") == f"/{REASON}" for operation in body)


def _check_nothing_lost(before: Resource, after: Resource) -> None:
    for name in APPEND_ONLY:
        # A list: what a patch makes of an id need not be hashable.
        kept = [item.get("id") for item in after.get(name) or [] if isinstance(item, dict)]
        if any(item["id"] not in kept for item in before.get(name, [])):
            raise BadAttribute(f"{name}: these are only ever added, never removed.")


def _without_own(items: list[Any], own: list[Resource]) -> list[Any]:
    known = {_key(item) for item in own}
    return [item for item in items if not isinstance(item, dict) or _key(item) not in known]


def _key(item: Mapping[str, Any]) -> tuple[str, str]:
    return str(item.get("id")), str(item.get("role") or item.get("relationshipType"))
