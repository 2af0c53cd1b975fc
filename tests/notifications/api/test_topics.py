"""Topics of TMF688 v4."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import Domain
from notifications.models import StagedEvent, Subscriber, Topic
from notifications.names import TOPIC_CREATE, TOPIC_DELETE
from tests.conformance.covering import uncovered, without
from tests.notifications.api.conftest import BASE, TOPIC_CLIENT, Machine, example, faults

pytestmark = pytest.mark.django_db
URL = f"{BASE}/topic"
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def test_the_example_is_taken_and_told(bus_client: Machine) -> None:
    request = example("tmf688-topic.request")
    assert faults("Topic_Create", request) == []
    answer = bus_client.post(URL, request)
    told = answer.json()
    assert answer.status_code == 201
    assert faults("Topic", told) == []
    assert uncovered(without(example("tmf688-topic.response"), {"id", "href"}), told) == []
    assert answer["Location"] == told["href"] == f"http://testserver{URL}/{told['id']}"
    assert bus_client.get(told["href"]).json() == told
    assert bus_client.get(told["href"] + "/").json() == told


def test_a_topic_gets_a_line_per_bus_and_is_told(bus_client: Machine) -> None:
    told = bus_client.topic()
    topic = Topic.objects.get(uid=told["id"])
    assert (topic.type, topic.user_created) == ("egress", False)
    assert set(topic.lines.values_list("transport", flat=True)) == {"hermes", "open_bus"}
    staged = StagedEvent.objects.get(ticket_uid=topic.uid)
    assert staged.event_type == TOPIC_CREATE
    assert staged.snapshot["topic"]["name"] == "Tickets"


def test_a_deleted_topic_is_gone_and_told(bus_client: Machine) -> None:
    told = bus_client.topic()
    assert bus_client.delete(told["href"]).status_code == 204
    assert bus_client.delete(told["href"]).json()["code"] == "60"
    assert bus_client.get(told["href"]).status_code == 404
    assert not Subscriber.objects.exists()
    kinds = StagedEvent.objects.order_by("sequence").values_list("event_type", flat=True)
    assert list(kinds) == [TOPIC_CREATE, TOPIC_DELETE]


@pytest.mark.parametrize("method", ["PATCH", "PUT", "POST"])
def test_topics_are_not_patched(bus_client: Machine, method: str) -> None:
    answer = bus_client.send(method, bus_client.topic()["href"], {"name": "other"})
    assert (answer.status_code, answer.json()["code"]) == (405, "61")
    assert set(answer["Allow"].split(", ")) == {"GET", "HEAD", "DELETE"}
    assert Topic.objects.get().name == "Tickets"


def test_lists_are_filtered_sorted_cut_and_paged(bus_client: Machine) -> None:
    made = {name: bus_client.topic(name, namespace=name * 2) for name in ("b", "a", "c")}
    assert [t["name"] for t in bus_client.get(URL).json()] == ["c", "a", "b"]
    assert [t["name"] for t in bus_client.get(f"{URL}?sort=name").json()] == ["a", "b", "c"]
    assert [t["name"] for t in bus_client.get(f"{URL}?namespace=aa,bb&sort=-name").json()] == [
        "b",
        "a",
    ]
    assert bus_client.get(f"{URL}?id={made['a']['id']}").json() == [made["a"]]
    assert bus_client.get(f"{URL}?href={made['a']['href']}").json() == [made["a"]]
    page = bus_client.get(f"{URL}?sort=name&limit=1&offset=1&fields=name")
    assert (page.status_code, page["X-Total-Count"]) == (206, "3")
    assert page["Content-Range"] == "items 2-2"
    told = {"id": made["b"]["id"], "href": made["b"]["href"], "name": "b"}
    assert page.json() == [told]


def test_cursors_lead_through_the_list(bus_client: Machine) -> None:
    for number in range(3):
        bus_client.topic(f"t{number}")
    seen, url = [], f"{URL}?after=&limit=2"
    while url:
        answer = bus_client.get(url)
        seen += [told["name"] for told in answer.json()]
        links = [part for part in answer["Link"].split(", <") if part.endswith('"next"')]
        url = links[0].split(">")[0].lstrip("<") if links else ""
    assert seen == ["t2", "t1", "t0"]


@pytest.mark.parametrize(
    "query",
    ["bogus=1", "name.regex=a", "name>a", "lines.client=x", "domain__name=x", "name=%00"]
    + ["limit=-1", "sort=password", "after=x", "user_created=1", "href.x=1", "=1"],
)
def test_bad_queries_are_refused(bus_client: Machine, query: str) -> None:
    answer = bus_client.get(f"{URL}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "28")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "21"),
        ([], "22"),
        ("text", "22"),
        (b'{"name": "a", "name": "b"}', "22"),
        ({}, "23"),
        ({"name": None}, "23"),
        ({"name": "  "}, "23"),
        ({"name": 5}, "24"),
        ({"name": "x" * 201}, "24"),
        ({"name": "a\nb"}, "24"),
        ({"name": "a", "headerQuery": "x" * 1001}, "24"),
        ({"name": "a", "headerQuery": "a=(&=1"}, "24"),
        ({"name": "a", "contentQuery": "troubleTicket.name.regex=("}, "24"),
        ({"name": "a", "contentQuery": {"troubleTicket": 1}}, "24"),
        ({"name": "a", "headerQuery": "&".join(f"n{n}=1" for n in range(41))}, "24"),
        ({"name": "a", "domain": "B"}, "24"),
        ({"name": "a", "user_created": True}, "24"),
        ({"name": "a", "@type": "Subscriber"}, "24"),
        ({"name": "a", "@baseType": 1}, "24"),
    ],
)
def test_bad_bodies_are_refused(bus_client: Machine, body: object, code: str) -> None:
    answer = bus_client.post(URL, body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Topic.objects.exists()


def test_the_longest_queries_fit_in_any_script(bus_client: Machine) -> None:
    query = "eventType=" + "\U0001d11e" * 290
    made = bus_client.topic("\u4e16" * 200, headerQuery=query, contentQuery=query)
    assert made["headerQuery"] == query
    again = {"name": "\u4e16" * 200, "headerQuery": query, "contentQuery": query}
    assert bus_client.post(URL, again).status_code == 409


def test_the_same_topic_or_external_id_is_a_conflict(bus_client: Machine) -> None:
    bus_client.topic("a", headerQuery="eventType=x", externalId="ext")
    for body in (
        {"name": "a", "headerQuery": "eventType=x"},
        {"name": "b", "externalId": "ext"},
    ):
        answer = bus_client.post(URL, body)
        assert (answer.status_code, answer.json()["code"]) == (409, "71")
    bus_client.topic("a", headerQuery="eventType=y")
    assert Topic.objects.count() == 2


def test_a_repeated_request_is_answered_as_before(bus_client: Machine) -> None:
    headers = {"Idempotency-Key": "k1"}
    first = bus_client.post(URL, {"name": "a"}, headers=headers)
    again = bus_client.post(URL, {"name": "a"}, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert Topic.objects.count() == 1


@pytest.mark.parametrize("key", ["x", UNKNOWN, "%00", "..%2f", "1 or 1=1", "%F0%28"])
def test_unknown_ids_are_not_there(bus_client: Machine, key: str) -> None:
    for path in (key, f"{key}/event", f"{key}/hub", f"{key}/event/x", f"{key}/hub/x"):
        assert bus_client.get(f"{URL}/{path}").status_code == 404


def test_tenants_see_their_own_topics(
    make_machine: Callable[..., Machine], domains: tuple[Domain, Domain], bus_client: Machine
) -> None:
    anna = make_machine("anna", TOPIC_CLIENT, domain=domains[0])
    bert = make_machine("bert", TOPIC_CLIENT, domain=domains[1])
    told = anna.topic("a")
    assert bert.get(URL).json() == []
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/event"), ("GET", "/hub")):
        assert bert.send(method, told["href"] + path).status_code == 404
    assert bert.post(told["href"] + "/event", {"eventType": "X"}).status_code == 404
    assert bert.topic("a")["id"] != told["id"]
    assert len(bus_client.get(URL).json()) == 2


def test_statements_do_not_grow_with_topics(bus_client: Machine) -> None:
    counts = []
    for number in range(6):
        bus_client.topic(f"t{number}")
        if number in (0, 5):
            with CaptureQueriesContext(connection) as seen:
                assert len(bus_client.get(URL).json()) == number + 1
            counts.append(len(seen))
    assert counts[0] == counts[1]
