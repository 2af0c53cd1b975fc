"""Ticket specifications of TMF621 v5."""

from typing import Any

import pytest

from core.models import Domain, User
from tests.conformance.faces import V5, Speaker
from tests.tmf621.conftest import Api
from tmf621.models import TicketSpecification

URL = "/tmf-api/troubleTicket/v5/troubleTicketSpecification"
SPEC = "CharacteristicSpecification"
BODY = {
    "@type": "TroubleTicketSpecification",
    "name": "SD-WAN incident",
    "lifecycleStatus": "active",
    "version": "1",
    "specCharacteristic": [
        {"@type": SPEC, "name": "site", "valueType": "string", "minCardinality": 1},
        {"@type": SPEC, "name": "rack", "valueType": "string", "minCardinality": 0},
    ],
}
QUERY = "application/json-patch-query+json"


class Specifications:
    """Speaks to the specifications' address and holds answers against the v5 schema."""

    def __init__(self, api: Api) -> None:
        self.client = api.client

    def send(self, method: str, path: str = "", body: Any = None, **more: Any) -> Any:
        kind = more.pop("content_type", "application/json")
        answer = getattr(self.client, method)(URL + path, body, content_type=kind, **more)
        if answer.status_code in (204, 304):
            return answer
        told = answer.json()
        schema = "TroubleTicketSpecification" if answer.status_code < 400 else "Error"
        for each in told if isinstance(told, list) else [told]:
            assert V5.faults(schema, each) == []
        return answer


@pytest.fixture
def keeper(ticket_admin: Api) -> Specifications:
    return Specifications(ticket_admin)


@pytest.fixture
def kept(keeper: Specifications) -> dict[str, Any]:
    return dict(keeper.send("post", body=BODY).json())


def test_a_specification_comes_back_as_sent(keeper: Specifications) -> None:
    answer = keeper.send("post", body=BODY)
    told = answer.json()
    assert answer.status_code == 201
    assert answer["Location"] == told["href"] == f"http://testserver{URL}/{told['id']}"
    assert {name: told[name] for name in BODY} == BODY
    assert keeper.send("get", f"/{told['id']}").json() == told
    assert keeper.client.get(told["href"] + "/").json() == told


def test_integrators_read_and_do_not_write(otto: Api, kept: dict[str, Any]) -> None:
    reader = Specifications(otto)
    assert reader.send("get", f"/{kept['id']}").json() == kept
    for answer in (
        reader.send("post", body=BODY),
        reader.send("patch", f"/{kept['id']}", {"version": "2"}),
        reader.send("delete", f"/{kept['id']}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "50")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": None}, "23"),
        ({"@type": None}, "23"),
        ({"name": 5}, "24"),
        ({"name": "  "}, "24"),
        ({"name": "x" * 161}, "24"),
        ({"specCharacteristic": {"name": "x"}}, "24"),
        ({"validFor": "always"}, "24"),
    ],
)
def test_bad_bodies_are_refused(keeper: Specifications, change: Any, code: str) -> None:
    answer = keeper.send("post", body={**BODY, **change})
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert keeper.send("get").json() == []


def test_lists_are_filtered_sorted_and_paged(keeper: Specifications) -> None:
    for name in ("b", "a", "c"):
        keeper.send("post", body={**BODY, "name": name, "version": name.upper()})
    assert [s["name"] for s in keeper.send("get").json()] == ["c", "a", "b"]
    assert [s["name"] for s in keeper.send("get", "?sort=name").json()] == ["a", "b", "c"]
    assert [s["name"] for s in keeper.send("get", "?version=A,B&sort=name").json()] == ["a", "b"]
    assert len(keeper.send("get", "?specCharacteristic.name=site").json()) == 3
    page = keeper.send("get", "?limit=1&offset=1&fields=name")
    assert (page.status_code, page["X-Total-Count"]) == (206, "3")
    assert set(page.json()[0]) == {"id", "href", "@type", "name"}
    assert keeper.send("get", "?bogus=1").status_code == 400


