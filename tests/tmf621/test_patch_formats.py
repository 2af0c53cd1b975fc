"""Every patch format ends in the same change (tmf.md §3.7)."""

from datetime import datetime
from typing import Any

import pytest

from accounts.models import Account
from cmdb.models import ConfigurationItem
from core.actor import SYSTEM
from core.models import DomainEvent
from incidents.actions import add_comment
from tests.tmf621.conftest import Api, incident_of
from tmf621.models import StatusTransition
from tmf621.shapes import MAX_ITEMS

PATCH = "application/json-patch+json"
QUERY = "application/json-patch-query+json"


def _ops(*operations: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [
        {"op": op, "path": path, **({"value": value[0]} if value else {})}
        for op, path, *value in operations
    ]


def test_operations_are_done_together(otto: Api) -> None:
    ticket = otto.open(site={"city": "Berlin"})
    body = _ops(
        ("test", "/status", "acknowledged"),
        ("replace", "/severity", "1"),
        ("add", "/site/rack", 12),
        ("replace", "/status", "inProgress"),
        ("add", "/statusChangeReason", "on it"),
        ("add", "/note/-", {"text": "seen"}),
    )
    told = otto.patch(ticket["id"], body, content_type=PATCH).json()
    assert (told["severity"], told["status"]) == ("1", "inProgress")
    assert told["site"] == {"city": "Berlin", "rack": 12}
    assert told["statusChange"][-1]["changeReason"] == "on it"
    assert [note["text"] for note in told["note"]] == ["seen"]


def test_one_failing_operation_undoes_all(otto: Api) -> None:
    ticket = otto.open()
    for last, status, code in (
        (("test", "/status", "held"), 409, "71"),
        (("remove", "/bogus"), 400, "24"),
        (("frob", "/name", 1), 400, "22"),
    ):
        answer = otto.patch(ticket["id"], _ops(("replace", "/name", "x"), last), content_type=PATCH)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert otto.get(f"/{ticket['id']}").json() == ticket


def test_a_query_picks_elements(otto: Api) -> None:
    entities = [{"id": "a", "role": "x"}, {"id": "b", "role": "y"}]
    ticket = otto.open(relatedEntity=entities)
    body = _ops(("replace", "/relatedEntity?id=b", {"role": "z"}))
    told = otto.patch(ticket["id"], body, content_type=QUERY).json()
    assert [(e["id"], e["role"]) for e in told["relatedEntity"]] == [("a", "x"), ("b", "z")]
    told = otto.patch(
        ticket["id"], _ops(("remove", "/relatedEntity?id=a")), content_type=QUERY
    ).json()
    assert [e["id"] for e in told["relatedEntity"]] == ["b"]


def test_what_psew_adds_itself_is_not_frozen(
    otto: Api, controller: ConfigurationItem, funco: Account
) -> None:
    """A client that sends a list back owns only what it sent."""
    party = {"id": funco.number, "role": "customer", "@referredType": "Organization"}
    ticket = otto.open(relatedEntity=[{"id": controller.name}], relatedParty=[party])
    incident = incident_of(ticket)
    body = _ops(("add", "/relatedEntity/-", {"id": "rack-7", "role": "location"}))
    told = otto.patch(ticket["id"], body, content_type=PATCH).json()
    assert [e["id"] for e in told["relatedEntity"]] == [controller.name, "rack-7"]
    assert incident.ticket_facts.extra["relatedEntity"][0]["id"] == controller.name
    assert incident_of(ticket).service is None


def test_notes_are_never_removed(otto: Api) -> None:
    ticket = otto.open(note=[{"text": "first"}])
    for path in ("/note/0", "/note"):
        answer = otto.patch(ticket["id"], _ops(("remove", path)), content_type=PATCH)
        assert (answer.status_code, answer.json()["code"]) == (400, "24")
    answer = otto.patch(
        ticket["id"], _ops(("replace", "/note/0/text", "corrected")), content_type=PATCH
    )
    assert [note["text"] for note in answer.json()["note"]] == ["first", "corrected"]


def test_the_same_reason_again_is_a_reason(otto: Api) -> None:
    ticket = otto.open()
    for status in ("pending", "held"):
        body = _ops(("replace", "/status", status), ("add", "/statusChangeReason", "why"))
        told = otto.patch(ticket["id"], body, content_type=PATCH).json()
        assert told["statusChange"][-1]["changeReason"] == "why"
    told = otto.patch(ticket["id"], {"status": "inProgress"}).json()
    assert "changeReason" not in told["statusChange"][-1]


def test_a_patch_without_operations_changes_nothing(otto: Api) -> None:
    ticket = otto.open()
    before = DomainEvent.objects.count()
    assert otto.patch(ticket["id"], [], content_type=PATCH).json() == ticket
    assert otto.patch(ticket["id"], {}).json() == ticket
    assert DomainEvent.objects.count() == before


def test_attachments_are_added_and_their_content_comes_back(otto: Api) -> None:
    sent = {"name": "a.txt", "mimeType": "text/plain", "content": "aGVsbG8="}
    ticket = otto.open(attachment=[sent])
    (attachment,) = ticket["attachment"]
    assert {k: attachment[k] for k in sent} == sent
    (listed,) = otto.get().json()
    assert "content" not in listed["attachment"][0]
    fresh = {"attachment": [{"id": "b", "url": "https://files.example/b"}]}
    told = otto.patch(ticket["id"], fresh).json()
    assert [a["id"] for a in told["attachment"]] == [attachment["id"], "b"]
    again = otto.patch(ticket["id"], {"attachment": told["attachment"]}).json()
    assert again["attachment"] == told["attachment"]
    many = [{"id": f"n{n}"} for n in range(99)]
    assert otto.patch(ticket["id"], {"attachment": many}).status_code == 400


@pytest.mark.parametrize("kind", ["incident", "case"])
def test_a_site_decides_which_statuses_follow(otto: Api, kind: str) -> None:
    ticket = otto.open(ticketType=kind)
    row = StatusTransition.objects.filter(source="acknowledged", target="resolved")
    row.update(active=False)
    answer = otto.patch(ticket["id"], {"status": "resolved"})
    assert (answer.status_code, answer.json()["code"]) == (409, "70")
    assert "resolved" not in answer.json()["message"].split("allowed:")[1]
    row.update(active=True)
    assert otto.patch(ticket["id"], {"status": "resolved"}).status_code == 200


def test_a_long_talk_takes_one_more_note(otto: Api, now: datetime) -> None:
    ticket = otto.open()
    for n in range(MAX_ITEMS + 1):
        add_comment(incident_id=incident_of(ticket).pk, text=f"t{n}", by=SYSTEM, now=now)
    body = _ops(("add", "/note/-", {"text": "one more"}))
    answer = otto.patch(ticket["id"], body, content_type=PATCH)
    assert answer.status_code == 200
    assert [note["text"] for note in answer.json()["note"]][-1] == "one more"
    notes = [*answer.json()["note"], {"text": "and another"}]
    told = otto.patch(ticket["id"], {"note": notes}).json()
    assert len(told["note"]) == MAX_ITEMS + 3


@pytest.mark.parametrize("value", [{"a": 1}, [1], None])
def test_a_notes_id_stays(otto: Api, value: Any) -> None:
    ticket = otto.open(note=[{"text": "seen"}])
    body = _ops(("replace", "/note/0/id", value))
    answer = otto.patch(ticket["id"], body, content_type=PATCH)
    assert (answer.status_code, answer.json()["code"]) == (400, "24")
    assert otto.get(f"/{ticket['id']}").json() == ticket
