"""What a request may carry besides its body: query parameters and headers."""

from collections.abc import Iterable
from typing import Any

from tmf621.description.subjects import Offered, Subject
from tmf621.faces import FACES
from tmf621.lists.listing import SORTS
from tmf621.lists.ordering import MOST_KEYS
from tmf621.lists.paging import HARD_LIMIT, MAX_OFFSET
from tmf621.retries import LONGEST_KEY
from tmf621.specifications import SORTS as SPECIFICATION_SORTS

Parameter = dict[str, Any]


def _query(name: str, words: str, schema: dict[str, Any]) -> Parameter:
    return {"name": name, "in": "query", "description": words, "schema": schema}


def _header(name: str, words: str) -> Parameter:
    schema = {"type": "string", "minLength": 1}
    return {"name": name, "in": "header", "description": words, "schema": schema}


TEXT = {"type": "string"}
WORDS = {"type": "string", "minLength": 1}
MOMENT = {"type": "string", "format": "date-time"}
OFFSET = _query(
    "offset",
    "How many to leave out at the start.",
    {"type": "integer", "minimum": 0, "maximum": MAX_OFFSET, "default": 0},
)
LIMIT = _query(
    "limit",
    f"How many to tell at most; more than {HARD_LIMIT} are told as {HARD_LIMIT}. The site may set "
    "other defaults and lower limits.",
    {"type": "integer", "minimum": 0, "default": 25},
)
AFTER = _query(
    "after",
    "Tell what follows this cursor, as `Link` names it; empty, begin at the start.",
    TEXT,
)
BEFORE = _query("before", "Tell what precedes this cursor, as `Link` names it.", TEXT)
TICKET_FILTERS = (
    _query("id", "Tickets with one of these ids, separated by commas.", WORDS),
    _query(
        "status", "Tickets in one of these statuses, by value or label, separated by commas.", TEXT
    ),
    _query("severity", "Tickets with one of these severities.", WORDS),
    _query("ticketType", "Tickets of one of these types.", WORDS),
)
MOMENT_FILTERS = (
    _query("creationDate.gte", "Tickets created at this moment or later.", MOMENT),
    _query("lastUpdate.gte", "Tickets changed at this moment or later.", MOMENT),
)
KEY = _header(
    "Idempotency-Key",
    "A word of the client's own for this request. The same request with the same key is carried "
    "out once; for 48 hours its repeats get the first answer, with `Idempotent-Replayed`. The key "
    "with another request is a 409.",
)
KEY["schema"].update(maxLength=LONGEST_KEY, pattern="^[ -~]+$")
IF_NONE_MATCH = _header("If-None-Match", "An `ETag`; 304 where the resource still has it.")
IF_MATCH = _header("If-Match", "An `ETag`; 412 where the resource no longer has it.")
ID: Parameter = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "Identifier of the resource.",
    "schema": TEXT,
}


def fields(subject: Subject, *, listed: bool = False) -> Parameter:
    """Return the parameter that picks attributes; lists leave out less than single answers."""
    face = FACES[subject.name]
    always = face.always_listed if listed else face.always_told
    words = (
        "Attributes to tell, separated by commas; dots pick inside objects and arrays, as in "
        "`relatedParty.id`. Unknown ones are left out, `none` tells `id` and `href` alone."
    )
    if always:
        words += f" In any case told: {', '.join(f'`{name}`' for name in always)}."
    return _query("fields", words, {"type": "string", "examples": ["name,status,severity"]})


def _sort(sorts: Iterable[str]) -> Parameter:
    known = ", ".join(f"`{name}`" for name in sorts)
    words = (
        f"Up to {MOST_KEYS} attributes to sort by, separated by commas, out of {known}; `-` in "
        "front turns the order round. The newest come first unless said otherwise."
    )
    return _query("sort", words, {"type": "string", "examples": ["-creationDate", "lastUpdate"]})


def _filter(example: str) -> Parameter:
    words = "A JSONPath expression that a resource must meet."
    return _query("filter", words, {"type": "string", "minLength": 1, "examples": [example]})


def list_parameters(subject: Subject, offered: Offered) -> list[Parameter]:
    """Return what a list takes."""
    picked = fields(subject, listed=True)
    if not subject.rich:
        return [picked, *TICKET_FILTERS, OFFSET, LIMIT]
    paged = [OFFSET, LIMIT, AFTER, BEFORE]
    if not offered.is_ticket:
        example = "specCharacteristic[?(@.name=='severity')]"
        return [picked, *paged, _sort(SPECIFICATION_SORTS), _filter(example)]
    found = [picked, *paged, _sort(SORTS), _filter("note[?(@.author=='ems-1')]")]
    return [*found, *TICKET_FILTERS, *MOMENT_FILTERS]