def test_every_patch_format_changes_one(keeper: Specifications, kept: dict[str, Any]) -> None:
    path = f"/{kept['id']}"
    assert keeper.send("patch", path, {"version": "2"}).json()["version"] == "2"
    body = [
        {"op": "replace", "path": "/specCharacteristic?name=rack", "value": {"minCardinality": 1}}
    ]
    told = keeper.send("patch", path, body, content_type=QUERY).json()
    assert [c["minCardinality"] for c in told["specCharacteristic"]] == [1, 1]
    assert told["lastUpdate"] >= kept["lastUpdate"]
    answer = keeper.send("patch", path, {"id": "mine"})
    assert (answer.status_code, answer.json()["code"]) == (400, "24")
    assert keeper.send("patch", path, {"name": None}).json()["code"] == "23"


def test_seen_versions_and_retries_hold_here_too(
    keeper: Specifications, kept: dict[str, Any]
) -> None:
    path = f"/{kept['id']}"
    tag = keeper.send("get", path)["ETag"]
    assert keeper.send("get", path, headers={"If-None-Match": tag}).status_code == 304
    stale = {"headers": {"If-Match": '"old"'}}
    assert keeper.send("patch", path, {"version": "2"}, **stale).status_code == 412
    assert keeper.send("delete", path, **stale).status_code == 412
    key = {"headers": {"Idempotency-Key": "s-1"}}
    first, again = (keeper.send("post", body=BODY, **key).json()["id"] for _ in range(2))
    assert first == again


def test_tickets_are_held_to_their_specification(
    speak: Any, keeper: Specifications, kept: dict[str, Any]
) -> None:
    fms: Speaker = speak(V5)
    reference = {"@type": "TroubleTicketSpecificationRef", "id": kept["id"]}
    answer = fms.post({**V5.minimal, "troubleTicketSpecification": reference})
    assert (answer.status_code, answer.json()["code"]) == (400, "23")
    assert "site" in answer.json()["message"]
    site = {"@type": "StringCharacteristic", "name": "site", "value": "Berlin"}
    ticket = fms.open(troubleTicketSpecification=reference, troubleTicketCharacteristic=[site])
    assert ticket["troubleTicketSpecification"]["id"] == kept["id"]
    found = fms.get(f"?troubleTicketSpecification.id={kept['id']}").json()
    assert [t["id"] for t in found] == [ticket["id"]]
    assert keeper.send("delete", f"/{kept['id']}").status_code == 409


def test_a_demanded_category_may_come_either_way(speak: Any, keeper: Specifications) -> None:
    demanded = {"@type": SPEC, "name": "Sub category", "valueType": "string", "minCardinality": 1}
    body = {**BODY, "specCharacteristic": [demanded]}
    kept = keeper.send("post", body=body).json()
    reference = {"@type": "TroubleTicketSpecificationRef", "id": kept["id"]}
    item = {"@type": "StringCharacteristic", "name": "subCategory", "value": "Device failure"}
    item["valueType"] = "string"
    named = {"troubleTicketSpecification": reference}
    assert speak(V5).post({**V5.minimal, **named}).status_code == 400
    speak(V5).open(**named, troubleTicketCharacteristic=[item])
    speak(V5).open(**named, subCategory="Device failure")


def test_other_tenants_keep_no_specification_alive(
    keeper: Specifications, kept: dict[str, Any], make_client: Any
) -> None:
    a, b = (Domain.objects.create(name=name, parent_id=1) for name in "AB")
    TicketSpecification.unscoped.update(domain=a)
    User.objects.filter(username="admin_client").update(domain=a)
    make_client("bert", domain=b).open(troubleTicketSpecification={"id": kept["id"]})
    assert keeper.send("delete", f"/{kept['id']}").status_code == 204


def test_unknown_specifications_are_echoed(speak: Any) -> None:
    reference = {"@type": "TroubleTicketSpecificationRef", "id": "sdwan-incident"}
    ticket = speak(V5).open(troubleTicketSpecification=reference)
    assert ticket["troubleTicketSpecification"]["id"] == "sdwan-incident"


def test_a_specification_can_be_forgotten(keeper: Specifications, kept: dict[str, Any]) -> None:
    assert keeper.send("delete", f"/{kept['id']}").status_code == 204
    assert keeper.send("get", f"/{kept['id']}").status_code == 404
    assert keeper.send("get", "/nobody").json()["code"] == "60"


def test_other_tenants_see_none(keeper: Specifications, kept: Any, make_client: Any) -> None:
    elsewhere = Domain.objects.create(name="B", parent_id=1)
    bert = Specifications(make_client("bert", domain=elsewhere))
    assert bert.send("get").json() == []
    assert bert.send("get", f"/{kept['id']}").status_code == 404
