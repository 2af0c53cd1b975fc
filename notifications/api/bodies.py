"""Read what clients send about topics, events and subscriptions."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from notifications.callbacks import BadCallback, check_callback
from notifications.matching import compiled
from notifications.subscriptions import Asked
from notifications.topic_resources import ATTRIBUTES
from tmf621.errors import BadAttribute, BadBody, MissingAttribute
from tmf621.filtering import BadFilter
from tmf621.parsing import parse_moment

Body = dict[str, Any]
# Set here, and passed over where a client sends them.
OWNED = ("id", "href")
META = ("@type", "@baseType", "@schemaLocation")
LONGEST = {
    "name": 200,
    "headerQuery": 1000,
    "contentQuery": 1000,
    "namespace": 120,
    "externalId": 160,
    "description": 400,
}
SUBSCRIPTION = {"callback": 400, "query": 1000, "style": 8}
STYLES = ("exact", "listener")
# Event types and ids travel in headers and addresses.
_EVENT_TYPE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,79}\Z")
_EVENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:@+~-]{0,119}\Z")
_EVENT_TEXTS = ("correlationId", "description", "domain", "priority", "title", *META)
# Attribute → what each of its objects must have, as texts.
_REFERENCES = {"source": ("id",), "reportingSystem": ("id",)}
_LISTS = {"relatedParty": ("id", "@referredType"), "analyticCharacteristic": ("name",)}


def read_topic(body: Any) -> Body:
    """Return the fields of a new topic.

    Errors: the TMF errors of a missing name, of other than texts, of attributes no topic has and
    of queries nobody can read.
    """
    sent = _members(body, {*LONGEST, *META}, "topic")
    _check_type(sent, "Topic")
    said = _texts(sent, LONGEST)
    if not said.get("name", "").strip():
        raise MissingAttribute("name: this field is required.")
    for name in ("name", "namespace", "externalId"):
        if not said.get(name, "").isprintable():
            raise BadAttribute(f"{name}: this must be one line of printable characters.")
    for name in ("headerQuery", "contentQuery"):
        _check_query(name, said.get(name, ""))
    return {ATTRIBUTES[name]: text for name, text in said.items()}


def read_subscription(body: Any, *, needs_type: bool) -> Asked:
    """Return what a client asks a hub for; its callback is looked up on the way.

    Errors: the TMF errors of a missing or unusable callback, query or style.
    """
    sent = _members(body, {*SUBSCRIPTION, *META}, "subscription")
    if needs_type and "@type" not in sent:
        raise MissingAttribute("@type: this field is required.")
    _check_type(sent, "Hub")
    said = _texts(sent, SUBSCRIPTION)
    if not said.get("callback"):
        raise MissingAttribute("callback: this field is required.")
    asked = Asked(said["callback"], said.get("query", ""), said.get("style", STYLES[0]))
    if asked.style not in STYLES:
        raise BadAttribute(f"style: this is one of {', '.join(STYLES)}.")
    _check_query("query", asked.query)
    try:
        check_callback(asked.callback)
    except BadCallback as error:
        raise BadAttribute(f"callback: {error}") from error
    return asked


def read_event(body: Any) -> Body:
    """Return an event a client publishes, as it was sent (TMF688 v4, Event_Create).

    Errors: the TMF errors of what the published schema refuses, and of a type or an id that
    cannot travel in headers.
    """
    sent = _objects("The body", body)
    sent = {name: value for name, value in sent.items() if name not in OWNED and value is not None}
    if "eventType" not in sent:
        raise MissingAttribute("eventType: this field is required.")
    for name, pattern in (("eventType", _EVENT_TYPE), ("eventId", _EVENT_ID)):
        if name in sent and not pattern.match(_text(name, sent[name])):
            raise BadAttribute(f"{name}: letters, digits and a few signs, not more than a line.")
    for name in _EVENT_TEXTS:
        _text(name, sent.get(name, ""))
    for name in ("eventTime", "timeOcurred"):
        if name in sent and parse_moment(_text(name, sent[name])) is None:
            raise BadAttribute(f"{name}: this must be an RFC 3339 date-time with an offset.")
    for name, needed in _REFERENCES.items():
        if name in sent:
            _check_object(name, sent[name], needed)
    for name, each_needs in _LISTS.items():
        _check_list(name, sent.get(name, []), each_needs)
    if not isinstance(sent.setdefault("event", {}), dict):
        raise BadAttribute("event: this must be a JSON object.")
    return sent


def _members(body: Any, known: Collection[str], noun: str) -> Body:
    """Return the members that are there; what would be lost silently is refused."""
    sent = _objects("The body", body)
    for name in sent:
        if name not in known and name not in OWNED:
            raise BadAttribute(f"{name[:80]}: a {noun} has no such attribute.")
    return {name: value for name, value in sent.items() if name in known and value is not None}


def _objects(what: str, value: Any) -> Body:
    if not isinstance(value, dict):
        raise BadBody(f"{what} must be a JSON object.")
    return value


def _texts(sent: Body, longest: Mapping[str, int]) -> dict[str, str]:
    said = {name: _text(name, sent[name]) for name in longest if name in sent}
    for name, text in said.items():
        if len(text) > longest[name]:
            raise BadAttribute(f"{name}: at most {longest[name]} characters.")
    return said


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise BadAttribute(f"{name}: this must be a text.")
    return value


def _check_type(sent: Body, name: str) -> None:
    for meta in META:
        _text(meta, sent.get(meta, ""))
    if sent.get("@type", name) != name:
        raise BadAttribute(f"@type: this is {name}.")


def _check_query(name: str, query: str) -> None:
    try:
        compiled(query)
    except BadFilter as error:
        raise BadAttribute(f"{name}: {error}") from error


def _check_list(name: str, value: Any, needed: tuple[str, ...]) -> None:
    if not isinstance(value, list):
        raise BadAttribute(f"{name}: this must be an array.")
    for item in value:
        _check_object(name, item, needed)
        if name == "analyticCharacteristic" and "value" not in item:
            raise MissingAttribute(f"{name}.value: this field is required.")


def _check_object(name: str, value: Any, needed: tuple[str, ...]) -> None:
    if not isinstance(value, dict):
        raise BadAttribute(f"{name}: this must hold JSON objects.")
    for member in needed:
        if member not in value:
            raise MissingAttribute(f"{name}.{member}: this field is required.")
    for member in ("id", "href", "name", "role", "valueType", "@referredType", *META):
        _text(f"{name}.{member}", value.get(member, ""))
