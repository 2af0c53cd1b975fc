"""Translate between the canonical v4 shape and TMF621 v5.0.1, attribute by attribute (tmf.md §3.2).

Both ways work on whole resources and on parts of them (patches, event payloads), and nothing a
client sent gets lost. What v5 nests is flat in the canonical shape; what v5 calls otherwise is
renamed; the types v5 demands on every sub-object are filled in and their usual values taken away.
"""

from collections.abc import Callable
from typing import Any

from tmf621.faces import v5_characteristics, v5_identifiers, v5_items, v5_related
from tmf621.refusals import BadDocument, MissingMember

Body = dict[str, Any]
PATH = "/tmf-api/troubleTicket/v5/troubleTicket"
CANONICAL_PATH = "/tmf-api/troubleTicket/v4/troubleTicket"
# Beginnings of filter and sort paths: v5's, and the canonical ones they mean.
FILTER_PATHS = {
    "relatedEntity.entity": "relatedEntity",
    "relatedParty.partyOrPartyRole": "relatedParty",
    "statusChangeHistory.statusChangeDate": "statusChange.changeDate",
    "statusChangeHistory.statusChangeReason": "statusChange.changeReason",
    "statusChangeHistory": "statusChange",
}
_Convert = Callable[[Any], Any]
_SHOW: dict[str, _Convert] = {
    "attachment": v5_items.show_attachments,
    "channel": v5_items.show_channel,
    "note": v5_items.show_notes,
    "relatedEntity": v5_related.show_entities,
    "relatedParty": v5_related.show_parties,
    "statusChange": v5_items.show_history,
    "troubleTicketRelationship": v5_items.show_relationships,
    "troubleTicketSpecification": v5_items.show_specification,
}
_LOWER: dict[str, _Convert] = {
    "attachment": v5_items.lower_attachments,
    "channel": v5_items.lower_channel,
    "note": v5_items.lower_notes,
    "relatedEntity": v5_related.lower_entities,
    "relatedParty": v5_related.lower_parties,
    "statusChangeHistory": v5_items.lower_history,
    "troubleTicketRelationship": v5_items.lower_relationships,
    "troubleTicketSpecification": v5_items.lower_specification,
}
_SHOWN_AS: dict[str, str] = {"statusChange": "statusChangeHistory"}
_LOWERED_AS: dict[str, str] = {"statusChangeHistory": "statusChange"}


def show(resource: Body) -> Body:
    """Return a canonical resource, or a part of one, in v5's shape."""
    apart = {*v5_identifiers.CANONICAL, *v5_characteristics.CANONICAL}
    told = {
        _SHOWN_AS.get(name, name): _converted(_SHOW, name, value)
        for name, value in resource.items()
        if name not in apart
    }
    told |= v5_identifiers.show(resource) | v5_characteristics.show(resource)
    return _rebased(told, CANONICAL_PATH, PATH)


def lower(body: Any) -> Body:
    """Return a v5 body, or the changed attributes of one, in the canonical shape.

    A member that becomes None is to be removed. Wrong types that both versions share are left
    for the canonical reader to refuse. Errors: `BadDocument` for what is no object,
    `MissingMember` and `BadMember` for what only v5 has.
    """
    body = _object(body)
    apart = {v5_identifiers.NAME, v5_characteristics.NAME}
    lowered = {
        _LOWERED_AS.get(name, name): _converted(_LOWER, name, value)
        for name, value in body.items()
        if name not in apart
    }
    lowered |= v5_identifiers.lower(body) | v5_characteristics.lower(body)
    return _rebased(lowered, PATH, CANONICAL_PATH)


def lower_create(body: Any) -> Body:
    """Return a POST's body in the canonical shape; v5 demands its @type, too.

    Errors: as `lower`; `MissingMember` without @type.
    """
    lowered = lower(body)
    if lowered.get("@type") is None:
        raise MissingMember("@type: this field is required.")
    return lowered


def _object(body: Any) -> Body:
    if not isinstance(body, dict):
        raise BadDocument("The body must be a JSON object.")
    return body


def _converted(table: dict[str, _Convert], name: str, value: Any) -> Any:
    return value if value is None or name not in table else table[name](value)


def _rebased(ticket: Body, old: str, new: str) -> Body:
    """Return the ticket with this site's own addresses moved from one version to the other.

    The ticket's own address tells which site that is; other sites' tickets stay where they are.
    """
    href = ticket.get("href")
    if not isinstance(href, str) or f"{old}/" not in href:
        return ticket
    site = href.partition(f"{old}/")[0]
    moved = {**ticket, "href": site + new + href[len(site + old) :]}
    links = ticket.get("troubleTicketRelationship")
    if isinstance(links, list):
        moved["troubleTicketRelationship"] = [
            _moved(link, site + old, site + new) for link in links
        ]
    return moved


def _moved(link: Any, old: str, new: str) -> Any:
    href = link.get("href") if isinstance(link, dict) else None
    if not isinstance(href, str) or not href.startswith(f"{old}/"):
        return link
    return {**link, "href": new + href[len(old) :]}
