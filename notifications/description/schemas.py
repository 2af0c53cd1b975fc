"""Schemas of events: the published ones, and the envelope and headers around them."""

import re
from collections.abc import Iterable
from typing import Any

from notifications.description.envelope import ENVELOPES, HEADERS
from notifications.description.messages import TMF688, Described, schema_name
from tmf621.description.definitions import definitions
from tmf621.schemas import published_schema

Schema = dict[str, Any]
_REFERENCE = re.compile(r"#/\$defs/(.+)")
_TOPIC_EVENT: Schema = {
    "type": "object",
    "properties": {
        "event": {
            "type": "object",
            "required": ["topic"],
            "properties": {"topic": {"type": "object", "required": ["id", "href", "name"]}},
        }
    },
}
_ANY_EVENT: Schema = {"type": "object", "properties": {"event": {"type": "object"}}}


def schemas(messages: Iterable[Described]) -> dict[str, Schema]:
    """Return name → schema of all that these messages refer to."""
    found: dict[str, Schema] = {**HEADERS}
    for message in messages:
        envelope = f"{message.shape}.Envelope"
        found[envelope] = ENVELOPES[message.shape]
        parts, more = _published(message)
        found |= more
        found[schema_name(message.event_type, message.shape)] = {
            "allOf": [{"$ref": f"#/components/schemas/{envelope}"}, *parts]
        }
    return dict(sorted(found.items()))


def _published(message: Described) -> tuple[list[Schema], dict[str, Schema]]:
    """Return what the standard says of an event type, and all that this refers to."""
    if message.shape == TMF688:
        return [_TOPIC_EVENT], {}
    # What psew adds to the ticket is in the definitions of its API.
    known = published_schema(message.shape)["$defs"] | definitions(message.shape)
    if message.event_type not in known:
        return [_ANY_EVENT], {}
    names = _reached(known, message.event_type)
    moved = {f"{message.shape}.{name}": _moved(known[name], message.shape) for name in names}
    return [{"$ref": f"#/components/schemas/{message.shape}.{message.event_type}"}], moved


def _reached(known: dict[str, Schema], root: str) -> set[str]:
    todo, seen = [root], set[str]()
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(_references(known[name]))
    return seen


def _references(node: Any) -> set[str]:
    if isinstance(node, dict):
        return {name for value in node.values() for name in _references(value)}
    if isinstance(node, list):
        return {name for item in node for name in _references(item)}
    match = _REFERENCE.fullmatch(node) if isinstance(node, str) else None
    return {match[1]} if match else set()


def _moved(node: Any, shape: str) -> Any:
    if isinstance(node, dict):
        return {key: _moved(value, shape) for key, value in node.items()}
    if isinstance(node, list):
        return [_moved(item, shape) for item in node]
    if not isinstance(node, str):
        return node
    return _REFERENCE.sub(rf"#/components/schemas/{shape}.\1", node)
