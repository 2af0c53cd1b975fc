"""Moments as texts whose order is the order of time."""

import re
from datetime import UTC, datetime
from typing import Any

_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]+))?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})\Z"
)
_LOST_PLUS = re.compile(r"(:[0-9]{2}(?:\.[0-9]+)?) ([0-9]{2}:[0-9]{2})\Z")


def normalised(document: Any) -> Any:
    """Return a copy of a JSON value in which every RFC 3339 moment is in UTC, with
    milliseconds and Z; all else is as it was."""
    if isinstance(document, dict):
        return {name: normalised(value) for name, value in document.items()}
    if isinstance(document, list):
        return [normalised(value) for value in document]
    return as_moment(document) if isinstance(document, str) else document


def as_moment(text: str) -> str:
    """Return a moment's text in UTC with milliseconds; any other text as it is."""
    read = _MOMENT.match(text)
    if read is None:
        return text
    day, time, fraction, offset = read.groups()
    # Python 3.11 reads three or six digits of a fraction; a finer one is cut.
    digits = (fraction or "")[:6].ljust(6, "0")
    zone = "+00:00" if offset in "Zz" else offset
    try:
        at = datetime.fromisoformat(f"{day}T{time}.{digits}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        return text
    return at.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def asked_moment(text: str) -> str:
    """Return a query value as `as_moment` does; an offset's plus may have become a blank."""
    return (
        as_moment(restored) if _MOMENT.match(restored := _LOST_PLUS.sub(r"\1+\2", text)) else text
    )
