"""Every published example is taken as it stands, or told with at least the same content."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Account
from cmdb.models import ConfigurationItem
from tests.conformance.covering import uncovered, without
from tests.conformance.faces import (
    JSON,
    MERGE,
    PATCH,
    PUBLISHED,
    QUERY,
    STANDARD,
    V4,
    Face,
    Speaker,
)

# What an answer cannot repeat of an example, and why.
SERVER_OWNED = {
    "id",  # every ticket has its own
    "href",
    "creationDate",  # the clock's
    "lastUpdate",
    "statusChangeDate",
    "statusChange.changeDate",
    "statusChangeHistory.statusChangeDate",
}
NOT_TOLD = {
    "v4": {
        "expectedResolutionDate",  # psew promises no time the client has not named
        "note",  # the example's is a work note, and those never come back (R20)
        "relatedEntity.href",  # addresses of another system
        "relatedParty.href",
    },
    "v5": {
        "relatedEntity.entity.href",
        "relatedParty.partyOrPartyRole.href",
        "note.id",  # the example's own
        "note.date",
        "troubleTicketSpecification",  # a create request that names none gets none
    },
}
# What psew adds to a ticket depends on the site's network and groups.
SITES_OWN = {"svc-77", "grp-nc"}
PATCHES = {
    "v4": {"ticket-patch-status.request": JSON},
    "v5": {
        "ticket-patch.merge.request": MERGE,
        "ticket-patch.json-patch.request": PATCH,
        "ticket-patch.json-patch-query.request": QUERY,
    },
}
CHANGED = {
    "ticket-patch-status.request": {"status": "inProgress"},
    "ticket-patch.merge.request": {"status": "inProgress"},
    "ticket-patch.json-patch.request": {
        "severity": "Major",
        "note": [{"author": "ems-1", "text": "alarm severity lowered"}],
    },
    "ticket-patch.json-patch-query.request": {
        "troubleTicketCharacteristic": [{"name": "subCategory", "value": "Device Failure"}]
    },
}
ELSEWHERE = {
    "hub",  # subscriptions are no part of the ticket resource
    "event",  # events are held against their schemas where they are made
}


@pytest.fixture
def network(controller: ConfigurationItem, service: ConfigurationItem, funco: Account) -> None:
    """What the examples' references mean."""


def _told(example: dict[str, Any], face: Face) -> dict[str, Any]:
    """Return what of an example an answer must repeat."""
    kept = without(example, SERVER_OWNED | NOT_TOLD[face.name])
    for name in ("relatedEntity", "relatedParty"):
        kept[name] = [item for item in kept[name] if not _mentions(item, SITES_OWN)]
    return dict(kept)


def _mentions(item: dict[str, Any], ids: set[str]) -> bool:
    return any(f"'{one}'" in str(item) for one in ids)


@pytest.mark.parametrize("face", STANDARD, ids=str)
def test_the_create_example_is_taken_and_told(
    speak: Callable[[Face], Speaker], network: None, face: Face
) -> None:
    request = face.example("ticket-create.request")
    assert face.faults(face.create, request) == []
    answer = speak(face).post(request)
    assert answer.status_code == 201
    assert uncovered(_told(face.example("ticket.response"), face), answer.json()) == []


@pytest.mark.parametrize(
    ("face", "name"), [(face, name) for face in STANDARD for name in PATCHES[face.name]], ids=str
)
def test_the_patch_examples_are_taken(
    speak: Callable[[Face], Speaker], network: None, face: Face, name: str
) -> None:
    fms = speak(face)
    ticket = fms.post(face.example("ticket-create.request")).json()
    answer = fms.patch(ticket["id"], face.example(name), PATCHES[face.name][name])
    assert answer.status_code == 200
    assert uncovered(CHANGED[name], answer.json()) == []


@pytest.mark.parametrize("face", STANDARD, ids=str)
def test_errors_have_the_members_of_the_examples(
    speak: Callable[[Face], Speaker], face: Face
) -> None:
    fms = speak(face)
    ticket = fms.open()
    answers = {
        "error-400.response": fms.post({k: v for k, v in face.minimal.items() if k != "severity"}),
        "error-409.response": fms.patch(ticket["id"], {"status": "closed"}),
    }
    for name in _names(face) & set(answers):
        # Errors link no documentation page; what is wrong stands in the message.
        wanted = without(face.example(name), {"referenceError", "message"})
        assert uncovered(wanted, answers[name].json()) == []
        assert answers[name].json()["message"]


def _names(face: Face) -> set[str]:
    found = (PUBLISHED / "examples").glob(f"{face.name}-*.json")
    return {path.stem.removeprefix(f"{face.name}-") for path in found}


@pytest.mark.parametrize("face", STANDARD, ids=str)
def test_no_example_is_forgotten(face: Face) -> None:
    known = {"ticket-create.request", "ticket.response", *PATCHES[face.name]}
    left = {name for name in _names(face) - known if not name.startswith("error-")}
    assert {name.split("-")[0].split(".")[0] for name in left} <= ELSEWHERE


def test_v4_says_a_closed_ticket_allows_nothing(speak: Callable[[Face], Speaker]) -> None:
    fms = speak(V4)
    ticket_id = fms.open()["id"]
    for status in ("resolved", "closed"):
        fms.patch(ticket_id, {"status": status})
    answer = fms.patch(ticket_id, {"status": "inProgress"})
    assert answer.json()["message"].startswith(V4.example("error-409.response")["message"])
