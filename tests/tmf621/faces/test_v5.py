"""Canonical tickets in v5's shape, and back."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tmf621.faces.published import (
    RESOURCES,
    SITE,
    V4_PATH,
    check_v5,
    example,
    official_tickets,
)
from tmf621.faces import v5
from tmf621.patches import JSON_PATCH, JSON_PATCH_QUERY, MERGE, apply, changes
from tmf621.v4 import read_create

TICKET_EVENTS = [
    "attribute-value-change",
    "create",
    "delete",
    "information-required",
    "resolved",
    "status-change",
]
OFFICIAL = example("v5-ticket.response")
CREATE = example("v5-ticket-create.request")
CANONICAL = example("v4-ticket.response")


def present(body: dict[str, Any]) -> dict[str, Any]:
    """Return a lowered body as a create reads it: None is not there."""
    return {name: value for name, value in body.items() if value is not None}


def told_back(shown: dict[str, Any]) -> dict[str, Any]:
    """Return a shown body lowered, without the list that only v5 has."""
    lowered = present(v5.lower(shown))
    lowered.pop("externalIdentifier", None)
    return lowered


@given(RESOURCES)
def test_every_resource_comes_back_and_fits_the_schema(resource: dict[str, Any]) -> None:
    before = deepcopy(resource)
    shown = v5.show(resource)
    check_v5("TroubleTicket_RES", shown)
    assert told_back(shown) == resource == before


@given(RESOURCES, st.data())
def test_parts_are_translated_like_the_whole(resource: dict[str, Any], data: Any) -> None:
    # The address tells which links are this site's own, so it stays with the part.
    names = data.draw(st.sets(st.sampled_from(sorted(resource)))) | {"href"}
    part = {name: value for name, value in resource.items() if name in names}
    shown, whole = v5.show(part), v5.show(resource)
    mixed = {"troubleTicketCharacteristic"}
    assert all(shown[name] == whole[name] for name in shown.keys() - mixed)
    assert told_back(shown) == part


@pytest.mark.parametrize(
    "body",
    [OFFICIAL, CREATE, *official_tickets()]
    + [example(f"v5-event-{name}")["event"]["troubleTicket"] for name in TICKET_EVENTS],
)
def test_every_published_ticket_comes_back_as_it_was(body: dict[str, Any]) -> None:
    assert v5.show(present(v5.lower(body))) == body


def test_a_published_create_means_what_the_v4_one_means() -> None:
    lowered, sent = present(v5.lower_create(CREATE)), example("v4-ticket-create.request")
    apart = {"@type", "@baseType", "@schemaLocation", "note", "channel", "externalIdentifier"}
    assert {k: v for k, v in lowered.items() if k not in apart} == {
        k: v for k, v in sent.items() if k not in apart
    }
    assert lowered["note"] == [{**sent["note"][0], "@type": "comments"}]
    assert lowered["channel"] == {**sent["channel"], "@referredType": "Channel"}
    assert lowered["externalIdentifier"] == CREATE["externalIdentifier"]


def test_a_published_create_is_read_into_a_draft() -> None:
    draft = read_create(v5.lower_create(CREATE))
    assert (draft.external_id, draft.category, draft.sub_category) == (
        "ems-1:ALM-778201",
        "SD-WAN",
        "Protocol Failure",
    )
    assert [entity.id for entity in draft.entities or []] == ["b1a7c0de-0001"]
    assert [note.private for note in draft.notes] == [False]


def test_a_v4_ticket_is_shown_as_a_v5_one() -> None:
    shown = v5.show(CANONICAL)
    check_v5("TroubleTicket_RES", shown)
    assert shown["href"] == OFFICIAL["href"]
    assert shown["statusChangeHistory"] == OFFICIAL["statusChangeHistory"]
    assert shown["troubleTicketCharacteristic"] == OFFICIAL["troubleTicketCharacteristic"]
    assert shown["relatedParty"][1]["partyOrPartyRole"] == {
        "id": "grp-nc",
        "name": "Network Coordinators",
        "@type": "PartyRoleRef",
        "@referredType": "PartyRole",
    }
    assert not shown.keys() & {"externalId", "statusChange", "category", "subCategory"}


@pytest.mark.parametrize("kind", [MERGE, JSON_PATCH, JSON_PATCH_QUERY])
def test_every_published_patch_can_be_told_in_canonical_words(kind: str) -> None:
    shown = v5.show(CANONICAL)
    name = f"v5-ticket-patch.{kind}.request"
    told = present(v5.lower(changes(shown, apply(kind, shown, example(name)))))
    assert (
        told.keys()
        == {
            MERGE: {"@type", "status", "statusChangeReason"},
            JSON_PATCH: {"severity", "note"},
            JSON_PATCH_QUERY: {"category", "subCategory"},
        }[kind]
    )
    assert told.get("subCategory", "Device Failure") == "Device Failure"


def test_the_first_identifier_is_the_external_id() -> None:
    listed = [{"id": "ALM-1", "owner": "ems-1"}, {"id": "x"}]
    lowered = v5.lower({"externalIdentifier": listed})
    assert lowered == {"externalId": "ems-1:ALM-1", "externalIdentifier": listed}
    shown = v5.show(lowered)["externalIdentifier"]
    assert shown == [{**item, "@type": "ExternalIdentifier"} for item in listed]
    assert v5.show({**lowered, "externalId": "other"})["externalIdentifier"] == [
        {"@type": "ExternalIdentifier", "id": "other"}
    ]


@pytest.mark.parametrize("empty", [None, []])
def test_removed_identifiers_remove_the_external_id(empty: Any) -> None:
    assert v5.lower({"externalIdentifier": empty}) == {
        "externalId": None,
        "externalIdentifier": None,
    }


def test_outer_members_and_clashing_names_come_back() -> None:
    item = {
        "@type": "Dependency",
        "since": "2024",
        "role": "affectedCI",
        "entity": {"@type": "EntityRef", "id": "7", "role": "controller", "@relation": 1},
    }
    lowered = v5.lower({"relatedEntity": [item]})
    assert {k: lowered["relatedEntity"][0][k] for k in ("id", "role")} == {
        "id": "7",
        "role": "affectedCI",
    }
    assert v5.show(lowered)["relatedEntity"] == [item]


def test_what_is_flat_already_is_understood() -> None:
    flat = {"id": "ACC0000021", "role": "customer"}
    assert v5.lower({"relatedParty": [flat]}) == {"relatedParty": [flat]}


def test_a_characteristic_that_says_more_stays_and_follows_the_attribute() -> None:
    item = {"@type": "StringCharacteristic", "id": "c1", "name": "Sub-Category", "value": "A"}
    lowered = v5.lower({"troubleTicketCharacteristic": [item]})
    assert lowered["subCategory"] == "A"
    assert lowered["troubleTicketCharacteristic"][0].items() < item.items()
    shown = v5.show({**lowered, "subCategory": "B"})
    assert shown["troubleTicketCharacteristic"] == [{**item, "value": "B"}]


def test_an_empty_value_removes_a_category_and_an_empty_list_does_not() -> None:
    empty = {"name": "category", "value": ""}
    assert v5.lower({"troubleTicketCharacteristic": [empty]})["category"] == ""
    assert "category" not in v5.lower({"troubleTicketCharacteristic": []})


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("x", "String"),
        (True, "Boolean"),
        (7, "Integer"),
        (0.5, "Number"),
        ({}, "Object"),
        (["x"], "StringArray"),
        ([1], "IntegerArray"),
        (["x", 1], ""),
        (None, ""),
    ],
)
def test_a_characteristic_gets_the_type_of_its_value(value: Any, name: str) -> None:
    shown = v5.show({"troubleTicketCharacteristic": [{"name": "own", "value": value}]})
    assert shown["troubleTicketCharacteristic"][0]["@type"] == f"{name}Characteristic"
    check_v5("Characteristic", shown["troubleTicketCharacteristic"][0])


def test_attachments_say_what_they_are() -> None:
    shown = v5.show({"attachment": [{"id": "9"}, {"content": "aGk="}]})["attachment"]
    assert shown == [
        {"id": "9", "@type": "AttachmentRef"},
        {
            "content": "aGk=",
            "@type": "Attachment",
            "attachmentType": "unknown",
            "mimeType": "application/octet-stream",
        },
    ]
    named = {"id": "9", "@type": "Attachment", "attachmentType": "bill", "mimeType": "image/png"}
    assert v5.show(v5.lower({"attachment": [named]}))["attachment"] == [named]


def test_only_this_sites_own_addresses_change_their_version() -> None:
    links = [{"id": "7", "href": f"{site}{V4_PATH}/7"} for site in (SITE, "https://ems.example")]
    shown = v5.show({"href": f"{SITE}{V4_PATH}/6", "troubleTicketRelationship": links})
    assert shown["href"] == f"{SITE}{v5.PATH}/6"
    assert [link["href"] for link in shown["troubleTicketRelationship"]] == [
        f"{SITE}{v5.PATH}/7",
        f"https://ems.example{V4_PATH}/7",
    ]


@pytest.mark.parametrize(
    ("path", "leaf"),
    [
        ("relatedEntity.entity", ".id"),
        ("relatedParty.partyOrPartyRole", ".@referredType"),
        ("statusChangeHistory.statusChangeDate", ""),
        ("statusChangeHistory.statusChangeReason", ""),
        ("statusChangeHistory", ".status"),
    ],
)
def test_filter_paths_lead_to_the_same_in_both_shapes(path: str, leaf: str) -> None:
    def found(body: Any, dotted: str) -> Any:
        for name in dotted.split("."):
            body = (body[0] if isinstance(body, list) else body)[name]
        return body

    canonical = v5.FILTER_PATHS[path]
    assert found(v5.show(CANONICAL), path + leaf) == found(CANONICAL, canonical + leaf)
