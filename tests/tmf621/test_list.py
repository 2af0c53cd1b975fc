"""Otto looks for tickets."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cmdb.models import ConfigurationItem
from core.models import Domain, SystemProperty
from tests.tmf621.conftest import Api
from tmf621.properties import DEFAULT_LIMIT, MAX_LIMIT, PARTIAL_CONTENT


@pytest.fixture
def ten(otto: Api) -> list[dict[str, Any]]:
    """Ten tickets, newest first, the odd ones cases."""
    kinds = ["incident", "case"] * 5
    return [otto.open(ticketType=kind, name=f"t{n}") for n, kind in enumerate(kinds)][::-1]


def _names(answer: Any) -> list[str]:
    return [ticket["name"] for ticket in answer.json()]


def test_the_newest_come_first(otto: Api, ten: list[dict[str, Any]]) -> None:
    answer = otto.get()
    assert (answer.status_code, answer.json()) == (200, ten)
    assert (answer["X-Total-Count"], answer["X-Result-Count"]) == ("10", "10")
    assert not answer.has_header("Content-Range")
    assert otto.get("/").json() == ten


def test_a_page_is_partial_content(otto: Api, ten: list[dict[str, Any]]) -> None:
    answer = otto.get("?limit=2&offset=2")
    assert (answer.status_code, answer.json()) == (206, ten[2:4])
    assert answer["Content-Range"] == "items 3-4"
    assert (answer["X-Total-Count"], answer["X-Result-Count"]) == ("10", "2")
    for relation in ("next", "prev", "first", "last", "self"):
        assert f'rel="{relation}"' in answer["Link"]


def test_a_site_may_pin_200(otto: Api, ten: list[dict[str, Any]]) -> None:
    name = "psew.tmf621.partial_content"
    SystemProperty.objects.filter(name=name).update(value="false")
    assert otto.get("?limit=2").status_code == 200


def test_a_domain_has_pages_of_its_own(make_client: Callable[..., Api]) -> None:
    domain = Domain.objects.create(name="A", parent_id=1)
    client, other = make_client("a", domain=domain), make_client("b")
    values = {DEFAULT_LIMIT: "1", MAX_LIMIT: "2", PARTIAL_CONTENT: "false"}
    for prop, value in values.items():
        SystemProperty.objects.create(name=prop.name, domain=domain, value=value)
    for _ in range(3):
        client.open()
    assert len(client.get().json()) == 1
    answer = client.get("?limit=3")
    assert (answer.status_code, len(answer.json())) == (200, 2)
    assert len(other.get().json()) == 3
    assert other.get("?limit=2").status_code == 206


def test_a_page_that_holds_all_is_whole(otto: Api, ten: list[dict[str, Any]]) -> None:
    assert otto.get("?limit=10").status_code == 200


def test_the_first_page_without_a_limit_is_200(otto: Api) -> None:
    for _ in range(27):
        otto.open()
    answer = otto.get()
    assert (answer.status_code, len(answer.json())) == (200, 25)


def test_links_lead_through_all_tickets(otto: Api, ten: list[dict[str, Any]]) -> None:
    seen, path = [], "?limit=3&sort=creationDate"
    while path:
        answer = otto.get(path)
        seen += answer.json()
        nexts = [p for p in answer["Link"].split(", ") if p.endswith('rel="next"')]
        path = "?" + nexts[0].split("?")[1].split(">")[0] if nexts else ""
    assert seen == ten[::-1]


def test_a_large_limit_is_capped(otto: Api, ten: list[dict[str, Any]]) -> None:
    assert otto.get("?limit=1000").status_code == 200
    assert "limit=100&" in otto.get("?limit=1000&offset=1")["Link"] + "&"


def test_beyond_the_end_is_empty(otto: Api, ten: list[dict[str, Any]]) -> None:
    answer = otto.get("?offset=50")
    assert (answer.status_code, answer.json(), answer["X-Total-Count"]) == (200, [], "10")


def test_fields_choose_exactly(otto: Api, ten: list[dict[str, Any]]) -> None:
    assert all(set(t) == {"id", "href", "name"} for t in otto.get("?fields=name,bogus").json())
    assert all(set(t) == {"id", "href"} for t in otto.get("?fields=none").json())
    assert all(set(t) == {"id", "href", "name"} for t in otto.get("?fields=name&fields=id").json())
    one = otto.get(f"/{ten[0]['id']}?fields=id,name,bogus").json()
    assert set(one) == {"id", "name"}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?ticketType=Case", ["t1"]),
        ("?ticketType=incident,case", ["t1", "t0"]),
        ("?ticketType=incident&severity=1", ["t0"]),
        ("?severity=1;3", ["t1", "t0"]),
        ("?severity=1&severity=3", ["t1", "t0"]),
        ("?status=inProgress", ["t1"]),
        ("?status.eq=acknowledged", ["t0"]),
        ("?externalId=ems:0", ["t0"]),
        ("?name=t1", ["t1"]),
        ("?priority=1%20-%20Critical", ["t0"]),
        ("?priority=10", []),
        ("?category=SD-WAN", ["t0"]),
        ("?subCategory=device_failure", []),
        ("?channel.name=Monitoring", ["t0"]),
        ("?relatedEntity.id=b1a7c0de-0001", ["t0"]),
        ("?relatedEntity.name=vManage_10001", ["t0"]),
        ("?relatedParty.id=nobody", []),
        ("?id=nobody", []),
        ("?creationDate.gt=2020-01-01T00:00:00Z", ["t1", "t0"]),
        ("?creationDate.lt=2020-01-01T00:00:00Z", []),
        ("?creationDate>2020-01-01T00:00:00Z", ["t1", "t0"]),
        ("?creationDate>=2020-01-01T00:00:00Z", ["t1", "t0"]),
        ("?creationDate%3C2020-01-01T00:00:00Z", []),
        ("?resolutionDate.gt=2020-01-01T00:00:00Z", []),
        ("?sort=creationDate", ["t0", "t1"]),
        ("?sort=-lastUpdate", ["t1", "t0"]),
    ],
)
def test_filters(otto: Api, controller: ConfigurationItem, query: str, names: list[str]) -> None:
    otto.open(
        name="t0",
        severity="1",
        externalId="ems:0",
        category="SD-WAN",
        channel={"id": "monitoring"},
        relatedEntity=[{"id": controller.external_id}],
    )
    otto.open(name="t1", severity="3", ticketType="Case", status="in progress")
    answer = otto.get(query)
    assert (_names(answer), answer["X-Total-Count"]) == (names, str(len(names)))


def test_a_told_moment_finds_its_ticket(otto: Api) -> None:
    ticket = otto.open()
    told = ticket["creationDate"]
    for operator, count in (("", 1), (".gte", 1), (".lte", 1), (".gt", 0), (".lt", 0)):
        assert len(otto.get(f"?creationDate{operator}={told}").json()) == count


@pytest.mark.parametrize(
    "query",
    [
        "?bogus=1",
        "?note.txt=hi",
        "?name.ne=t0",
        "?creationDate.before=2020-01-01T00:00:00Z",
        "?statusChange.reason=x",
        "?name.regex=(a%2B)%2B",
        "?name__startswith=t",
        "?created_by__password__startswith=a",
        "?_connector=OR",
        "?limit=-1",
        "?limit=ten",
        "?limit=" + "9" * 30,
        "?offset=9223372036854775808",
        "?offset=10001",
        "?sort=password",
        "?sort=-",
        "?status=foo",
        "?name=a%00b",
        "?name=" + "a" * 500,
        "?name=" + "a," * 60,
        "?name=",
        "?creationDate.gt=yesterday",
        "?creationDate.gt=2024-01-01T00:00:00",
        "?%00=1",
        "?" + "&".join(f"a{n}=1" for n in range(30)),
    ],
)
def test_a_bad_query_is_refused(otto: Api, query: str) -> None:
    answer = otto.get(query)
    assert (answer.status_code, answer.json()["code"]) == (400, "28")


def test_the_cost_is_the_same_for_any_length(
    otto: Api, make_client: Callable[..., Api], controller: ConfigurationItem
) -> None:
    def make(kind: str) -> None:
        entity = [{"id": controller.name}]
        otto.open(ticketType=kind, note=[{"text": "hi"}], relatedEntity=entity, category="SD-WAN")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert otto.get("?limit=100").status_code == 200
        return len(queries)

    for kind in ("incident", "case"):
        make(kind)
    few = cost()
    for _ in range(15):
        make("incident")
        make("case")
    assert cost() == few
