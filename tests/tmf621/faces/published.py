"""What TM Forum publishes about v5, and canonical tickets to translate."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tmf621.schemas import published_schema

PUBLISHED = Path(settings.BASE_DIR) / "tests/conformance/tmf621"
V5 = published_schema("v5")
SITE = "https://noc.example.net"
V4_PATH = "/tmf-api/troubleTicket/v4/troubleTicket"


def example(name: str) -> Any:
    """Return one of the example payloads."""
    return json.loads((PUBLISHED / "examples" / f"{name}.json").read_text())


def official_tickets() -> list[Any]:
    """Return every whole or partial ticket in TM Forum's own v5 examples."""
    path = PUBLISHED / "TMF621-TroubleTicket-v5.0.1.official-examples.json"
    bodies = [
        body
        for name, example in json.loads(path.read_text()).items()
        if "Specification" not in name
        for body in (example if isinstance(example, list) else [example])
    ]
    tickets = [body["event"]["troubleTicket"] if "event" in body else body for body in bodies]
    return [ticket for ticket in tickets if "op" not in ticket]


def check_v5(name: str, value: Any) -> None:
    """Hold a value against a definition of the published v5 schema."""
    _validator(name).validate(value)


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator({**V5, "$ref": f"#/$defs/{name}"})


WORDS = st.sampled_from(["a", "é", "a:b", "/", " x ", "Note"])
MOMENTS = st.sampled_from(["2024-02-24T08:32:52.114Z", "1999-12-31T23:59:59.000Z"])
STATUSES = st.sampled_from(["acknowledged", "rejected", "pending", "held", "inProgress", "closed"])
ANY_VALUE = WORDS | st.integers(-3, 3) | st.booleans() | st.lists(WORDS, max_size=2)


def objects(required: dict[str, Any], **optional: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Return objects with some optional members, and with one nobody has heard of."""
    return st.fixed_dictionaries(
        required, optional={**optional, "x-own": ANY_VALUE | st.dictionaries(WORDS, WORDS)}
    )


FLAT = {"name": WORDS, "href": WORDS, "@baseType": WORDS, "@schemaLocation": WORDS}
ENTITIES = objects(
    {"id": WORDS, "role": WORDS, "@referredType": WORDS},
    **FLAT,
    **{"@type": st.just("ServiceRef"), "@relation": st.fixed_dictionaries({"since": WORDS})},
)
PARTIES = objects(
    {"id": WORDS, "@referredType": st.sampled_from(["Party", "PartyRole", "Organization"])},
    role=WORDS,
    **FLAT,
    **{"@type": st.just("Own")},
)
NOTES = objects(
    {"text": WORDS, "@type": st.sampled_from(["comments", "work_notes", "Own"])},
    id=WORDS,
    author=WORDS,
    date=MOMENTS,
)
LINKS = objects(
    {"id": WORDS, "relationshipType": WORDS},
    href=st.sampled_from([f"{SITE}{V4_PATH}/7", f"https://ems.example{V4_PATH}/7", "x"]),
    name=WORDS,
)
CHANGES = objects({"status": STATUSES, "changeDate": MOMENTS}, changeReason=WORDS)
CHARACTERISTICS = objects(
    {"name": st.sampled_from(["colour", "size"]), "value": ANY_VALUE}, id=WORDS, valueType=WORDS
)
ATTACHMENTS = objects(
    {"attachmentType": WORDS, "mimeType": WORDS}, id=WORDS, name=WORDS, url=WORDS
) | st.fixed_dictionaries({"id": WORDS}, optional={"name": WORDS, "href": WORDS})
RESOURCES = objects(
    {
        "id": WORDS,
        "href": st.just(f"{SITE}{V4_PATH}/6f1c2a52"),
        "description": WORDS,
        "severity": WORDS,
        "ticketType": WORDS,
        "status": STATUSES,
        "statusChange": st.lists(CHANGES, max_size=2),
        "channel": objects({"id": WORDS}, name=WORDS),
        "note": st.lists(NOTES, max_size=2),
        "relatedEntity": st.lists(ENTITIES, max_size=2),
        "relatedParty": st.lists(PARTIES, max_size=2),
        "troubleTicketRelationship": st.lists(LINKS, max_size=2),
        "@type": WORDS,
    },
    name=WORDS,
    number=WORDS,
    stage=WORDS,
    priority=WORDS,
    externalId=WORDS,
    category=WORDS,
    subCategory=WORDS,
    creationDate=MOMENTS,
    attachment=st.lists(ATTACHMENTS, max_size=2),
    troubleTicketCharacteristic=st.lists(CHARACTERISTICS, min_size=1, max_size=2),
    troubleTicketSpecification=objects({"id": WORDS}, version=WORDS),
)
