"""The dialect of ServiceNow's Trouble Ticket Open API: labels in and out (C.13, tmf.md §5)."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from tmf621.mapping import Kind, Status, kind_of, level_of, squash
from tmf621.refusals import BadDocument, BadMember, MissingMember

Body = dict[str, Any]
PATH = "/api/sn_ind_tsm_sdwan/ticket/troubleTicket"
PATCH_TYPES = ("application/json", "application/merge-patch+json")
ATTRIBUTES = (
    "channel",
    "creationDate",
    "description",
    "href",
    "id",
    "lastUpdate",
    "name",
    "note",
    "relatedEntity",
    "relatedParty",
    "severity",
    "status",
    "ticketType",
    "@type",
)
QUERY_PARAMETERS = ("fields", "id", "severity", "status", "ticketType", "limit", "offset")
REQUIRED = ("description", "severity")
_KINDS = {
    "case": Kind.CASE,
    "incident": Kind.INCIDENT,
    "serviceproblemcase": Kind.CASE,
}
_INCIDENT_LABELS: Mapping[str, str] = {
    Status.ACKNOWLEDGED: "New",
    Status.IN_PROGRESS: "In Progress",
    Status.PENDING: "On Hold",
    Status.HELD: "On Hold",
    Status.RESOLVED: "Resolved",
    Status.CLOSED: "Closed",
    Status.CANCELLED: "Canceled",
    Status.REJECTED: "Canceled",
}
_CASE_LABELS: Mapping[str, str] = {
    **_INCIDENT_LABELS,
    Status.IN_PROGRESS: "Open",
    Status.PENDING: "Awaiting Info",
    Status.CANCELLED: "Cancelled",
    Status.REJECTED: "Cancelled",
}
_SEVERITY_LABELS = {
    1: "1 - Critical",
    2: "2 - High",
    3: "3 - Moderate",
    4: "4 - Low",
    5: "5 - Planning",
}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\Z", re.ASCII)


def show(resource: Body) -> Body:
    """Return a canonical resource, or a part of one, with the dialect's attributes alone.

    A whole resource has exactly the fourteen; of a part only what it holds is shown.
    """
    told = {name: resource[name] for name in ATTRIBUTES if name in resource}
    kind = kind_of(str(resource.get("ticketType", "")))
    writers: dict[str, Callable[[Any], Any]] = {
        "creationDate": _dialect_date,
        "lastUpdate": _dialect_date,
        "href": lambda href: f"{PATH}/{resource.get('id') or str(href).rpartition('/')[2]}",
        "note": lambda notes: _dated(notes, _dialect_date),
        "relatedEntity": lambda items: _each(items, lambda item: {**item, "href": ""}),
        "severity": lambda severity: resource.get("priority") or severity_label(severity),
        "status": lambda status: status_label(str(status), kind),
        "ticketType": lambda _: kind.value.capitalize(),
    }
    return {n: writers[n](v) if n in writers and v is not None else v for n, v in told.items()}


def lower(body: Any) -> Body:
    """Return a body in the dialect, or the changed attributes of one, in the canonical shape.

    Severities nobody knows are Low; statuses pass, for the canonical reader decides about them.
    Errors: `BadDocument` for what is no object, `BadMember` for an unknown ticketType.
    """
    if not isinstance(body, dict):
        raise BadDocument("The body must be a JSON object.")
    readers: dict[str, Callable[[Any], Any]] = {
        "creationDate": _standard_date,
        "lastUpdate": _standard_date,
        "note": lambda notes: _dated(notes, _standard_date),
        "relatedEntity": lambda items: _each(items, _without_empty_href),
        "severity": lambda severity: str(_level(severity)),
        "ticketType": lambda word: _kind(word).value,
    }
    return {n: readers[n](v) if n in readers and v is not None else v for n, v in body.items()}


def lower_create(body: Any) -> Body:
    """Return a POST's body in the canonical shape; without a ticketType it is an incident.

    Errors: as `lower`; `MissingMember` without description or severity.
    """
    lowered = lower(body)
    for name in REQUIRED:
        if lowered.get(name) is None:
            raise MissingMember(f"{name}: this field is required.")
    if lowered.get("ticketType") is None:
        lowered["ticketType"] = Kind.INCIDENT.value
    return lowered


def lower_filter(name: str, values: list[str]) -> tuple[str, list[str]]:
    """Return the canonical filter, and its values, of one of the dialect's query parameters.

    What the dialect shows as severity is the priority, and unknown ones are Low as in a POST.
    Statuses and types nobody knows stay, for the canonical filters to refuse or find nothing.
    """
    if name == "severity":
        return "priority", [str(level_of(value)) for value in values]
    if name == "status":
        return name, list(dict.fromkeys(s for value in values for s in _statuses(value)))
    if name == "ticketType":
        return name, [_KINDS.get(squash(value), value) for value in values]
    return name, values


def status_label(status: str, kind: Kind) -> str:
    """Return the label of the state a TMF status stands for."""
    labels = _CASE_LABELS if kind is Kind.CASE else _INCIDENT_LABELS
    return labels.get(status, status)


def severity_label(severity: Any) -> str:
    """Return the priority's label a severity asks for, such as "2 - High"."""
    return _SEVERITY_LABELS[_level(severity)]


def _level(severity: Any) -> int:
    return level_of(severity if isinstance(severity, str) else repr(severity))


def _kind(word: Any) -> Kind:
    kind = _KINDS.get(squash(word)) if isinstance(word, str) else None
    if kind is None:
        raise BadMember("ticketType: this must be Case, Incident or Service Problem Case.")
    return kind


def _statuses(value: str) -> list[str]:
    """Return every TMF status shown as the label: two of them hide behind "On Hold"."""
    wanted = squash(value)
    labels = [*_INCIDENT_LABELS.items(), *_CASE_LABELS.items()]
    return [str(word) for word, label in labels if squash(label) == wanted] or [value]


def _dated(notes: Any, convert: Callable[[Any], Any]) -> Any:
    return _each(notes, lambda n: {**n, "date": convert(n["date"])} if "date" in n else n)


def _without_empty_href(item: Body) -> Body:
    return {name: value for name, value in item.items() if (name, value) != ("href", "")}


def _each(items: Any, convert: Callable[[Body], Body]) -> Any:
    if not isinstance(items, list):
        return items
    return [convert(item) if isinstance(item, dict) else item for item in items]


def _dialect_date(moment: Any) -> Any:
    """Return an RFC 3339 moment as "2023-01-19 22:39:28" in UTC."""
    try:
        return f"{datetime.fromisoformat(moment).astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    except (TypeError, ValueError, OverflowError):
        return moment


def _standard_date(text: Any) -> Any:
    """Return the dialect's date as RFC 3339; whatever it is not stays for the reader."""
    if not isinstance(text, str) or not _DATE.match(text):
        return text
    return f"{text.replace(' ', 'T')}Z"
