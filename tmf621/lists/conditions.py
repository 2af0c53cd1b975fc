"""What the filters of a query string mean in the table of ticket documents (R19).

Nothing of the query string reaches the ORM but values: columns and operators are listed here.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import QueryDict

from tmf621.errors import BadQuery
from tmf621.faces import KIND, Face
from tmf621.filtering import SUFFIXES, Part, Path, read_query
from tmf621.filtering.parts import Compare, Operator
from tmf621.mapping import Kind, read_status
from tmf621.models import ExtensionAttribute
from tmf621.parsing import parse_moment
from tmf621.resolving import as_uuid
from tmf621.shapes import STANDARD, cannot_lead

RESERVED = frozenset({"fields", "offset", "limit", "sort", "before", "after"})
# Told by psew beyond the standard.
OWN = frozenset({"number", "stage", "category", "subCategory"})
MOMENTS = {"creationDate": "opened_at", "lastUpdate": "updated_at", "resolutionDate": "resolved_at"}
_MILLISECOND = timedelta(milliseconds=1)
_OWNERS: dict[str, Q] = {
    Kind.INCIDENT: Q(incident__isnull=False),
    Kind.CASE: Q(case__isnull=False),
}
Column = tuple[str, Callable[[str], list[Any]]]


def condition_of(query: QueryDict, face: Face) -> Q:
    """Return the condition a face's query string asks for.

    Errors: `BadQuery` and `BadFilter` for attributes nobody has, and for values that cannot be.
    """
    pairs = [(key, text) for key, texts in query.lists() for text in texts]
    parts = read_query(pairs, reserved=RESERVED).parts
    _check_known(parts)
    condition = Q()
    for part in parts:
        condition &= _condition(_canonical(part, face))
    return condition


def _canonical(part: Part, face: Face) -> Part:
    return part.with_values(face.filter_values).with_paths(face.filter_paths)


def _check_known(parts: Iterable[Part]) -> None:
    names = {path[0] for part in parts for path in part.paths() if path}
    unknown = names - STANDARD - OWN
    if unknown:
        seen = ExtensionAttribute.objects.filter(name__in=unknown).values_list("name", flat=True)
        unknown -= set(seen)
    for name in sorted(unknown):
        raise BadQuery(f"{name[:80]}: no ticket has this attribute.")
    for path in sorted(path for part in parts for path in part.paths() if path):
        if cannot_lead(path):
            name = ".".join(path)[:80]
            raise BadQuery(f"{name}: no ticket has this; operators are {', '.join(SUFFIXES)}.")


def _condition(part: Part) -> Q:
    asked = part.condition
    if isinstance(asked, Compare):
        path: Path = part.base + asked.path
        if len(path) == 1 and path[0] in MOMENTS:
            return _moment(path[0], asked)
        equal = part.equality()
        if equal and path == KIND:
            return _any_of(_OWNERS[text] for text in equal[1] if text in _OWNERS)
        if equal and len(path) == 1 and path[0] in _COLUMNS:
            column, read = _COLUMNS[path[0]]
            return Q(**{f"{column}__in": [value for text in equal[1] for value in read(text)]})
    return Q(told__tells=part)


def _moment(name: str, asked: Compare) -> Q:
    return _any_of(_range(MOMENTS[name], asked.operator, value, name) for value in asked.values)


def _any_of(conditions: Iterable[Q]) -> Q:
    """Return the disjunction; nothing meets one of no conditions."""
    any_of = Q(pk__in=[])
    for condition in conditions:
        any_of |= condition
    return any_of


def _range(column: str, operator: Operator, value: Any, name: str) -> Q:
    at = parse_moment(value) if isinstance(value, str) else None
    if at is None or operator is Operator.REGEX:
        raise BadQuery(f"{name}: this is compared with RFC 3339 date-times with an offset.")
    # Tickets tell milliseconds only, so a moment stands for the whole millisecond.
    start = at.replace(microsecond=at.microsecond // 1000 * 1000)
    end = start + _MILLISECOND
    same = Q(**{f"{column}__gte": start, f"{column}__lt": end})
    return {
        Operator.EQ: same,
        Operator.NE: ~same,
        Operator.GT: Q(**{f"{column}__gte": end}),
        Operator.GTE: Q(**{f"{column}__gte": start}),
        Operator.LT: Q(**{f"{column}__lt": start}),
        Operator.LTE: Q(**{f"{column}__lt": end}),
    }[operator]


def _addressed(text: str) -> list[Any]:
    # The last segment tells which one; the rest is where the client reaches the site.
    uid = as_uuid(text.rstrip("/").rpartition("/")[2])
    return [uid] if uid else []


def _statuses(text: str) -> list[str]:
    found = {read_status(text, kind) for kind in Kind} - {None}
    if not found:
        raise BadQuery(f"status: {text!r} is no status of a trouble ticket.")
    return [str(status) for status in found]


def _priorities(text: str) -> list[int]:
    # Tickets tell a number and a label, "1 - Critical"; either will do.
    digit = text.partition("-")[0].strip()
    return [int(digit)] if digit in tuple("12345") else []


_COLUMNS: dict[str, Column] = {
    "id": ("uid", lambda text: [uid for uid in (as_uuid(text),) if uid]),
    "href": ("uid", _addressed),
    "status": ("status", _statuses),
    "severity": ("severity", lambda text: [text]),
    "ticketType": ("ticket_type", lambda text: [text.casefold()]),
    "externalId": ("external_id", lambda text: [text]),
    "priority": ("priority", _priorities),
}
