"""Read and check trouble ticket specifications, and hold tickets to them."""

from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Q
from django.http import QueryDict
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from tmf621.errors import BadAttribute, BadBody, BadQuery, MissingAttribute, UnknownTicket
from tmf621.filtering import read_query
from tmf621.lists.paging import Listing, Row
from tmf621.mapping import squash
from tmf621.models import TicketSpecification
from tmf621.resolving import as_uuid
from tmf621.schemas import published_schema

Body = dict[str, Any]
PATH = "/tmf-api/troubleTicket/v5/troubleTicketSpecification"
SORTS = {"creationDate": "created_at", "lastUpdate": "updated_at", "name": "name"}
OWNED = frozenset({"id", "href", "creationDate", "lastUpdate"})
ATTRIBUTES = OWNED | {"name", "description", "lifecycleStatus", "specCharacteristic"}
ATTRIBUTES |= {"relatedParty", "validFor", "version", "@type", "@baseType", "@schemaLocation"}
LONGEST_NAME = 160
RESERVED = ("fields", "offset", "limit", "sort", "before", "after")


def find_specification(key: str, *, lock: bool = False) -> TicketSpecification:
    """Return the specification with this id; `UnknownTicket` also for another domain's."""
    uid = as_uuid(key)
    rows = TicketSpecification.objects.filter(uid=uid) if uid else None
    if rows is not None and lock and connection.features.has_select_for_update:
        rows = rows.select_for_update()
    found = rows.first() if rows is not None else None
    if found is None:
        raise UnknownTicket("There is no such trouble ticket specification.")
    return found


def resource_of(told: Body, base_url: str) -> Body:
    """Return what a specification tells, with its absolute address."""
    return {**told, "href": f"{base_url}{PATH}/{told['id']}"}


def specification_listing(query: QueryDict, base_url: str) -> Listing:
    """Return the listing of the specifications a query string asks for."""
    pairs = [(key, text) for key, texts in query.lists() for text in texts]
    condition = Q()
    for part in read_query(pairs, reserved=RESERVED).parts:
        for path in part.paths():
            if path[:1] and path[0] not in ATTRIBUTES:
                raise BadQuery(f"{path[0][:80]}: no specification has this attribute.")
        condition &= Q(told__tells=part)

    def tell(rows: list[Row]) -> list[Body]:
        return [resource_of(row["told"], base_url) for row in rows]

    return Listing(TicketSpecification.objects.filter(condition), SORTS, ("told",), tell)


def checked(body: Any) -> Body:
    """Return what a new or changed specification says, without what psew owns.

    Errors: the TMF errors of what the published schema refuses.
    """
    if not isinstance(body, dict):
        raise BadBody("The body must be a JSON object.")
    said = {k: v for k, v in body.items() if k not in OWNED and v is not None}
    for name in ("name", "@type"):
        if name not in said:
            raise MissingAttribute(f"{name}: this field is required.")
    error = best_match(_validator().iter_errors(said))
    if error is not None:
        where = ".".join(map(str, error.absolute_path)) or "body"
        raise BadAttribute(f"{where}: {error.message[:200]}.")
    if not said["name"].strip() or len(said["name"]) > LONGEST_NAME:
        raise BadAttribute(f"name: from 1 to {LONGEST_NAME} characters.")
    return said


def check_ticket(extra: Body) -> None:
    """Raise `MissingAttribute` unless a ticket has what the specification it names demands.

    Specifications of other systems are echoed like any reference; psew knows its own only.
    """
    named = extra.get("troubleTicketSpecification")
    uid = as_uuid(str(named.get("id", ""))) if isinstance(named, dict) else None
    row = TicketSpecification.objects.filter(uid=uid).first() if uid else None
    if row is None:
        return
    given = extra.get("troubleTicketCharacteristic")
    names = {str(item.get("name")) for item in given or [] if isinstance(item, dict)}
    # v5 clients send these two as characteristics as well.
    attributes = {squash(name) for name in ("category", "subCategory") if extra.get(name)}
    for demanded in row.told.get("specCharacteristic", []):
        name = demanded.get("name", "")
        if name in names or squash(name) in attributes:
            continue
        if demanded.get("minCardinality", 0):
            raise MissingAttribute(
                f"troubleTicketCharacteristic.{name}: the specification "
                f"{row.name} demands this characteristic."
            )


@cache
def _validator() -> Draft202012Validator:
    schema = published_schema("v5")
    return Draft202012Validator({**schema, "$ref": "#/$defs/TroubleTicketSpecification_FVO"})
