"""What a request may carry besides its body: query parameters and headers."""

from typing import Any

from tmf621.description.subjects import Offered, Subject

Parameter = dict[str, Any]


def _query(name: str, words: str, schema: dict[str, Any]) -> Parameter:
    return {"name": name, "in": "query", "description": words, "schema": schema}


def _header(name: str, words: str) -> Parameter:
    schema = {"type": "string", "minLength": 1}
    return {"name": name, "in": "header", "description": words, "schema": schema}


TEXT = {"type": "string"}
MOMENT = {"type": "string", "format": "date-time"}
FIELDS = _query(
    "fields",
    "Attributes to tell, separated by commas; unknown ones are left out, `none` tells `id` and "
    "`href` alone.",
    {"type": "string", "examples": ["name,status,severity"]},
)
OFFSET = _query(
    "offset", "How many to leave out at the start.", {"type": "integer", "minimum": 0, "default": 0}
)
LIMIT = _query(
    "limit",
    "How many to tell at most. More than 100 are told as 100.",
    {"type": "integer", "minimum": 0, "default": 25},
)
SORT = _query(
    "sort",
    "Attributes to sort by, separated by commas; `-` in front turns the order round. "
    "The newest come first unless said otherwise.",
    {"type": "string", "examples": ["-creationDate", "lastUpdate"]},
)
AFTER = _query("after", "Tell what follows this cursor, as `Link` names it.", TEXT)
BEFORE = _query("before", "Tell what precedes this cursor, as `Link` names it.", TEXT)
FILTER = _query(
    "filter",
    "A JSONPath expression that a resource must meet.",
    {"type": "string", "examples": ["note[?(@.author=='ems-1')]"]},
)
TICKET_FILTERS = (
    _query("id", "Tickets with one of these ids, separated by commas.", TEXT),
    _query("status", "Tickets in one of these statuses, separated by commas.", TEXT),
    _query("severity", "Tickets with one of these severities.", TEXT),
    _query("ticketType", "Tickets of one of these types.", TEXT),
)
MOMENT_FILTERS = (
    _query("creationDate.gte", "Tickets created at this moment or later.", MOMENT),
    _query("lastUpdate.gte", "Tickets changed at this moment or later.", MOMENT),
)
KEY = _header(
    "Idempotency-Key",
    "A word of the client's own for this request. The same request with the same key is carried "
    "out once; its repeats get the first answer.",
)
IF_NONE_MATCH = _header("If-None-Match", "An `ETag`; 304 where the resource still has it.")
IF_MATCH = _header("If-Match", "An `ETag`; 412 where the resource no longer has it.")
ID: Parameter = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "Identifier of the resource.",
    "schema": TEXT,
}


def list_parameters(subject: Subject, offered: Offered) -> list[Parameter]:
    """Return what a list takes."""
    filters = TICKET_FILTERS if offered.is_ticket else ()
    if not subject.rich:
        return [FIELDS, *filters, OFFSET, LIMIT]
    moments = MOMENT_FILTERS if offered.is_ticket else ()
    return [FIELDS, OFFSET, LIMIT, SORT, AFTER, BEFORE, FILTER, *filters, *moments]
