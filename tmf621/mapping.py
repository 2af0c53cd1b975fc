"""Translate between a trouble ticket's words and psew's values; knows neither Django nor tables.

Every face of the API (versions, dialects) speaks through this module, so that the same ticket
means the same incident whoever sends it (tmf.md §3.3, §5; C.13).
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """Which record a ticket is."""

    INCIDENT = "incident"
    CASE = "case"


class Status(StrEnum):
    """TMF621's status words, the same in v4 and v5."""

    ACKNOWLEDGED = "acknowledged"
    REJECTED = "rejected"
    PENDING = "pending"
    HELD = "held"
    IN_PROGRESS = "inProgress"
    CANCELLED = "cancelled"
    CLOSED = "closed"
    RESOLVED = "resolved"


class Standing(NamedTuple):
    """The fields of a record its status follows from."""

    state: str
    hold_reason: str = ""
    resolution_code: str = ""


class Weight(NamedTuple):
    """How heavy an incident is; the matrix makes its priority of both."""

    impact: int
    urgency: int


AWAITING_CALLER, AWAITING_VENDOR = "awaiting_caller", "awaiting_vendor"
# A canceled ticket with this resolution code is told as rejected.
REJECTED = "rejected"
LOW = 4
TITLE_LENGTH = 160

INCIDENT_WORDS: Mapping[str, str] = {
    "new": Status.ACKNOWLEDGED,
    "in_progress": Status.IN_PROGRESS,
    "on_hold": Status.HELD,
    "resolved": Status.RESOLVED,
    "closed": Status.CLOSED,
    "canceled": Status.CANCELLED,
}
CASE_WORDS: Mapping[str, str] = {
    "new": Status.ACKNOWLEDGED,
    "open": Status.IN_PROGRESS,
    "awaiting_info": Status.PENDING,
    "resolved": Status.RESOLVED,
    "closed": Status.CLOSED,
    "canceled": Status.CANCELLED,
}
_INCIDENT_STANDINGS = {
    Status.ACKNOWLEDGED: Standing("new"),
    Status.IN_PROGRESS: Standing("in_progress"),
    Status.PENDING: Standing("on_hold", AWAITING_CALLER),
    Status.HELD: Standing("on_hold", AWAITING_VENDOR),
    Status.RESOLVED: Standing("resolved"),
    Status.CLOSED: Standing("closed"),
    Status.CANCELLED: Standing("canceled"),
    Status.REJECTED: Standing("canceled", "", REJECTED),
}
# A case is never held: who handles it has no such state (C.3).
_CASE_STANDINGS = {
    Status.ACKNOWLEDGED: Standing("new"),
    Status.IN_PROGRESS: Standing("open"),
    Status.PENDING: Standing("awaiting_info"),
    Status.RESOLVED: Standing("resolved"),
    Status.CLOSED: Standing("closed"),
    Status.CANCELLED: Standing("canceled"),
    Status.REJECTED: Standing("canceled", "", REJECTED),
}
_STATUS_WORDS = {
    **{word.value.lower(): word for word in Status},
    "new": Status.ACKNOWLEDGED,
    "open": Status.IN_PROGRESS,
    "workinprogress": Status.IN_PROGRESS,
    "onhold": Status.HELD,
    "awaitinginfo": Status.PENDING,
    "awaitingcaller": Status.PENDING,
    "canceled": Status.CANCELLED,
}
_INCIDENT_NUMBERS = {
    "1": Status.ACKNOWLEDGED,
    "2": Status.IN_PROGRESS,
    "3": Status.HELD,
    "6": Status.RESOLVED,
    "7": Status.CLOSED,
    "8": Status.CANCELLED,
}
_CASE_NUMBERS = {
    "1": Status.ACKNOWLEDGED,
    "10": Status.IN_PROGRESS,
    "18": Status.PENDING,
    "6": Status.RESOLVED,
    "3": Status.CLOSED,
    "7": Status.CANCELLED,
}
_LEVELS = {
    "critical": 1,
    "high": 2,
    "major": 2,
    "moderate": 3,
    "medium": 3,
    "minor": 3,
    "low": 4,
    "warning": 4,
    "info": 4,
    "planning": 5,
}
# Each pair gives the level back through the shipped priority matrix (C.13).
_WEIGHTS = {
    1: Weight(1, 1),
    2: Weight(1, 2),
    3: Weight(2, 2),
    4: Weight(2, 3),
    5: Weight(3, 3),
}
_CHANNEL_SYNONYMS = {"web": "self_service", "event": "monitoring", "alert": "monitoring"}


def squash(text: str) -> str:
    """Return only the letters and digits, in lower case: "SD-WAN" and "sd_wan" become equal."""
    return "".join(c for c in text.casefold() if c.isalnum())


def pick(word: str, options: Mapping[str, str]) -> str:
    """Return the value whose value or label the word is; empty where there is none (X6)."""
    wanted = squash(word)
    found = (v for v, label in options.items() if wanted in (squash(v), squash(label)))
    return next(found, "") if wanted else ""


def title_from(text: str) -> str:
    """Return the first line that says something, cut to a title's length; lists have one line."""
    lines = (line.strip() for line in text.splitlines())
    return next((line for line in lines if line), "")[:TITLE_LENGTH]


def kind_of(ticket_type: str) -> Kind:
    """Return which record a ticket type asks for; unknown types are incidents."""
    return Kind.CASE if squash(ticket_type) == "case" else Kind.INCIDENT


def status_of(standing: Standing, words: Mapping[str, str]) -> str:
    """Return the status a record is told as; `words` maps its states."""
    if standing.state == "on_hold" and standing.hold_reason == AWAITING_CALLER:
        return Status.PENDING.value
    if standing.state == "canceled" and standing.resolution_code == REJECTED:
        return Status.REJECTED.value
    return str(words.get(standing.state, Status.ACKNOWLEDGED))


def read_status(word: str, kind: Kind) -> Status | None:
    """Return the status a word, label or number means; None for what nobody knows."""
    numbers = _CASE_NUMBERS if kind is Kind.CASE else _INCIDENT_NUMBERS
    return numbers.get(word.strip()) or _STATUS_WORDS.get(squash(word))


def standing_for(status: Status, kind: Kind) -> Standing | None:
    """Return what a record must be for this status; None where its kind has no such state."""
    return (_CASE_STANDINGS if kind is Kind.CASE else _INCIDENT_STANDINGS).get(status)


def level_of(severity: str) -> int:
    """Return the priority 1 to 5 a severity asks for; unknown ones are Low (S8)."""
    digit = re.match(r"\s*([1-5])\s*(?:-.*)?\Z", severity, re.ASCII | re.DOTALL)
    return int(digit[1]) if digit else _LEVELS.get(squash(severity), LOW)


def weight_of(severity: str) -> Weight:
    """Return impact and urgency for a severity word or number."""
    return _WEIGHTS[level_of(severity)]


def severity_for(priority: int) -> str:
    """Return the severity of a ticket whose client never named one (tmf.md, trap 1)."""
    return str(priority)


def priority_words(label: str) -> str:
    """Return a priority label as tickets carry it: "1-Critical" becomes "1 - Critical"."""
    return re.sub(r"\A(\d)-", r"\1 - ", label)


def channel_of(words: list[str], options: Mapping[str, str], default: str) -> str:
    """Return the channel one of the words (id, then name) means."""
    for word in words:
        found = pick(word, options) or pick(_CHANNEL_SYNONYMS.get(squash(word), ""), options)
        if found:
            return found
    return default
