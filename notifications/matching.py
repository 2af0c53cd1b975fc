"""Decide which events a query asks for; plain values, no database (R160, tmf.md §3.10, §4.2).

Queries are spelled like the ticket API's filters: `a=1&b=2` is and, `a=1,2` is or, dotted paths
lead inside. A subscriber's query is about the whole event; a topic's header query is about the
envelope and its content query about what is in `event`.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from tmf621.filtering import BadFilter, Filter, Part, matches, read_query, to_expression

Event = dict[str, Any]
CONTENT = "event"
# Cut the payload, and are no condition.
NO_CONDITIONS = ("fields",)


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition of a query, and whether an event meets it."""

    condition: str
    holds: bool


@lru_cache(maxsize=1024)
def compiled(query: str, content_query: str = "") -> Filter:
    """Return what the queries ask for, read once; `BadFilter` where one cannot be read."""
    head = read_query(_pairs(query), reserved=NO_CONDITIONS).parts
    inside = read_query(_pairs(content_query), reserved=()).parts
    return Filter(head + tuple(_within(part) for part in inside))


def wants(query: str, content_query: str, event: Event) -> bool:
    """Tell whether an event meets the queries; empty ones ask for everything."""
    return matches(compiled(query, content_query), event)


def reasons(query: str, content_query: str, event: Event) -> list[Reason]:
    """Return every condition of the queries with whether the event meets it."""
    return reasons_in(compiled(query, content_query), event)


def reasons_in(asked: Filter, event: Event) -> list[Reason]:
    """Return every condition that was read already with whether the event meets it."""
    return [Reason(to_expression(part), matches(part, event)) for part in asked.parts]


def fields_of(query: str) -> list[str]:
    """Return the attributes of the ticket a subscriber wants; none means all."""
    texts = [text for name, text in _pairs(query) if name == "fields"]
    return [field.strip() for text in texts for field in text.split(",") if field.strip()]


def _within(part: Part) -> Part:
    return part.with_paths({path[:1]: (CONTENT, *path[:1]) for path in part.paths()})


def _pairs(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=40, errors="strict")
    except ValueError as error:
        raise BadFilter("The query cannot be read: at most 40 conditions in UTF-8.") from error
