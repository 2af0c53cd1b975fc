"""The examples inside TM Forum's v5.0.1 file are taken as they stand.

The file's answers do not follow from its requests (other notes, dates and parties), so what is
told is held against what was sent.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.covering import uncovered, without
from tests.conformance.faces import JSON, MERGE, PATCH, PUBLISHED, QUERY, V5, Face, Speaker

OFFICIAL = json.loads(
    (PUBLISHED / "TMF621-TroubleTicket-v5.0.1.official-examples.json").read_text()
)
CREATE = OFFICIAL["TroubleTicket_create_example_request"]
# psew numbers and dates the notes itself.
OWN = {"note.id", "note.date"}
PATCHES = "TroubleTicket_partialupdate_example_application_{}_request"


@pytest.fixture
def fms(speak: Callable[[Face], Speaker]) -> Speaker:
    return speak(V5)


@pytest.fixture
def ticket(fms: Speaker) -> dict[str, Any]:
    answer = fms.post(CREATE)
    assert answer.status_code == 201
    return dict(answer.json())


def test_the_create_example_is_told_as_it_was_sent(ticket: dict[str, Any]) -> None:
    assert uncovered(without(CREATE, OWN), ticket) == []


@pytest.mark.parametrize(("name", "kind"), [("json", JSON), ("merge_json", MERGE)])
def test_the_merge_examples_resolve_the_ticket(
    fms: Speaker, ticket: dict[str, Any], name: str, kind: str
) -> None:
    request = OFFICIAL[PATCHES.format(name)]
    answer = fms.patch(ticket["id"], request, kind)
    assert answer.status_code == 200
    assert uncovered(request, answer.json()) == []
    assert answer.json()["statusChangeHistory"][-1]["status"] == "resolved"


def test_the_json_patch_example_adds_its_note(fms: Speaker, ticket: dict[str, Any]) -> None:
    answer = fms.patch(ticket["id"], OFFICIAL[PATCHES.format("json_patch")], PATCH)
    assert (answer.status_code, answer.json()["severity"]) == (200, "Minor")
    texts = [note["text"] for note in answer.json()["note"]]
    assert texts == [
        CREATE["note"][0]["text"],
        "This is quite important, please approach me as soon as possible",
    ]


def test_the_query_patch_example_is_refused_for_its_misprint(
    fms: Speaker, ticket: dict[str, Any]
) -> None:
    request = OFFICIAL[PATCHES.format("json_patch_query")]
    answer = fms.patch(ticket["id"], request, QUERY)
    assert (answer.status_code, answer.json()["code"]) == (400, "24")
    assert "sererity" in answer.json()["message"]
    assert fms.get(f"/{ticket['id']}").json() == ticket


def test_the_filter_and_fields_example(fms: Speaker, ticket: dict[str, Any]) -> None:
    shown = OFFICIAL["TroubleTicket_list_with_filter_and_fields_example_response"][0]
    told = fms.client.get(f"{V5.url}?severity=Major&fields=name,priority").json()
    assert [set(each) for each in told] == [set(shown)]


def test_every_official_ticket_body_is_valid_by_the_schema_in_use() -> None:
    answers = [OFFICIAL[name] for name in OFFICIAL if name.startswith("TroubleTicket_")]
    tickets = [body for body in answers if isinstance(body, dict) and "ticketType" in body]
    assert len(tickets) >= 6
    for body in tickets:
        assert V5.faults("TroubleTicket", body) == []
